using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Tables;

/// <summary>
/// What could not be read as the field's type: a stage, a button, a type that is newer than this library, or a shape nobody has described.
/// It is never written.
/// </summary>
public sealed class RawCell : CellValue
{
    internal RawCell(JsonElement json, string reason)
    {
        Json = json.Clone();
        Reason = reason;
    }

    /// <summary>The value as it came.</summary>
    public JsonElement Json { get; }

    /// <summary>Why it is not read, for a log.</summary>
    public string Reason { get; }

    /// <inheritdoc/>
    public override bool IsEmpty => false;

    private protected override string Kind => "raw";

    /// <summary>Members in the order of their names, so that equal objects are equal texts.</summary>
    private protected override string Body => Sorted(JsonNode.Parse(Json.GetRawText()))?.ToJsonString(FeishuJson.Options) ?? "null";

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject parent => new JsonObject(parent.OrderBy(member => member.Key, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create(member.Key, Sorted(member.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
