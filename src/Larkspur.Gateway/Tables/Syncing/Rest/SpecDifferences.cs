using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>What two specs have not in common.</summary>
internal static class SpecDifferences
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="before">The sync as it is; null: there is none.</param>
    /// <param name="after">As it would be.</param>
    public static IReadOnlyList<SyncDifferenceView> Of(SyncSpec? before, SyncSpec after)
    {
        var (old, fresh) = (before is null ? [] : Lines(before), Lines(after));
        var all = new List<SyncDifferenceView>();
        foreach (var (what, value) in fresh)
        {
            if (!old.Remove(what, out var known)) all.Add(new("add", what, null, value));
            else if (known != value) all.Add(new("change", what, known, value));
        }

        all.AddRange(old.Select(gone => new SyncDifferenceView("remove", gone.Key, gone.Value, null)));
        return all;
    }

    private static Dictionary<string, string> Lines(SyncSpec spec)
    {
        var lines = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in JsonNode.Parse(spec.ToJson())!.AsObject())
        {
            if (name == "fields" || value is null) continue;
            if (value is JsonObject inner) foreach (var (part, of) in inner) Add($"{name}.{part}", of);
            else Add(name, value);
        }

        foreach (var field in spec.Fields)
        {
            lines[$"fields.{field.Field}"] = string.Join(", ", ((string?[])[field.Column,
                SpecNames.Of(field.Direction ?? spec.Direction), SpecNames.Of(field.Conflict ?? spec.Conflict),
                field.As]).OfType<string>());
        }

        return lines;

        void Add(string what, JsonNode? value)
        {
            if (value is not null) lines[what] = value is JsonValue && value.GetValueKind() == JsonValueKind.String
                ? value.GetValue<string>() : value.ToJsonString(Plain);
        }
    }
}
