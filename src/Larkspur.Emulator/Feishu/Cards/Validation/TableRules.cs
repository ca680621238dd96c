using System.Text.Json;
using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Feishu.Cards.Validation;

/// <summary>Rows of a table: only cells of declared columns (200915), and of the column's kind (200914).</summary>
internal static class TableRules
{
    public static void Validate(JsonObject table, string pointer, Findings findings)
    {
        if (table["columns"] is not JsonArray columns || table["rows"] is not JsonArray rows) return;
        var kinds = columns.OfType<JsonObject>().Where(c => CardPart.Text(c, "name") is not null)
            .DistinctBy(c => CardPart.Text(c, "name")).ToDictionary(c => CardPart.Text(c, "name")!, c => CardPart.Text(c, "data_type") ?? "text");
        for (var i = 0; i < rows.Count; i++)
        {
            if (rows[i] is not JsonObject row) continue;
            foreach (var (name, cell) in row)
            {
                var at = $"{pointer}/rows/{i}/{name}";
                if (!kinds.TryGetValue(name, out var kind)) findings.Add(200915, at, "table rows name is invalid", name);
                else if (cell is not null && !Fits(kind, cell)) findings.Add(200914, at, "table rows is invalid", $"row {i}, column {name}");
            }
        }
    }

    /// <remarks>What is not stated is let through: a number in a text column is drawn as its digits.</remarks>
    private static bool Fits(string kind, JsonNode cell) => (kind, cell.GetValueKind()) switch
    {
        ("text" or "lark_md" or "markdown", JsonValueKind.Object or JsonValueKind.Array) => false,
        ("number" or "date", not JsonValueKind.Number) => false,
        ("options", JsonValueKind.Array) => cell.AsArray().All(o => o is JsonObject option && CardPart.Text(option, "text") is not null),
        ("options", not JsonValueKind.String) => false,
        ("persons", JsonValueKind.Array) => cell.AsArray().All(p => p?.GetValueKind() == JsonValueKind.String),
        ("persons", not JsonValueKind.String) => false,
        _ => true,
    };
}
