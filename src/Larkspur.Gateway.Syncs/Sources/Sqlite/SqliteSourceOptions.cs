namespace Larkspur.Gateway.Syncs.Sources.Sqlite;

/// <summary>How companies' SQLite files are used.</summary>
internal sealed record SqliteSourceOptions
{
    /// <summary>The gateway's own database, which is nobody's source; null: it is not on SQLite.</summary>
    public string? OwnFile { get; init; }

    /// <summary>How long another program's lock is waited for.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long one piece of work may take: a page, some hundred rows that are written.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What changed is known for so long, at least: a gateway that is restored from a backup goes on from there.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Where nothing tells which rows changed, everything is compared when something did, this often at most.</summary>
    public TimeSpan ScanEvery { get; init; } = TimeSpan.FromMinutes(1);
}
