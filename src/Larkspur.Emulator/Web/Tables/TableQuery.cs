using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Larkspur.Emulator.Feishu.Tables;
using Larkspur.Emulator.Feishu.Tables.Search;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Web.Tables;

/// <summary>One condition of a page's own filter, in the words of the API's filters.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record TableCondition(string Field, string Operator, string[] Value);

/// <summary>Which rows a page shows, and in which order: those of the view, of its own filter, of what is searched for.</summary>
internal sealed class TableQuery(Viewer viewer, TableBase home, DataTable table)
{
    private const int MostConditions = 10;

    private readonly Conditions _conditions = new(home, new RecordPeople(viewer.State, viewer.State.Apps[0], "user_id"),
        viewer.State.Clock.GetUtcNow());

    /// <exception cref="FormatException">A part of the query says nothing that is understood.</exception>
    public IReadOnlyList<TableRecord> Rows(IQueryCollection query)
    {
        var rows = home.IsAdvanced ? table.Records.Where(r => !home.Hides(viewer.Me.UserId, r.RecordId)) : table.Records;
        if (query["view"].FirstOrDefault() is { Length: > 0 } viewId && table.View(viewId) is { } view
            && ViewFilter.Of(view, table, _conditions) is { } shown) rows = rows.Where(shown);
        foreach (var condition in Given(query["filter"].FirstOrDefault())) rows = rows.Where(condition);
        if (query["q"].FirstOrDefault() is { Length: > 0 and < 200 } wanted)
        {
            var cells = new CellJson(viewer, home, table);
            rows = rows.Where(r => table.Fields.Any(f => cells.TextOf(f, r).Contains(wanted, StringComparison.OrdinalIgnoreCase)));
        }

        return [.. RecordSort.Run(rows, Order(query["sort"].FirstOrDefault()))];
    }

    /// <summary>Conditions on fields that are gone meanwhile are passed over, as those of views are.</summary>
    private IEnumerable<Func<TableRecord, bool>> Given(string? filter)
    {
        if (string.IsNullOrEmpty(filter)) return [];
        try
        {
            var given = JsonSerializer.Deserialize<TableCondition[]>(filter, JsonSerializerOptions.Web) ?? [];
            if (given.Length > MostConditions) throw new FormatException(viewer.Texts.TableManyConditions(MostConditions));
            return
            [
                .. given.Select(c => (c, Field: table.Field(c.Field)!)).Where(g => g.Field is not null).Select(g =>
                    _conditions.Read(g.Field, g.c.Operator, [.. g.c.Value.Select(v => Named(g.Field, v))])
                    ?? throw new FormatException(viewer.Texts.TableBadFilter(g.Field.Name))),
            ];
        }
        catch (JsonException e)
        {
            throw new FormatException(viewer.Texts.TableBrokenFilter, e);
        }
    }

    /// <summary>The page names options and people by their id, the API options by name and people as they present themselves.</summary>
    private string Named(TableField field, string value) =>
        FieldTypes.IsSelect(field.Type) ? field.Option(value)?.Name ?? value
        : field.Type is FieldTypes.User or FieldTypes.CreatedUser or FieldTypes.ModifiedUser
            ? viewer.State.Person(value)?.PresentUserId ?? value : value;

    private List<(TableField, bool)> Order(string? sort) =>
    [
        .. (sort ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Take(MostConditions).Select(s => s.Split(':'))
            .Where(s => table.Field(s[0]) is not null).Select(s => (table.Field(s[0])!, s is [_, "desc"])),
    ];
}
