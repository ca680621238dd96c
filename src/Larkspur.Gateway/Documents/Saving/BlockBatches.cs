using System.Globalization;
using System.Text.Json.Nodes;

namespace Larkspur.Gateway.Documents.Saving;

/// <summary>Blocks as the bodies of calls: at most 50 beside each other, and with all under them no more than a call takes.</summary>
internal static class BlockBatches
{
    /// <summary>Blocks under the page in one call.</summary>
    public const int MostBeside = 50;

    /// <summary>A block with all under it; a call takes 1,000.</summary>
    public const int MostInTree = 900;

    /// <summary>The bodies in order. The same blocks always make the same bodies.</summary>
    public static IEnumerable<JsonObject> Of(IEnumerable<WrittenBlock> blocks)
    {
        List<WrittenBlock> batch = [];
        foreach (var block in blocks)
        {
            if (batch.Count > 0 && (batch.Count == MostBeside || batch.Sum(b => b.Count) + block.Count > MostInTree))
            {
                yield return Body(batch);
                batch = [];
            }

            batch.Add(block);
        }

        if (batch.Count > 0) yield return Body(batch);
    }

    private static JsonObject Body(List<WrittenBlock> blocks)
    {
        var all = new JsonArray();
        var next = 0;
        string Add(WrittenBlock block)
        {
            var id = "b" + (next++).ToString(CultureInfo.InvariantCulture);
            var shown = new JsonObject { ["block_id"] = id, ["block_type"] = block.Type, [block.Member] = block.Body.DeepClone() };
            all.Add((JsonNode)shown);
            shown["children"] = new JsonArray([.. block.Children.Select(c => (JsonNode?)Add(c))]);
            return id;
        }

        var top = new JsonArray([.. blocks.Select(b => (JsonNode?)Add(b))]);
        return new JsonObject { ["index"] = -1, ["children_id"] = top, ["descendants"] = all };
    }
}
