using Larkspur.Gateway.Common;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Npgsql;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>A company's data in PostgreSQL. The address is a connection string, <c>Host=…</c> or <c>postgresql://…</c>.</summary>
internal sealed class PostgresSourceKind(TimeProvider clock, ILogger<PostgresSourceKind> logger, PostgresSourceOptions options)
    : ISourceKind
{
    public string Kind => "postgresql";

    public string? ProblemOf(string address) => PostgresSourceAddress.Problem(address) is { } problem ? $"It {problem}."
        : options.OwnAddress is { } own && PostgresAddress.Problem(own) is null
            && string.Equals(PostgresAddress.Place(own), PostgresAddress.Place(address), StringComparison.OrdinalIgnoreCase)
            ? "It is the gateway's own database." : null;

    public async Task<ISide> OpenAsync(SourceConnection connection, long sync, SyncSpec spec, CancellationToken cancellation)
    {
        var source = Source(connection);
        var table = await UseAsync(source, opened => PostgresTable.ReadAsync(opened, spec.Source.Table, cancellation), cancellation);
        foreach (var name in spec.Key.Where(name => table.Columns.All(column => column.Name != name)))
            throw new SideStoppedException(Problems.ColumnGone, name) { Side = SideName.Source };
        return new PostgresSide(source, table, sync, spec, clock, logger);
    }

    public Task<SourceProbe> ProbeAsync(SourceConnection connection, string? table, CancellationToken cancellation) =>
        UseAsync(Source(connection), async opened =>
        {
            var names = await PostgresTable.NamesAsync(opened, cancellation);
            var kept = await PostgresSlot.KeptAsync(opened, cancellation);
            if (table is null) return new SourceProbe(names, [], null, []) { Kept = kept };
            var found = await PostgresTable.ReadAsync(opened, table, cancellation);
            var choice = await PostgresChoice.OfAsync(opened, found, null, null, options, cancellation);
            return new(names, [.. found.Columns.Select(column => column.Shape)], choice.Capture, choice.Refused) { Kept = kept };
        }, cancellation);

    public Task ForgetAsync(SourceConnection connection, long sync, SyncSpec spec, CancellationToken cancellation) =>
        UseAsync(Source(connection), async opened =>
        {
            await PostgresNotes.ForgetAsync(opened, sync, null, cancellation);
            await PostgresSlot.DropAsync(opened, sync, cancellation);
            return true;
        }, cancellation);

    /// <exception cref="SideStoppedException">It is no address, or the gateway's own.</exception>
    private PostgresSource Source(SourceConnection connection) => ProblemOf(connection.Address) is { } problem
        ? throw new SideStoppedException(Problems.NoPermission, problem) { Side = SideName.Source }
        : new(connection.Address, options);

    private static async Task<T> UseAsync<T>(PostgresSource source, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await source.UseAsync(work, cancellation);
        }
        catch (Exception e) when (PostgresSourceErrors.Told(e) is { } told)
        {
            throw told;
        }
    }
}
