using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Search;

/// <summary>
/// The filter of a search: conditions, and one level of groups of conditions. Source: bitable-v1/app-table-record/record-filter-guide.
/// </summary>
/// <remarks>
/// 50 conditions in all, 10 values each. The 2,000 characters (1254107) are counted over names and values of all conditions; what the
/// platform counts is UNVERIFIED.
/// </remarks>
internal sealed class RecordFilter(ApiRequest request, DataTable table, Conditions conditions)
{
    private const int MostConditions = 50;
    private const int MostCharacters = 2_000;

    private int _conditions;
    private int _characters;

    /// <returns>Null: it takes every row.</returns>
    /// <exception cref="ApiRefusedException">1254018 no such filter, 1254045 no such field, 1254107 too long.</exception>
    public Func<TableRecord, bool>? Read(JsonObject? given)
    {
        if (given is null) return null;
        var parts = new List<Func<TableRecord, bool>>();
        if (given["conditions"] is { } own) parts.AddRange(Listed(own));
        if (given["children"] is { } children)
        {
            foreach (var child in children as JsonArray ?? throw Bad("children"))
            {
                if (child is not JsonObject group || group["children"] is JsonArray { Count: > 0 }) throw Bad("children");
                if (group["conditions"] is not JsonArray { Count: > 0 } inner) throw Bad("children.conditions");
                parts.Add(Joined(group, [.. Listed(inner)]));
            }
        }

        if (_characters > MostCharacters) throw request.Refuse(1254107);
        return parts.Count == 0 ? null : Joined(given, parts);
    }

    private Func<TableRecord, bool> Joined(JsonObject group, IReadOnlyList<Func<TableRecord, bool>> parts) =>
        group.TextOf("conjunction") switch
    {
        "and" => r => parts.All(p => p(r)),
        "or" => r => parts.Any(p => p(r)),
        _ => throw Bad("conjunction"),
    };

    private IEnumerable<Func<TableRecord, bool>> Listed(JsonNode conditionList)
    {
        foreach (var item in conditionList as JsonArray ?? throw Bad("conditions"))
        {
            if (item is not JsonObject condition || ++_conditions > MostConditions) throw Bad("conditions");
            var name = condition.TextOf("field_name");
            var field = table.FieldNamed(name) ?? throw request.Refuse(1254045);
            if (condition["value"] is not JsonArray list || list.Count > 10) throw Bad(name + ": value");
            string[] values = [.. list.Select(v => v is JsonValue t && t.TryGetValue<string>(out var text) ? text
                : throw Bad(name + ": value"))];
            _characters += name.Length + values.Sum(v => v.Length);
            yield return conditions.Read(field, condition.TextOf("operator"),
                values) ?? throw Bad($"{name}: {condition.TextOf("operator")}");
        }
    }

    private ApiRefusedException Bad(string what) =>
        request.Refuse(1254018, $"{request.Endpoint.Errors.GetValueOrDefault(1254018)?.Message ?? "InvalidFilter"}: {what}");
}
