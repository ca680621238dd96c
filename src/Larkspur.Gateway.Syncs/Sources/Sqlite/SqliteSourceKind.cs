using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Larkspur.Gateway.Syncs.Sources.Sqlite;

/// <summary>A company's data in a SQLite file. The address is the file's path.</summary>
internal sealed class SqliteSourceKind(TimeProvider clock, ILogger<SqliteSourceKind> logger, SqliteSourceOptions options) : ISourceKind
{
    public string Kind => "sqlite";

    public string? ProblemOf(string address)
    {
        if (string.IsNullOrWhiteSpace(address)) return "It is the path of a SQLite file.";
        if (address.Contains('\0') || !Path.IsPathFullyQualified(address)) return "It must be an absolute path, like /var/lib/erp/erp.db.";
        return IsOwn(address) ? "It is the gateway's own database." : null;
    }

    public async Task<ISide> OpenAsync(SourceConnection connection, long sync, SyncSpec spec, CancellationToken cancellation)
    {
        var source = Source(connection);
        var table = await UseAsync(source, opened => SqliteTable.Read(opened, spec.Source.Table), cancellation);
        foreach (var name in spec.Key.Where(name => table.Columns.All(column => column.Name != name)))
            throw new SideStoppedException(Problems.ColumnGone, name) { Side = SideName.Source };
        return new SqliteSide(source, table, sync, spec, options, clock, logger);
    }

    public Task<SourceProbe> ProbeAsync(SourceConnection connection, string? table, CancellationToken cancellation) =>
        UseAsync(Source(connection), opened => Probe(opened, table), cancellation);

    public Task ForgetAsync(SourceConnection connection, long sync, SyncSpec spec, CancellationToken cancellation) =>
        // Of a file that is gone nothing needs to be taken away.
        !File.Exists(connection.Address) ? Task.CompletedTask : UseAsync(Source(connection), opened => SqliteSource.Transact(opened, () =>
        {
            SqliteCapture.Forget(opened, sync);
            return true;
        }), cancellation);

    private static SourceProbe Probe(SqliteConnection connection, string? table)
    {
        var names = SqliteTable.Names(connection);
        if (table is null) return new(names, [], null, []);
        var columns = SqliteTable.Read(connection, table).Columns.Select(column => column.Shape).ToList();
        var isVirtual = SqliteSource.Scalar(connection,
            "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = $p0", table) is string sql
            && sql.StartsWith("CREATE VIRTUAL", StringComparison.OrdinalIgnoreCase);
        var refused = raw.sqlite3_db_readonly(connection.Handle, "main") == 1 ? ReadOnly : isVirtual ? Virtual : null;
        return new(names, columns, refused is null ? Captures.Triggers : Captures.Scan,
            refused is null ? [] : [new(Captures.Triggers, refused, null)]);
    }

    /// <summary>The file may be read and not written.</summary>
    public const string ReadOnly = "read_only";

    /// <summary>A virtual table has no triggers.</summary>
    public const string Virtual = "virtual_table";

    /// <exception cref="SideStoppedException">It is no address, or the gateway's own.</exception>
    private SqliteSource Source(SourceConnection connection) => ProblemOf(connection.Address) is { } problem
        ? throw new SideStoppedException(Problems.NoPermission, problem) { Side = SideName.Source }
        : new(connection.Address, options);

    private static async Task<T> UseAsync<T>(SqliteSource source, Func<SqliteConnection, T> work, CancellationToken cancellation)
    {
        try
        {
            return await source.UseAsync(work, cancellation);
        }
        catch (SqliteException e)
        {
            throw SqliteSource.Told(e)!;
        }
    }

    private bool IsOwn(string address) => options.OwnFile is { } own
        && string.Equals(Real(address), Real(own),
            OperatingSystem.IsLinux() ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase);

    /// <summary>Where a path leads, whatever links stand in it.</summary>
    private static string Real(string path)
    {
        var full = Path.GetFullPath(path);
        for (var folder = full; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            FileSystemInfo info = folder == full ? new FileInfo(folder) : new DirectoryInfo(folder);
            if (info.LinkTarget is not null && info.ResolveLinkTarget(true) is { } target)
                return Real(Path.Join(target.FullName, full[folder.Length..]));
        }

        return full;
    }
}
