using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Gateway.Apps.Feishu;
using Docx = Larkspur.Feishu.Api.Docx;

namespace Larkspur.Gateway.Documents.Reading;

/// <summary>Reads a document's blocks, page by page, and no further than its text is handed on.</summary>
internal sealed class DocumentText(DocumentOptions options)
{
    private const int PageSize = 500;

    /// <summary>Title and text; the caller knows that the person may read them.</summary>
    /// <exception cref="FeishuApiException">There is no such document, the app may not read it, or it is too large.</exception>
    /// <param name="documentId">Its token.</param>
    /// <param name="send">Makes a call, as the app or as a person.</param>
    public async Task<DocumentReading> ReadAsync(string documentId, Func<FeishuRequest, Task<JsonElement>> send)
    {
        var blocks = new Dictionary<string, ReadBlock>(StringComparer.Ordinal);
        string? next = null;
        var isCut = false;
        long characters = 0;
        for (var page = 1; ; page++)
        {
            var request = new FeishuRequest(Docx.V1.Endpoints.DocumentBlockList).WithPath("document_id", documentId)
                .WithQuery("page_size", PageSize.ToString(System.Globalization.CultureInfo.InvariantCulture)).WithQuery("page_token", next);
            var answer = await send(request);
            if (ReadBlock.Value(answer, "items") is { ValueKind: JsonValueKind.Array } items)
            {
                foreach (var block in items.EnumerateArray().Select(ReadBlock.Of).OfType<ReadBlock>())
                {
                    characters += block.Text.Length;
                    blocks.TryAdd(block.Id, block);
                }
            }

            if (ReadBlock.Value(answer, "has_more") is not { ValueKind: JsonValueKind.True } || ReadBlock.Value(answer, "page_token")?.GetString() is not { Length: > 0 } token) break;
            // Blocks come in the order in which they are read: what follows would be cut.
            isCut = characters > options.MaxCharacters || page >= options.MaxPages;
            if (isCut) break;
            next = token;
        }

        var tree = new BlockTree(documentId, blocks, options.MaxCharacters);
        var text = tree.Write();
        if (text.Length <= options.MaxCharacters) return new DocumentReading(DocumentOutcome.Read, tree.Title, text, isCut);
        var end = char.IsHighSurrogate(text[options.MaxCharacters - 1]) ? options.MaxCharacters - 1 : options.MaxCharacters;
        return new DocumentReading(DocumentOutcome.Read, tree.Title, text[..end], true);
    }
}
