using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Api.Bitable.V1;

namespace Larkspur.Feishu.Tables;

/// <summary>The views of a table. Get them as <c>table.Views</c>. Source: bitable-v1 app-table-view.</summary>
/// <remarks>
/// The API sets a view's name, filter and hidden fields; it has nothing for the order of a view's records, so sort in the search
/// (<see cref="TableQuery.Sort"/>). A table has at most 200 views.
/// </remarks>
public readonly struct TableViews
{
    private const int ViewsOfAPage = 100;

    private const int LongestName = 100;

    private readonly FeishuTable _table;

    internal TableViews(FeishuTable table) => _table = table;

    /// <summary>Reads all views.</summary>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public IAsyncEnumerable<TableView> ListAsync(CancellationToken cancellationToken = default) => ListAsync(_table, cancellationToken);

    /// <summary>Makes a view.</summary>
    /// <remarks>Two calls when there is a filter or a hidden field; when the second fails the view is there without them.</remarks>
    /// <param name="name">Its name: 1 to 100 characters, without brackets.</param>
    /// <param name="type">What it is like.</param>
    /// <param name="filter">Which records it shows; null: all. Conditions joined by all or by any, in no groups.</param>
    /// <param name="hiddenFields">Fields it does not show, by name or id; at most 300, the first field is always shown.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ArgumentException">The name is no name of a view. Nothing was made.</exception>
    /// <exception cref="TableQueryException">The filter would be refused. Nothing was made.</exception>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">No answer came; the view may be there.</exception>
    public async Task<TableView> CreateAsync(
        string name, TableViewType type = TableViewType.Grid, TableFilter? filter = null, IReadOnlyList<string>? hiddenFields = null,
        CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestName || name.AsSpan().ContainsAny('[', ']'))
            throw new ArgumentException($"A view's name has 1 to {LongestName} characters and no brackets.", nameof(name));
        var (table, calls) = (_table, _table.Base.Calls);
        var property = await PropertyAsync(table, filter, hiddenFields ?? [], cancellationToken);
        using var turn = await table.Base.Gate.EnterAsync(table.Base.Calls, cancellationToken);
        var made = await calls.WriteAsync<JsonElement>(
            () =>
            {
                var create = table.Request(Endpoints.AppTableViewCreate);
                create.Body = new JsonObject { ["view_name"] = name, ["view_type"] = type.ToString().ToLowerInvariant() };
                return create;
            },
            cancellationToken);
        var view = Read(made.Member("view"));
        if (property.Count == 0) return view;
        table.Base.Gate.Wrote(calls.Clock);
        await table.Base.Gate.SpaceAsync(calls, cancellationToken);
        await calls.ReadAsync<JsonElement>(
            () =>
            {
                var patch = table.Request(Endpoints.AppTableViewPatch).WithPath("view_id", view.Id);
                patch.Body = new Dictionary<string, object> { ["property"] = property };
                return patch;
            },
            cancellationToken);
        return view;
    }

    /// <summary>Deletes a view; records stay.</summary>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    /// <exception cref="PlatformNetworkException">No answer came.</exception>
    public async Task DeleteAsync(string viewId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(viewId);
        var table = _table;
        using var turn = await table.Base.Gate.EnterAsync(table.Base.Calls, cancellationToken);
        await table.Base.Calls.ReadAsync<JsonElement>(
            () => table.Request(Endpoints.AppTableViewDelete).WithPath("view_id", viewId), cancellationToken);
    }

    private static async IAsyncEnumerable<TableView> ListAsync(FeishuTable table,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var view in table.Base.Calls.PagesAsync(() => table.Request(Endpoints.AppTableViewList), ViewsOfAPage,
            cancellationToken))
        {
            yield return Read(view);
        }
    }

    private static async Task<JsonObject> PropertyAsync(
        FeishuTable table, TableFilter? filter, IReadOnlyList<string> hidden, CancellationToken cancellationToken)
    {
        var property = new JsonObject();
        if (filter is null && hidden.Count == 0) return property;
        var fields = await table.GetFieldsAsync(false, cancellationToken);
        var zone = QueryJson.NeedsZone(filter) ? await table.Base.GetTimeZoneAsync(cancellationToken) : null;
        if (filter is not null) property["filter_info"] = QueryJson.ViewFilter(filter, fields, zone);
        if (hidden.Count > 0) property["hidden_fields"] = new JsonArray([.. hidden.Select(name => (JsonNode)(fields.Find(name)
            ?? throw new TableQueryException($"The table has no field \"{name}\", or this app may not see it.")).Id)]);
        return property;
    }

    private static TableView Read(JsonElement view) => new(
        view.TextOf("view_id") ?? "", view.TextOf("view_name") ?? "",
        Enum.TryParse<TableViewType>(view.TextOf("view_type"), ignoreCase: true, out var type) ? type : TableViewType.Other);
}

/// <summary>A view.</summary>
/// <param name="Id"><c>vew…</c>.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">What it is like.</param>
public sealed record TableView(string Id, string Name, TableViewType Type);

/// <summary>What a view is like.</summary>
public enum TableViewType
{
    /// <summary>Of a kind that is newer than this library.</summary>
    Other,

    /// <summary>A table.</summary>
    Grid,

    /// <summary>Columns of cards.</summary>
    Kanban,

    /// <summary>Cards.</summary>
    Gallery,

    /// <summary>Bars on a time line.</summary>
    Gantt,

    /// <summary>A form to fill in.</summary>
    Form,
}
