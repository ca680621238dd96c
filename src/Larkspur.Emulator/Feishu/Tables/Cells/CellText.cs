using System.Globalization;
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
        var number = record.Serial.ToString(CultureInfo.InvariantCulture);
        return field.Serial.IsEmpty ? number : string.Concat(field.Serial.Select(part => part.Kind switch
        {
            SerialKind.Number => number.PadLeft(part.Value[0] - '0', '0'),
            SerialKind.Created => record.CreatedTime.UtcDateTime.ToString(part.Value, CultureInfo.InvariantCulture),
            _ => part.Value,
        }));
    }

    [GeneratedRegex(@"^\s*(?:bitable::\$table\[\w+\]\.\$field\[(?<id>\w+)\]|\[(?<name>[^\[\]]+)\])\s*$")]
    private static partial Regex Reference();
}
