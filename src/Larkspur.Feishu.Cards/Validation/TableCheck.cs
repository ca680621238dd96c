using System.Text.Json;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>Tables: rows are objects whose members are the names of columns (200914, 200915 otherwise), cells fit their column's type.</summary>
internal static class TableCheck
{
    public static void Check(CardInspection c, JsonElement table)
    {
        if (!table.TryGetProperty("columns", out var columns) || columns.ValueKind != JsonValueKind.Array) return;
        var types = Columns(c, columns);
        if (!table.TryGetProperty("rows", out var rows) || rows.ValueKind != JsonValueKind.Array) return;
        c.Path.Push("rows");
        var index = 0;
        foreach (var row in rows.EnumerateArray())
        {
            if (c.IsFull) break;
            c.Path.Push(index++);
            if (row.ValueKind == JsonValueKind.Object) Row(c, row, types);
            c.Path.Pop();
        }

        c.Path.Pop();
    }

    private static Dictionary<string, string> Columns(CardInspection c, JsonElement columns)
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        var index = -1;
        foreach (var column in columns.EnumerateArray())
        {
            index++;
            if (CardInspection.Text(column, "name") is not { } name || types.TryAdd(name, CardInspection.Text(column, "data_type") ?? "text")) continue;
            c.Path.Push("columns");
            c.Path.Push(index);
            c.ErrorAt("name", CardRules.DuplicateColumn, $"Two columns are named {CardInspection.Quote(name)}.", "Name each column differently.");
            c.Path.Pop();
            c.Path.Pop();
        }

        return types;
    }

    private static void Row(CardInspection c, JsonElement row, Dictionary<string, string> types)
    {
        foreach (var cell in row.EnumerateObject())
        {
            c.Path.Push(cell.Name);
            if (!types.TryGetValue(cell.Name, out var type))
            {
                c.Error(CardRules.TableRowName, $"No column is named {CardInspection.Quote(cell.Name)}.", Suggestion.Nearest(cell.Name, types.Keys) is { } near ? $"Did you mean \"{near}\"?" : "Use the \"name\" of a column.");
            }
            else if (cell.Value.ValueKind != JsonValueKind.Null)
            {
                Cell(c, cell.Value, type);
            }

            c.Path.Pop();
        }
    }

    private static void Cell(CardInspection c, JsonElement value, string type)
    {
        var (fits, form) = type switch
        {
            "number" => (value.ValueKind == JsonValueKind.Number, "a number"),
            "date" => (value.ValueKind == JsonValueKind.Number, "a number of milliseconds since 1970"),
            "options" => (value.ValueKind == JsonValueKind.String || IsListOf(value, JsonValueKind.Object), "a list of {\"text\":…,\"color\":…}"),
            "persons" => (value.ValueKind == JsonValueKind.String || IsListOf(value, JsonValueKind.String), "an id, or a list of ids"),
            _ => (value.ValueKind == JsonValueKind.String, "a string"),
        };
        if (!fits) c.Error(CardRules.TableRows, $"The cell is {JsonTypes.Name(value.ValueKind)}; a column of type \"{type}\" takes {form}.", $"Write {form}.");
        else if (type is "lark_md" or "markdown") RichText.Check(c, value.GetString()!, countTables: false);
    }

    private static bool IsListOf(JsonElement value, JsonValueKind kind) =>
        value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == kind);
}
