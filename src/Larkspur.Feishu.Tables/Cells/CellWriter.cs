using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Larkspur.Feishu.Tables;

/// <summary>Makes what is written of a cell, or says why it cannot be. Source: bitable-v1 record-data-structure.</summary>
public static partial class CellWriter
{
    /// <summary>The value for the platform; null (which clears the cell) for an empty one.</summary>
    /// <exception cref="TableCellException">The platform would refuse it, or something would be lost.</exception>
    public static JsonNode? Write(TableField field, CellValue cell, TableWriteOptions? options = null) =>
        Check(field, cell, options) is { } problem ? throw new TableCellException(problem) : Json(cell);

    /// <summary>What the platform would refuse of a cell, or what would be lost; null: it can be written.</summary>
    public static CellProblem? Check(TableField field, CellValue cell, TableWriteOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(cell);
        options ??= TableWriteOptions.Default;
        if (field.IsReadOnly) return Problem(CellRefusal.ReadOnly, $"a field of type {field.Type} is not written");
        if (cell.IsEmpty) return null;
        return cell switch
        {
            TextCell when field.Type != TableFieldType.Text => WrongType(),
            TextCell { Text.Length: > TextCell.MostCharacters } text => TooLong(text.Text.Length, TextCell.MostCharacters),
            TextCell { HasMarkup: true } when !options.AllowMarkupLoss =>
                Problem(CellRefusal.MarkupWouldBeLost, "it mentions or links something, which would become plain text"),
            TextCell => null,
            NumberCell when field.Type != TableFieldType.Number => WrongType(),
            NumberCell number when !double.IsFinite(number.Value) => Problem(CellRefusal.NotFinite, "it is no finite number"),
            NumberCell { IsExact: false } number =>
                Problem(CellRefusal.NumberDoesNotSurvive,
                    $"the platform keeps doubles: it would come back as {number.Canonical["number:".Length..]}"),
            NumberCell => null,
            SelectCell when field.Type != TableFieldType.SingleSelect => WrongType(),
            SelectCell one => Options([one.Option]),
            MultiSelectCell when field.Type != TableFieldType.MultiSelect => WrongType(),
            MultiSelectCell several => several.Options.Count > MultiSelectCell.MostOptions
                ? TooMany(several.Options.Count, MultiSelectCell.MostOptions) : Options(several.Options),
            PhoneCell when field.Type != TableFieldType.Phone => WrongType(),
            PhoneCell { Number.Length: > PhoneCell.MostCharacters } phone => TooLong(phone.Number.Length, PhoneCell.MostCharacters),
            PhoneCell phone => Phone().IsMatch(phone.Number)
                ? null : Problem(CellRefusal.NotAPhoneNumber, "a telephone number is digits, with a plus sign before them or none"),
            LocationCell when field.Type != TableFieldType.Location => WrongType(),
            LocationCell { Longitude: < -180 or > 180 } or LocationCell { Latitude: < -90 or > 90 } =>
                Problem(CellRefusal.NotOnEarth, "longitudes go from -180 to 180, latitudes from -90 to 90"),
            LocationCell => null,
            IdCell ids => Ids(ids),
            DateTimeCell => field.Type == TableFieldType.DateTime ? null : WrongType(),
            CheckboxCell => field.Type == TableFieldType.Checkbox ? null : WrongType(),
            UrlCell => field.Type == TableFieldType.Url ? null : WrongType(),
            _ => WrongType(),
        };

        CellProblem Problem(CellRefusal refusal, string message) => new(field.Name, refusal, message);

        CellProblem WrongType() => Problem(CellRefusal.WrongType, $"a {cell.GetType().Name} does not go into a field of type {field.Type}");

        CellProblem TooLong(int length, int most) => Problem(CellRefusal.TooLong, $"{length:N0} characters; at most {most:N0}");

        CellProblem TooMany(int count, int most) => Problem(CellRefusal.TooMany, $"{count:N0} in one cell; at most {most:N0}");

        CellProblem? Options(IEnumerable<ChosenOption> chosen) =>
            options.AllowNewOptions && chosen.All(option => option.Name is not null)
            || chosen.FirstOrDefault(option => !field.Options.Any(known => known.Name == option.Name)) is not { } unknown
                ? null : Problem(CellRefusal.UnknownOption, $"it has no option \"{unknown.Name ?? unknown.Id}\"");

        CellProblem? Ids(IdCell ids)
        {
            var (fits, most) = ids switch
            {
                PeopleCell => (field.Type == TableFieldType.User, PeopleCell.Most),
                GroupsCell => (field.Type == TableFieldType.GroupChat, GroupsCell.Most),
                LinksCell => (field.Type is TableFieldType.SingleLink or TableFieldType.DuplexLink, LinksCell.Most),
                _ => (field.Type == TableFieldType.Attachment, AttachmentsCell.Most),
            };
            if (!fits) return WrongType();
            most = field.Multiple == false ? 1 : most;
            return ids.Ids.Count > most ? TooMany(ids.Ids.Count, most) : null;
        }
    }

    private static JsonNode? Json(CellValue cell) => cell.IsEmpty ? null : cell switch
    {
        TextCell text => text.Text,
        NumberCell number => number.Value,
        SelectCell one => one.Name,
        MultiSelectCell several => new JsonArray([.. several.Names.Select(name => (JsonNode)name)]),
        DateTimeCell time => time.Milliseconds,
        CheckboxCell tick => tick.Value,
        PhoneCell phone => phone.Number,
        UrlCell url => new JsonObject { ["link"] = url.Link, ["text"] = url.Text },
        LocationCell place => place.Coordinates,
        LinksCell links => new JsonArray([.. links.Ids.Select(id => (JsonNode)id)]),
        AttachmentsCell files => Objects(files.Ids, "file_token"),
        IdCell ids => Objects(ids.Ids, "id"),
        _ => throw new InvalidOperationException($"A {cell.GetType().Name} is not written."),
    };

    private static JsonArray Objects(IEnumerable<string> ids, string member) =>
        new([.. ids.Select(id => (JsonNode)new JsonObject { [member] = id })]);

    [GeneratedRegex(@"^\+?[0-9]*\z")]
    private static partial Regex Phone();
}
