using System.Text.Json.Nodes;
using Larkspur.Feishu.Tables;

namespace Larkspur.Tables.Tests.Writes;

/// <summary>Rows with a key each, and a table that makes records of them.</summary>
internal static class Rows
{
    public static TableRow[] Numbered(int count) =>
        [.. Enumerable.Range(0, count).Select(n => new TableRow().Set("名称", $"K{n}").Set("金额", n).Set("电话", $"{13800000000 + n}"))];

    /// <summary>Makes every row: its record's id is that of its key.</summary>
    public static (int Status, string Body)? Make(TableCall call) => TableServer.Good(new JsonObject
    {
        ["records"] = new JsonArray([.. call.Rows.Select(row =>
            (JsonNode)new JsonObject { ["record_id"] = Id(row), ["fields"] = new JsonObject() })]),
    }.ToJsonString());

    public static string Id(JsonNode row) => $"rec-{(string)row["fields"]!["名称"]!}";
}
