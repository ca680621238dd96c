using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>Canonical values as JSON that people read and write, and back.</summary>
internal static class FieldValues
{
    private const int MostMembers = 500;

    /// <summary>A value as an answer has it; null: none.</summary>
    public static JsonNode? Shown(ValueKind kind, string? value) => value is null ? null : kind switch
    {
        ValueKind.Number => JsonValue.Create(Canonical.AsNumber(value)),
        ValueKind.Boolean => JsonValue.Create(value == Canonical.True),
        ValueKind.Choices or ValueKind.People =>
            new JsonArray([.. Canonical.AsSet(value).Select(member => (JsonNode?)JsonValue.Create(member))]),
        _ => JsonValue.Create(value),
    };

    /// <summary>Values of a row, by the fields' names; those of fields that are not mapped any more are left out.</summary>
    public static JsonObject Shown(IReadOnlyDictionary<string, FieldMap> fields, IReadOnlyDictionary<string, string?> values)
    {
        var shown = new JsonObject();
        foreach (var (id, value) in values)
            if (fields.TryGetValue(id, out var field)) shown[field.Field] = Shown(field.Kind, value);
        return shown;
    }

    /// <summary>Reads a value that somebody gave.</summary>
    /// <exception cref="RequestRefusedException"><c>wrong_type</c> or <c>bad_value</c>: it is none of this kind.</exception>
    public static string? Read(ValueKind kind, JsonElement? given, string pointer)
    {
        if (given is not { ValueKind: not JsonValueKind.Null } value) return Canonical.Nothing(kind);
        return kind switch
        {
            ValueKind.Number when value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var exact) =>
                Canonical.Number(exact) ?? throw Bad(pointer, SyncRestTexts.FindRow("digits_lost")!),
            ValueKind.Number when value.ValueKind == JsonValueKind.Number && Canonical.Number(value.GetDouble()) is { } number => number,
            ValueKind.Number => throw Wrong(pointer, SyncRestTexts.ANumber),
            ValueKind.Boolean => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Canonical.Boolean(value.GetBoolean())
                : throw Wrong(pointer, SyncRestTexts.ABoolean),
            ValueKind.Choices or ValueKind.People => Set(value, pointer),
            _ when value.ValueKind != JsonValueKind.String => throw Wrong(pointer, SyncRestTexts.AText),
            ValueKind.Instant => Instant(value.GetString()!, pointer),
            ValueKind.Date => DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
                out var date) ? Canonical.Date(date) : throw Bad(pointer, SyncRestTexts.ADate),
            ValueKind.Link => Link(value.GetString()!, pointer),
            _ => Canonical.Text(value.GetString()),
        };
    }

    private static string? Set(JsonElement value, string pointer)
    {
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > MostMembers
            || value.EnumerateArray().Any(member => member.ValueKind != JsonValueKind.String)) throw Wrong(pointer, SyncRestTexts.AList);
        return Canonical.Set(value.EnumerateArray().Select(member => member.GetString()!));
    }

    private static string Instant(string text, string pointer)
    {
        // Without its zone a time is another one in another place.
        var hasZone = text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal);
        return hasZone && text.Contains('T', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant)
            ? Canonical.Instant(instant) : throw Bad(pointer, SyncRestTexts.AnInstant);
    }

    private static string? Link(string text, string pointer) =>
        text.Length == 0 || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https" or "mailto"))
            ? Canonical.Text(text) : throw Bad(pointer, SyncRestTexts.ALink);

    private static RequestRefusedException Wrong(string pointer, Common.Localisation.LocalText text) =>
        RequestRefusedException.Malformed("wrong_type", pointer, text);

    private static RequestRefusedException Bad(string pointer, Common.Localisation.LocalText text) =>
        RequestRefusedException.Impossible("bad_value", pointer, text);
}
