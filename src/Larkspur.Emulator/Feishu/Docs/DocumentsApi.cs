using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Feishu.Docs;

/// <summary>Documents as a whole, and their blocks for readers.</summary>
/// <remarks>Only the newest revision can be read. Folders are not played: what an app makes lies in its own space.</remarks>
internal sealed class DocumentsApi(EmulatorState state) : IApiArea
{
    /// <summary>Documented for raw_content; that the list of blocks has it too is UNVERIFIED.</summary>
    private const long LongestText = 10_485_760;

    public void Register(ApiHandlers on)
    {
        on.Add("docx.v1.document.create", Create);
        on.Add("docx.v1.document.get", r => FeishuAnswer.Data(new JsonObject { ["document"] = BlockView.Show(DocumentAccess.Readable(state, r)) }));
        on.Add("docx.v1.document.raw_content", r => FeishuAnswer.Data(new JsonObject { ["content"] = Bounded(r).PlainText() }));
        on.Add("docx.v1.document.block.list", r => Page(r, Bounded(r).InOrder()));
        on.Add("docx.v1.document.block.get", r => FeishuAnswer.Data(new JsonObject { ["block"] = BlockView.Show(One(r, DocumentAccess.Readable(state, r))) }));
        on.Add("docx.v1.document.block.children.get", Children);
    }

    private ApiAnswer Create(ApiRequest request)
    {
        if (request.Text("folder_token") is { Length: > 0 }) throw request.Refuse(1770039);
        var document = CloudDocument.Empty(NewToken(), request.Text("title") ?? "", DocumentAccess.Caller(request), state.Clock.GetUtcNow());
        // Of the documented codes for "no room" it is the nearest.
        if (!state.Put(document)) throw request.Refuse(1770037);
        return FeishuAnswer.Data(new JsonObject { ["document"] = BlockView.Show(document) });
    }

    private ApiAnswer Children(ApiRequest request)
    {
        var document = DocumentAccess.Readable(state, request);
        var parent = One(request, document);
        return Page(request, request.QueryText("with_descendants") is "true" or "True" or "1"
            ? document.Under(parent.BlockId).Skip(1)
            : parent.Children.Select(c => document.Blocks[c]));
    }

    private static ApiAnswer Page(ApiRequest request, IEnumerable<DocumentBlock> blocks)
    {
        var revision = request.QueryInt("document_revision_id", -1);
        if (revision != -1) throw request.Refuse(1770021);
        return FeishuAnswer.Data(Paging.Page(request, [.. blocks], BlockView.Show, 500, badToken: 1770022));
    }

    private CloudDocument Bounded(ApiRequest request)
    {
        var document = DocumentAccess.Readable(state, request);
        return document.TextLength <= LongestText ? document : throw request.Refuse(1770033);
    }

    private static DocumentBlock One(ApiRequest request, CloudDocument document) => document.Blocks.GetValueOrDefault(request.Path["block_id"]) ?? throw request.Refuse(1770002);

    /// <summary>27 letters and digits, like the platform's.</summary>
    private string NewToken() => state.Ids.Next("Dx")[..27];
}
