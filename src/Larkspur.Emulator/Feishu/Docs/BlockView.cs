using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Feishu.Docs;

/// <summary>Documents and blocks as the docx APIs show them.</summary>
internal static class BlockView
{
    public static JsonObject Show(CloudDocument document) => new()
    {
        ["document_id"] = document.Token, ["revision_id"] = document.Revision, ["title"] = document.Title,
        ["display_setting"] = new JsonObject
        {
            ["show_authors"] = true, ["show_create_time"] = false, ["show_pv"] = false, ["show_uv"] = false, ["show_like_count"] = false, ["show_comment_count"] = false, ["show_related_matters"] = false,
        },
    };

    public static JsonObject Show(DocumentBlock block)
    {
        var body = JsonNode.Parse(block.Body)!.AsObject();
        if (block.Type == BlockTypes.Table) body["cells"] = new JsonArray([.. block.Children.Select(c => (JsonNode?)c)]);
        var shown = new JsonObject { ["block_id"] = block.BlockId, ["parent_id"] = block.ParentId, ["block_type"] = block.Type, [BlockTypes.Member(block.Type)!] = body };
        // Blocks without children are shown without the member.
        if (!block.Children.IsEmpty) shown["children"] = new JsonArray([.. block.Children.Select(c => (JsonNode?)c)]);
        return shown;
    }
}
