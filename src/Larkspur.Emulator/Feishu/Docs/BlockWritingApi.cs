using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Feishu.Docs;

/// <summary>New blocks under a block: a flat list (50 at most), or trees whose parts the caller names (1,000 at most).</summary>
/// <remarks>A call with a <c>client_token</c> has its effect once; for how long the platform remembers is UNVERIFIED, here it is an hour.</remarks>
internal sealed class BlockWritingApi(EmulatorState state, IdempotencyKeys done, RateLimiter limiter) : IApiArea
{
    private const int MostBlocks = 20_000;
    private const int MostChildren = 10_000;
    private const int Deepest = 20;
    private const long MostText = 64L << 20;
    private const int EditsPerSecond = 3;

    public void Register(ApiHandlers on)
    {
        on.Add("docx.v1.document.block.children.create", r => Once(r, () => Create(r)));
        on.Add("docx.v1.document.block.descendant.create", r => Once(r, () => CreateTrees(r)));
    }

    private ApiAnswer Create(ApiRequest request)
    {
        var given = (request.Body["children"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        if (given.Length == 0) throw request.Refuse(1770001);
        // A table's cells come with it, each with an empty line; by itself a cell cannot be made.
        var blocks = given.Select(b => BlockReader.TypeOf(b) switch
        {
            BlockTypes.TableCell => throw request.Refuse(1770029),
            BlockTypes.Table => BlockReader.Read(request, b, Cells(request, b)),
            _ => BlockReader.Read(request, b, []),
        }).ToArray();
        var (document, ids) = Insert(request, blocks, null);
        return Answer(request, document, ids, null);
    }

    private static ImmutableArray<NewBlock> Cells(ApiRequest request, JsonObject table)
    {
        var (rows, columns) = BlockReader.Size(request, table);
        return [.. Enumerable.Range(0, rows * columns).Select(_ => DocumentLines.Cell(""))];
    }

    private ApiAnswer CreateTrees(ApiRequest request)
    {
        var tree = new RequestedBlocks(request, (request.Body["descendants"] as JsonArray ?? []).OfType<JsonObject>(), Deepest);
        var blocks = tree.Take(request.Texts("children_id"));
        var relations = new Dictionary<string, string>(StringComparer.Ordinal);
        var (document, ids) = Insert(request, blocks, relations);
        return Answer(request, document, ids, relations);
    }

    private (CloudDocument Document, ImmutableArray<string> Ids) Insert(ApiRequest request, IReadOnlyList<NewBlock> blocks, Dictionary<string, string>? relations)
    {
        DocumentAccess.Writable(state, request);
        if (!limiter.TryPass("docx/" + request.Path["document_id"], EditsPerSecond)) throw new ApiRefusedException(429, 99991400, "too many edits of this document");
        if (state.Documents.Sum(d => d.TextLength) + blocks.Sum(b => b.TextLength) > MostText) throw request.Refuse(1770033);
        ImmutableArray<string> ids = [];
        var changed = state.ChangeDocument(request.Path["document_id"], document =>
        {
            if (document.Deleted) throw request.Refuse(1770003);
            if (document.Blocks.GetValueOrDefault(request.Path["block_id"]) is not { } parent) throw request.Refuse(1770002);
            if (!BlockTypes.MayHaveChildren(parent.Type)) throw request.Refuse(1770028);
            if (blocks.Any(b => !BlockTypes.MayStandUnder(b.Type, parent.Type))) throw request.Refuse(1770030);
            var revision = request.QueryInt("document_revision_id", -1);
            if (revision != -1 && revision != document.Revision) throw request.Refuse(1770021);
            if (document.Blocks.Count + blocks.Sum(b => b.Count) > MostBlocks) throw request.Refuse(1770004);
            if (parent.Children.Length + blocks.Count > MostChildren) throw request.Refuse(1770007);
            var index = request.Body["index"] is JsonValue v && v.TryGetValue<int>(out var at) ? at : -1;
            if (index > parent.Children.Length || index < -1) throw request.Refuse(1770001);
            (document, ids) = NewBlock.Insert(document, parent.BlockId, index < 0 ? parent.Children.Length : index, blocks, () => "dox" + state.Ids.Next("")[..24], relations);
            return document with { Revision = document.Revision + 1 };
        });
        return (changed ?? throw request.Refuse(1770002), ids);
    }

    private static ApiAnswer Answer(ApiRequest request, CloudDocument document, ImmutableArray<string> ids, Dictionary<string, string>? relations)
    {
        var data = new JsonObject
        {
            ["children"] = new JsonArray([.. ids.Select(id => (JsonNode)BlockView.Show(document.Blocks[id]))]), ["document_revision_id"] = document.Revision, ["client_token"] = request.QueryText("client_token") ?? "",
        };
        if (relations is not null)
            data["block_id_relations"] = new JsonArray([.. relations.Select(r => (JsonNode)new JsonObject { ["temporary_block_id"] = r.Key, ["block_id"] = r.Value })]);
        return FeishuAnswer.Data(data);
    }

    private ApiAnswer Once(ApiRequest request, Func<ApiAnswer> run) => done.Run(
        request.QueryText("client_token") is { } token ? $"{request.App.AppId}/{request.Endpoint.Id}/{request.Path["document_id"]}/{token}" : null, TimeSpan.FromHours(1), run, () => request.Refuse(1770001));
}
