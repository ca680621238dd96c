using System.Collections.Concurrent;
using Larkspur.Feishu;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Tables.Bases;

namespace Larkspur.Gateway.Tables.Bitable;

/// <summary>Tables that are synchronised by this process: kept, so that fields, time zones and tables' names cost a call now and
/// then.</summary>
internal sealed class WatchedTables(BaseAccess access, HeardEvents events, TimeProvider clock, ILogger<WatchedTables> logger)
{
    private readonly ConcurrentDictionary<(string App, string Token), Watched> _bases = new();

    /// <summary>A table by its id or name; null: the base has none, or several of this name.</summary>
    public async Task<WatchedTable?> FindAsync(BaseRow row, FeishuApp app, string idOrName, CancellationToken cancellation)
    {
        var known = _bases.AddOrUpdate((row.App, row.AppToken), _ => new(app, row.AppToken, access, events, clock, logger),
            (_, old) => old.App == app ? old : new(app, row.AppToken, access, events, clock, logger));
        return await known.FindAsync(idOrName, cancellation);
    }

    /// <summary>A table that was opened before; null: none was.</summary>
    public WatchedTable? Known(string app, string appToken, string tableId) =>
        _bases.TryGetValue((app, appToken), out var known) ? known.Known(tableId) : null;

    /// <summary>The id of a table that was opened by this name or id; null: none was, here.</summary>
    public string? IdOf(string app, string appToken, string idOrName) =>
        _bases.TryGetValue((app, appToken), out var known) ? known.IdOf(idOrName) : null;

    private sealed class Watched(FeishuApp app, string token, BaseAccess access, HeardEvents events, TimeProvider clock, ILogger logger)
    {
        private readonly ConcurrentDictionary<string, WatchedTable> _tables = new(StringComparer.Ordinal);
        private readonly ConcurrentDictionary<string, string> _ids = new(StringComparer.Ordinal);

        /// <summary>By which names tables were opened last; a name may become another table's.</summary>
        private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);

        /// <summary>The platform's advice for a busy base: half a second between writes.</summary>
        private readonly FeishuBase _base = access.OpenForSync(app, token);

        public FeishuApp App => app;

        public BaseSubscription Subscription { get; } = new(app, token, events, clock, logger);

        public string? IdOf(string idOrName) => _ids.GetValueOrDefault(idOrName) ?? _names.GetValueOrDefault(idOrName);

        public WatchedTable? Known(string tableId) => _tables.GetValueOrDefault(tableId);

        public async Task<WatchedTable?> FindAsync(string idOrName, CancellationToken cancellation)
        {
            if (_ids.TryGetValue(idOrName, out var id)) return _tables[id];
            var tables = await _base.ListTablesAsync(cancellation).ToListAsync(cancellation);
            var meant = tables.Where(table => table.Id == idOrName).ToList() is { Count: > 0 } byId ? byId
                : tables.Where(table => table.Name == idOrName).ToList();
            if (meant is not [var info]) return null;
            var found = _tables.GetOrAdd(info.Id, id => new WatchedTable(_base.Table(id), Subscription, clock));
            if (info.Id == idOrName) _ids[idOrName] = info.Id;
            else _names[idOrName] = info.Id;
            return found;
        }
    }
}
