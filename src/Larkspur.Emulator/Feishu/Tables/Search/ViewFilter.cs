using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Search;

/// <summary>The filter that a view keeps: fields by id, values as JSON in a string. Source: bitable-v1/app-table-view/patch.</summary>
internal static class ViewFilter
{
    /// <summary>Which rows the view shows. A condition whose field is gone, or that its field does not take, is passed over.</summary>
    public static Func<TableRecord, bool>? Of(TableView view, DataTable table, Conditions conditions)
    {
        if (view.Property.Length == 0 || JsonNode.Parse(view.Property)?["filter_info"] is not JsonObject info) return null;
        var parts = (info["conditions"] as JsonArray ?? []).OfType<JsonObject>().Select(c => Read(c, table, conditions))
            .OfType<Func<TableRecord, bool>>().ToArray();
        if (parts.Length == 0) return null;
        return info.TextOf("conjunction") == "or" ? r => parts.Any(p => p(r)) : r => parts.All(p => p(r));
    }

    /// <returns>Null: the condition says nothing.</returns>
    public static Func<TableRecord, bool>? Read(JsonObject condition, DataTable table, Conditions conditions) =>
        table.Field(condition.TextOf("field_id")) is { } field && Values(condition, field) is { } values
            ? conditions.Read(field, condition.TextOf("operator"), values) : null;

    private static string[]? Values(JsonObject condition, TableField field)
    {
        if (condition.TextOf("value") is not { Length: > 0 } text) return [];
        try
        {
            // Options are kept by their id.
            var given = JsonSerializer.Deserialize<string?[]>(text);
            return given is null || given.Contains(null) ? null : [.. given.Select(v => field.Option(v!)?.Name ?? v!)];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
