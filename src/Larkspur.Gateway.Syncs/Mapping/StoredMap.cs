using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.Gateway.Syncs.Mapping;

/// <summary>The fields of a sync as they were found on both sides, with the types that they had then.</summary>
/// <param name="Fields">The fields.</param>
/// <param name="Types">The side's own words for their types, by the field's id and the column's name.</param>
internal sealed record StoredMap(IReadOnlyList<FieldMap> Fields, IReadOnlyDictionary<string, string> Types)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    public static StoredMap Read(string json) => JsonSerializer.Deserialize<StoredMap>(json, Form)!;

    public string ToJson() => JsonSerializer.Serialize(this, Form);
}
