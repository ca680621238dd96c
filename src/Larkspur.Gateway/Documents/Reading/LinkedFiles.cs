using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Wiki.V2;
using Larkspur.Gateway.Documents.Rights;

namespace Larkspur.Gateway.Documents.Reading;

/// <summary>What links lead to.</summary>
internal static class LinkedFiles
{
    /// <summary>The document behind a link; null: nothing that has blocks.</summary>
    /// <param name="link">The link.</param>
    /// <param name="send">Makes a call, as the app or as a person.</param>
    public static async Task<DocumentFile?> FindAsync(DocumentLink link, Func<FeishuRequest, Task<JsonElement>> send)
    {
        if (link.Kind == DocumentKind.Docx) return new DocumentFile(link.Token, "docx", null, link.Token);
        var answer = await send(new FeishuRequest(Endpoints.SpaceGetNode).WithQuery("token", link.Token));
        var node = ReadBlock.Value(answer, "node") ?? default;
        if (Text(node, "obj_token") is not { } document || Text(node, "obj_type") != "docx") return null;
        // A shortcut has no rights of its own: they are those of the page that it leads to.
        var isShortcut = Text(node, "node_type") == "shortcut";
        return new DocumentFile(Text(node, isShortcut ? "origin_node_token" : "node_token") ?? link.Token, "wiki",
            Text(node, isShortcut ? "origin_space_id" : "space_id"), document);
    }

    private static string? Text(JsonElement node, string member) =>
        node.ValueKind == JsonValueKind.Object && ReadBlock.Value(node, member) is { ValueKind: JsonValueKind.String } value
            && value.GetString() is { Length: > 0 } text ? text : null;
}
