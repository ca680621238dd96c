using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Cells;

/// <summary>What a person reads in a cell, and what computed fields come to.</summary>
/// <remarks>A formula has a value only when it is nothing but a reference to one other field of its row; every other one is empty
/// here.</remarks>
internal static partial class CellText
{
    /// <summary>As a reader sees it; empty for an empty cell.</summary>
    public static string Of(TableField field, TableRecord record) => field.Type == FieldTypes.AutoNumber
        ? Serial(field, record)
        : record.Cells.GetValueOrDefault(field.FieldId) switch
        {
            TextCell text => text.Text,
            NumberCell number => Number(number.Number),
            UrlCell url => url.Text,
            PlaceCell place => place.Location,
            TimeCell time => time.Millis.ToString(CultureInfo.InvariantCulture),
            FlagCell flag => flag.On ? "true" : "false",
            IdsCell ids when FieldTypes.IsSelect(field.Type) =>
                string.Join(',', ids.Ids.Select(i => field.Option(i)?.Name).OfType<string>()),
            IdsCell ids => string.Join(',', ids.Ids),
            _ => "",
        };

    public static string Number(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>The field whose value a formula shows; null: it is not evaluated.</summary>
    public static TableField? Referred(DataTable table, TableField formula)
    {
        var match = Reference().Match(formula.Formula ?? "");
        if (!match.Success) return null;
        var field = match.Groups["id"].Success ? table.Field(match.Groups["id"].Value) : table.FieldNamed(match.Groups["name"].Value);
        return field is null || field.Type is FieldTypes.Formula or FieldTypes.Lookup ? null : field;
    }

    /// <summary>The row's number by the field's rule; <c>created_time</c> is written in UTC.</summary>
    public static string Serial(TableField field, TableRecord record)
    {
        if (field.Property.Length == 0 || JsonNode.Parse(field.Property)?["auto_serial"] is not JsonObject rule
            || rule.TextOf("type") != "custom" || rule["options"] is not JsonArray parts)
            return record.Serial.ToString(CultureInfo.InvariantCulture);
        return string.Concat(parts.OfType<JsonObject>().Select(p => p.TextOf("type") switch
        {
            "system_number" =>
                record.Serial.ToString(CultureInfo.InvariantCulture).PadLeft(int.TryParse(p.TextOf("value"), out var n) ? n : 1, '0'),
            "created_time" => record.CreatedTime.ToString(p.TextOf("value"), CultureInfo.InvariantCulture),
            _ => p.TextOf("value"),
        }));
    }

    [GeneratedRegex(@"^\s*(?:bitable::\$table\[\w+\]\.\$field\[(?<id>\w+)\]|\[(?<name>[^\[\]]+)\])\s*$")]
    private static partial Regex Reference();
}
