using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Cells;

/// <summary>A written value as its field stores it. Source: bitable-v1/app-table-record/record-data-structure.</summary>
/// <remarks>
/// Limits of a cell: 100,000 characters, 1,000 options or people, 500 links, 100 files, 10 groups (1254130, for files 1254106), 64 digits.
/// Which code a place or a group gets is UNVERIFIED: here 1254015, like every write to a computed field.
/// </remarks>
/// <param name="person">Who an id names.</param>
/// <param name="refuse">The refusal with a code.</param>
internal sealed partial class CellReader(EmulatorState state, TableEdit edit, string tableId, Func<string, Person?> person, Func<long,
    Exception> refuse)
{
    private const int LongestText = 100_000;

    private readonly OptionNames _options = new(edit, tableId);

    /// <summary>The cells that a map of names writes; null empties one.</summary>
    public Dictionary<string, Cell?> Read(JsonObject fields)
    {
        var cells = new Dictionary<string, Cell?>(StringComparer.Ordinal);
        foreach (var (name, value) in fields)
        {
            var field = edit.Table(tableId).FieldNamed(name) ?? throw refuse(1254045);
            cells[field.FieldId] = Read(field, value);
        }

        return cells;
    }

    private Cell? Read(TableField field, JsonNode? value)
    {
        if (FieldTypes.IsComputed(field.Type)) throw refuse(1254015);
        if (value is null) return null;
        return field.Type switch
        {
            FieldTypes.Text => Text(value, 1254060),
            // What is too great for a double reads as infinite, which no answer could write.
            FieldTypes.Number => new NumberCell(value is JsonValue v && v.TryGetValue<double>(out var n) && double.IsFinite(n) ? n
                : throw refuse(1254061)),
            FieldTypes.SingleSelect => Text(value, 1254062) is TextCell one ? Options(field, [one.Text]) : null,
            FieldTypes.MultiSelect => Options(field, Texts(value, 1254063, 1_000)),
            FieldTypes.DateTime => new TimeCell(value is JsonValue v && v.TryGetValue<long>(out var ms) ? ms : throw refuse(1254064)),
            FieldTypes.Checkbox => new FlagCell(value is JsonValue v && v.TryGetValue<bool>(out var on) ? on : throw refuse(1254065)),
            FieldTypes.User => Ids(Objects(value, "id", 1254066, 1_000), field.Multiple, 1254066, id => person(id)?.UserId),
            FieldTypes.Phone => Text(value, 1254072) is TextCell t ? Phone().IsMatch(t.Text) ? t : throw refuse(1254072) : null,
            FieldTypes.Url => Url(value),
            FieldTypes.Attachment => Files(Objects(value, "file_token", 1254069, 100, 1254106)),
            FieldTypes.SingleLink => Links(field, value, 1254067),
            FieldTypes.DuplexLink => Links(field, value, 1254074),
            FieldTypes.Location => Place(value),
            FieldTypes.GroupChat => Ids(Objects(value, "id", 1254015, 10), field.Multiple, 1254015, id => state.Chat(id)?.ChatId),
            _ => throw refuse(1254015),
        };
    }

    private TextCell? Text(JsonNode value, long code)
    {
        if (value is not JsonValue v || !v.TryGetValue<string>(out var text)) throw refuse(code);
        if (text.Length > LongestText) throw refuse(1254130);
        return text.Length == 0 ? null : new TextCell(text);
    }

    private IdsCell? Options(TableField field, IReadOnlyList<string> names) =>
        _options.Cell(field, names, () => refuse(field.Type == FieldTypes.SingleSelect ? 1254062 : 1254063));

    private IdsCell? Ids(IReadOnlyList<string> given, bool multiple, long code, Func<string, string?> find)
    {
        if (given.Count > 1 && !multiple) throw refuse(code);
        ImmutableArray<string> ids = [.. given.Select(id => find(id) ?? throw refuse(code)).Distinct(StringComparer.Ordinal)];
        return ids.IsEmpty ? null : new IdsCell(ids);
    }

    private UrlCell Url(JsonNode value)
    {
        if (value is not JsonObject o || o["link"] is not JsonValue l || !l.TryGetValue<string>(out var link)) throw refuse(1254068);
        if (o["text"] is { } t && (t is not JsonValue tv || !tv.TryGetValue<string>(out _))) throw refuse(1254068);
        if (!Uri.TryCreate(link, UriKind.Absolute, out _) || link.Length > LongestText) throw refuse(1254068);
        return new UrlCell(link, o.TextOf("text") is { Length: > 0 } text ? text : link);
    }

    private IdsCell? Files(IReadOnlyList<string> tokens)
    {
        if (tokens.Any(t => !edit.Base.Files.ContainsKey(t))) throw refuse(1254303);
        return tokens.Count == 0 ? null : new IdsCell([.. tokens.Distinct(StringComparer.Ordinal)]);
    }

    private IdsCell? Links(TableField field, JsonNode value, long code)
    {
        var ids = Texts(value, code, IdsCell.MostLinks);
        return Ids(ids, field.Multiple, code, id => edit.Row(field.LinkedTable ?? "", id)?.RecordId);
    }

    private PlaceCell Place(JsonNode value)
    {
        var parts = value is JsonValue v && v.TryGetValue<string>(out var text) ? text.Split(',') : [];
        return parts is [var lng, var lat] && Degrees(lng, 180) && Degrees(lat, 90) ? new PlaceCell(lng.Trim(), lat.Trim())
            : throw refuse(1254015);
    }

    private static bool Degrees(string text, double most) =>
        text.Length <= 32 && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees)
        && Math.Abs(degrees) <= most;

    private IReadOnlyList<string> Texts(JsonNode value, long code, int most)
    {
        if (value is not JsonArray list) throw refuse(code);
        if (list.Count > most) throw refuse(1254130);
        return [.. list.Select(i => i is JsonValue v && v.TryGetValue<string>(out var text) ? text : throw refuse(code))];
    }

    private IReadOnlyList<string> Objects(JsonNode value, string member, long code, int most, long tooMany = 1254130)
    {
        if (value is not JsonArray list) throw refuse(code);
        if (list.Count > most) throw refuse(tooMany);
        return [.. list.Select(i => i is JsonObject o && o[member] is JsonValue v && v.TryGetValue<string>(out var text) ? text
            : throw refuse(code))];
    }

    [GeneratedRegex(@"^(?=.{1,64}\z)\+?[0-9]*\z")]
    private static partial Regex Phone();
}
