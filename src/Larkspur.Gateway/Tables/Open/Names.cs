using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Tables.Open;

/// <summary>What is said of names that nobody has, with the one that may be meant.</summary>
internal static class Names
{
    public static LocalText Table(string name, IEnumerable<TableInfo> tables) =>
        TablesTexts.UnknownTable(JsonFields.Shown(name)).OrMeant(name, tables.Select(t => t.Name));

    public static LocalText Field(string name, IEnumerable<TableField> fields) =>
        TablesTexts.UnknownField(JsonFields.Shown(name)).OrMeant(name, fields.Select(f => f.Name));

    public static LocalText Option(string name, TableField field) =>
        TablesTexts.UnknownOption(JsonFields.Shown(name)).OrMeant(name, field.Options.Select(o => o.Name));

    /// <summary>The word for a field's type.</summary>
    public static string Of(TableFieldType type) => type switch
    {
        TableFieldType.User => "people",
        TableFieldType.DateTime => "date",
        TableFieldType.Attachment => "files",
        _ when Enum.IsDefined(type) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(type.ToString()),
        _ => "unknown",
    };
}
