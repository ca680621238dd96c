using System.Collections.Concurrent;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Tables.Bases;

namespace Larkspur.Gateway.Tables.Open;

/// <summary>
/// Tables and fields of open bases, remembered for a minute: calls are money. What a request names and is not there is asked for anew
/// before it is refused.
/// </summary>
internal sealed class OpenTables(BaseAccess access, PlatformCalls calls, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<long, Remembered> _bases = new();

    /// <summary>The tables of a base.</summary>
    public async Task<IReadOnlyList<TableInfo>> ListAsync(BaseRow row, CancellationToken cancellation) =>
        await Known(row, again: true).ListAsync(cancellation);

    /// <summary>A table by its id, or by its name where only one has it.</summary>
    /// <param name="row">The base.</param>
    /// <param name="idOrName">As the request names it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <param name="again">The fields are read now.</param>
    /// <exception cref="RequestRefusedException">There is none, or there are two.</exception>
    public async Task<OpenTable> TableAsync(BaseRow row, string idOrName, CancellationToken cancellation, bool again = false)
    {
        var known = Known(row);
        var tables = await known.ListAsync(cancellation);
        if (Find(tables, idOrName) is not { } info)
        {
            known = Known(row, again: true);
            tables = await known.ListAsync(cancellation);
            info = Find(tables, idOrName) ?? throw NotFound(tables, idOrName);
        }

        var table = known.Table(info.Id);
        var fields = await table.GetFieldsAsync(again, cancellation);
        return new OpenTable(row, known.App, table, info, fields, await known.Base.GetTimeZoneAsync(cancellation));
    }

    private static RequestRefusedException NotFound(IReadOnlyList<TableInfo> tables, string idOrName) =>
        new(StatusCodes.Status404NotFound, "unknown_table", "/{table}", Names.Table(idOrName, tables).English)
        {
            Chinese = Names.Table(idOrName, tables).Chinese,
        };

    private static TableInfo? Find(IReadOnlyList<TableInfo> tables, string idOrName)
    {
        if (tables.FirstOrDefault(t => t.Id == idOrName) is { } byId) return byId;
        return tables.Where(t => t.Name == idOrName).ToList() switch
        {
            [] => null,
            [var only] => only,
            _ => throw RequestRefusedException.Impossible("ambiguous_table", "/{table}", TablesTexts.TwoTables(idOrName)),
        };
    }

    private Remembered Known(BaseRow row, bool again = false)
    {
        // Whoever asks is asked for: the month's calls, and that the app is there still.
        var app = calls.App(row.App, null);
        var opened = access.Open(app, row.AppToken);
        var now = clock.GetUtcNow();
        if (!again && _bases.TryGetValue(row.Id, out var known) && known.App == app && known.Base.AppToken == row.AppToken
            && now - known.Since < Fresh) return known;
        foreach (var (id, old) in _bases) if (now - old.Since >= Fresh) _bases.TryRemove(new(id, old));
        return _bases[row.Id] = new Remembered(app, opened, now);
    }

    private sealed class Remembered(FeishuApp app, FeishuBase opened, DateTimeOffset since)
    {
        private readonly ConcurrentDictionary<string, FeishuTable> _tables = new(StringComparer.Ordinal);
        private IReadOnlyList<TableInfo>? _list;

        public FeishuApp App => app;

        public FeishuBase Base => opened;

        public DateTimeOffset Since => since;

        public FeishuTable Table(string id) => _tables.GetOrAdd(id, opened.Table);

        public async Task<IReadOnlyList<TableInfo>> ListAsync(CancellationToken cancellation) =>
            _list ??= await opened.ListTablesAsync(cancellation).ToListAsync(cancellation);
    }
}
