using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Tables;

/// <summary>Writes searches, and filters of views, as the platform takes them; refuses what it would refuse.</summary>
internal static class QueryJson
{
    /// <exception cref="TableQueryException">A limit is passed, or a field is not there.</exception>
    public static JsonObject Body(TableQuery query, TableFields fields, TimeZoneInfo? zone)
    {
        if (query.PageSize is < 1 or > TableQuery.MostRecords)
            throw new TableQueryException($"A page has 1 to {TableQuery.MostRecords} records.");
        if (query.Fields.Count > TableQuery.MostFields)
            throw new TableQueryException($"At most {TableQuery.MostFields} fields can be named.");
        if (query.ViewId is not null && (query.Filter is not null || query.Sort.Count > 0))
            throw new TableQueryException("A view goes with neither filter nor sort: the platform would ignore the view.");
        var body = new JsonObject();
        if (query.ViewId is not null) body["view_id"] = query.ViewId;
        if (query.Fields.Count > 0)
            body["field_names"] = new JsonArray([.. query.Fields.Select(name => (JsonNode)Field(fields, name).Name)]);
        if (query.Sort.Count > 0) body["sort"] = Sort(query.Sort, fields);
        if (query.Filter is not null) body["filter"] = Filter(query.Filter, fields, zone);
        if (query.WithAuthors) body["automatic_fields"] = true;
        return body;
    }

    /// <summary>The filter of a search.</summary>
    /// <inheritdoc cref="Body" path="/exception"/>
    public static JsonObject Filter(TableFilter filter, TableFields fields, TimeZoneInfo? zone)
    {
        var conditions = 0;
        var top = filter as TableFilterGroup ?? new TableFilterGroup("and", [filter]);
        var json = Group(top);
        var children = new JsonArray([.. top.Parts.OfType<TableFilterGroup>().Select(Group)]);
        if (children.Count > 0) json["children"] = children;
        if (top.Parts.OfType<TableFilterGroup>().SelectMany(child => child.Parts).OfType<TableFilterGroup>().Any())
            throw new TableQueryException("A filter has one level of groups within a group; join the conditions otherwise.");
        if (conditions is 0 or > TableFilter.MostConditions)
            throw new TableQueryException($"A filter has 1 to {TableFilter.MostConditions} conditions; this one has {conditions}.");
        var length = json.ToJsonString(FeishuJson.Options).Length;
        return length <= TableFilter.MostCharacters ? json
            : throw new TableQueryException($"A filter has at most {TableFilter.MostCharacters:N0} characters; this one has {length:N0}.");

        JsonObject Group(TableFilterGroup group) => new()
        {
            ["conjunction"] = group.Conjunction,
            ["conditions"] = new JsonArray([.. group.Parts.OfType<TableCondition>().Select(Condition)]),
        };

        JsonObject Condition(TableCondition condition)
        {
            conditions++;
            var field = Field(fields, condition.Field);
            return new()
            {
                ["field_name"] = field.Name,
                ["operator"] = Name(condition.Operator),
                ["value"] = new JsonArray([.. ConditionRules.Values(condition, field, zone).Select(value => (JsonNode)value)]),
            };
        }
    }

    /// <summary>The filter of a view: flat, by field ids, each condition's values as JSON in a text.</summary>
    /// <inheritdoc cref="Body" path="/exception"/>
    public static JsonObject ViewFilter(TableFilter filter, TableFields fields, TimeZoneInfo? zone)
    {
        var search = Filter(filter, fields, zone);
        if (search.ContainsKey("children")) throw new TableQueryException("A view's filter has no groups.");
        foreach (var condition in search["conditions"]!.AsArray().Select(condition => condition!.AsObject()))
        {
            condition["field_id"] = Field(fields, (string)condition["field_name"]!).Id;
            condition.Remove("field_name");
            var values = condition["value"]!.AsArray();
            condition.Remove("value");
            if (values.Count > 0) condition["value"] = values.ToJsonString(FeishuJson.Options);
        }

        return search;
    }

    /// <summary>A date without a time is among the values: the base's zone must be known.</summary>
    public static bool NeedsZone(TableFilter? filter) => filter switch
    {
        TableFilterGroup group => group.Parts.Any(NeedsZone),
        TableCondition condition => condition.Values.Any(value => value is DateOnly),
        _ => false,
    };

    private static JsonArray Sort(IReadOnlyList<TableSort> sorts, TableFields fields)
    {
        if (sorts.Count > TableQuery.MostSorts) throw new TableQueryException($"At most {TableQuery.MostSorts} fields can be sorted by.");
        var json = new JsonArray([.. sorts.Select(sort =>
            (JsonNode)new JsonObject { ["field_name"] = Field(fields, sort.Field).Name, ["desc"] = sort.Descending })]);
        return json.ToJsonString(FeishuJson.Options).Length <= TableQuery.MostSortCharacters ? json
            : throw new TableQueryException($"A sort has at most {TableQuery.MostSortCharacters:N0} characters.");
    }

    private static TableField Field(TableFields fields, string nameOrId) =>
        fields.Find(nameOrId) ?? throw new TableQueryException($"The table has no field \"{nameOrId}\", or this app may not see it.");

    private static string Name(TableOperator operation)
    {
        var name = operation.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
