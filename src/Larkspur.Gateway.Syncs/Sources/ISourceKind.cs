using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Sources;

/// <summary>A kind of place in which a company keeps its data: SQLite, PostgreSQL, …</summary>
internal interface ISourceKind
{
    /// <summary>Its word: <c>sqlite</c>, <c>postgresql</c>.</summary>
    string Kind { get; }

    /// <summary>What is wrong with an address, in words for whoever gave it; null: nothing that can be seen without asking it.</summary>
    string? ProblemOf(string address);

    /// <summary>Opens a table for a sync.</summary>
    /// <param name="connection">Where it is.</param>
    /// <param name="sync">The sync's number: what the source keeps for it bears it.</param>
    /// <param name="spec">What was asked for.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="SideAwayException">It is away.</exception>
    /// <exception cref="SideStoppedException">It says no, or has no such table.</exception>
    Task<ISide> OpenAsync(SourceConnection connection, long sync, SyncSpec spec, CancellationToken cancellation);

    /// <summary>Looks at what is there, and how changes of a table can be heard of.</summary>
    /// <param name="connection">Where it is.</param>
    /// <param name="table">A table of it; null: only which there are.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <inheritdoc cref="OpenAsync" path="/exception"/>
    Task<SourceProbe> ProbeAsync(SourceConnection connection, string? table, CancellationToken cancellation);

    /// <summary>Takes away what the source keeps for a sync that is removed: triggers, slots, what they noted.</summary>
    /// <inheritdoc cref="OpenAsync" path="/exception"/>
    Task ForgetAsync(SourceConnection connection, long sync, SyncSpec spec, CancellationToken cancellation);
}

/// <summary>Where a company keeps its data, as an administrator entered it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">A word of <see cref="ISourceKind.Kind"/>.</param>
/// <param name="Owner">The business system whose it is; empty: the administrators'.</param>
/// <param name="Address">A path or connection string, with its secret: never shown again.</param>
internal sealed record SourceConnection(string Name, string Kind, string Owner, string Address)
{
    /// <summary>The name alone: the address holds a password.</summary>
    public override string ToString() => Name;
}

/// <summary>What a look at a source found.</summary>
/// <param name="Tables">Its tables.</param>
/// <param name="Columns">Columns of the table that was asked about.</param>
/// <param name="Capture">How changes of it are heard of: a word of <see cref="Captures"/>.</param>
/// <param name="Refused">What would be better and is not possible here, each with the reason.</param>
internal sealed record SourceProbe(
    IReadOnlyList<string> Tables, IReadOnlyList<SideColumn> Columns, string? Capture, IReadOnlyList<CaptureRefusal> Refused)
{
    /// <summary>What the server keeps of its log for syncs until they have read it.</summary>
    public IReadOnlyList<KeptLog> Kept { get; init; } = [];
}

/// <summary>A part of a server's log that is kept for a sync: it fills the server's disk while the sync does not read.</summary>
/// <param name="Name">What it is kept under.</param>
/// <param name="Bytes">How much.</param>
/// <param name="State">The server's own word for how it stands.</param>
/// <param name="Most">How much it keeps at most, as the server writes it; <c>-1</c>: without a bound.</param>
internal sealed record KeptLog(string Name, long Bytes, string? State, string? Most);

/// <summary>A way to hear of changes that is not to be had.</summary>
/// <param name="Capture">A word of <see cref="Captures"/>.</param>
/// <param name="Reason">Why: a word.</param>
/// <param name="Detail">The same in the server's words.</param>
internal sealed record CaptureRefusal(string Capture, string Reason, string? Detail);

/// <summary>How changes of a source are heard of.</summary>
internal static class Captures
{
    /// <summary>The server's own log of changes.</summary>
    public const string LogicalDecoding = "logical_decoding";

    /// <summary>Triggers note each changed row's key in a table of their own, in the same transaction.</summary>
    public const string Triggers = "triggers";

    /// <summary>A column with the transaction's number is asked up to the oldest one that is still open.</summary>
    public const string TransactionColumn = "transaction_column";

    /// <summary>Everything is read again and again.</summary>
    public const string Scan = "scan";
}
