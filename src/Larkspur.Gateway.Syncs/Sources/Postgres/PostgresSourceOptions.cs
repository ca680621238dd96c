namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>How companies' PostgreSQL databases are used.</summary>
internal sealed record PostgresSourceOptions
{
    /// <summary>The gateway's own database, which is nobody's source; null: it is not on PostgreSQL.</summary>
    public string? OwnAddress { get; init; }

    /// <summary>How long a row that somebody else has locked is waited for.</summary>
    public TimeSpan LockPatience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a statement may take.</summary>
    public TimeSpan StatementPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What changed is known for so long, at least: a gateway that is restored from a backup goes on from there.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Where nothing tells which rows changed, everything is compared when something did, this often at most.</summary>
    public TimeSpan ScanEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Where nothing tells which rows were deleted, everything is compared this often.</summary>
    public TimeSpan DeletedEvery { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Ways to hear of changes that may be taken, the best first.</summary>
    public IReadOnlyList<string> Captures { get; init; } =
        [Sources.Captures.LogicalDecoding, Sources.Captures.Triggers, Sources.Captures.TransactionColumn, Sources.Captures.Scan];
}
