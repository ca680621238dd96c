using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Merging;

/// <summary>
/// The last values of a row that were known to be equal on both sides, by field and column: what both sides are compared with. A field that
/// was never seen to be equal to its column counts as empty, so that two values that meet there are a conflict and one alone goes over.
/// </summary>
internal sealed class BaseValues
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, string?> _values;

    private BaseValues(Dictionary<string, string?> values) => _values = values;

    public static BaseValues Empty => new([]);

    public static BaseValues Read(string json) => new(JsonSerializer.Deserialize<Dictionary<string, string?>>(json)!);

    public string? Of(FieldMap field) => _values.TryGetValue(Name(field), out var value) ? value : Canonical.Nothing(field.Kind);

    public bool Has(FieldMap field) => _values.ContainsKey(Name(field));

    /// <summary>All values in the order of the map.</summary>
    public string?[] All(RowMap map) => [.. map.Fields.Select(Of)];

    public BaseValues With(FieldMap field, string? value) =>
        new(new Dictionary<string, string?>(_values) { [Name(field)] = value });

    /// <summary>Where both sides are equal now, that is the new base; where they are not, the old one stays.</summary>
    public BaseValues Meeting(RowMap map, IReadOnlyList<string?> table, IReadOnlyList<string?> source)
    {
        var values = new Dictionary<string, string?>(_values);
        foreach (var i in map.Active)
        {
            if (table[i] == source[i]) values[Name(map.Fields[i])] = table[i];
        }

        return new(values);
    }

    private static string Name(FieldMap field) => $"{field.FieldId}|{field.Column}";

    public string ToJson() =>
        new JsonObject(_values.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))).ToJsonString(Plain);
}
