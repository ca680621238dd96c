using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Tables.Syncing.Rest;

/// <summary>Connections by name.</summary>
internal sealed record SyncConnectionListView(IReadOnlyList<SyncConnectionView> Items);

/// <summary>A connection to a company's own data.</summary>
internal sealed record SyncConnectionView
{
    /// <summary>By which syncs name it.</summary>
    public required string Name { get; init; }

    /// <summary>What is there.</summary>
    public required string Kind { get; init; }

    /// <summary>What may be shown of its address: the host and the database, or the file's name.</summary>
    public required string Shown { get; init; }

    /// <summary>The business system that may use it; empty: administrators alone.</summary>
    public required string System { get; init; }

    /// <summary>Syncs that use it.</summary>
    public required IReadOnlyList<string> Syncs { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }

    public static SyncConnectionView Of(ConnectionRow row, IReadOnlyList<string> syncs) => new()
    {
        Name = row.Name, Kind = row.Kind, Shown = row.Shown, System = row.Owner, Syncs = syncs, CreatedAt = row.CreatedAt,
        ChangedAt = row.ChangedAt, ChangedBy = row.ChangedBy,
    };
}

/// <summary>What a look at a source found.</summary>
internal sealed record SyncProbeView
{
    /// <summary>Its tables.</summary>
    public required IReadOnlyList<string> Tables { get; init; }

    /// <summary>Columns of the table that was asked about.</summary>
    public required IReadOnlyList<SyncColumnView> Columns { get; init; }

    /// <summary>How changes of that table are heard of: <c>logical_decoding</c>, <c>triggers</c>, <c>transaction_column</c>,
    /// <c>scan</c>.</summary>
    public string? Capture { get; init; }

    /// <summary>Better ways that are not to be had here.</summary>
    public required IReadOnlyList<SyncCaptureRefusalView> Refused { get; init; }

    /// <summary>What the server keeps of its log for syncs until they have read it: it fills the server's disk.</summary>
    public required IReadOnlyList<SyncKeptLogView> Kept { get; init; }

    public static SyncProbeView Of(SourceProbe probe) => new()
    {
        Kept = [.. probe.Kept.Select(kept => new SyncKeptLogView(kept.Name, kept.Bytes, kept.State, kept.Most))],
        Tables = probe.Tables, Columns = [.. probe.Columns.Select(SyncColumnView.Of)], Capture = probe.Capture,
        Refused = [.. probe.Refused.Select(refusal => new SyncCaptureRefusalView(refusal.Capture, refusal.Reason, refusal.Detail))],
    };
}

/// <summary>A column, or a field of a table.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Type">Its type, in its own side's word.</param>
/// <param name="Kinds">What its values can be taken for, the best first; empty: it cannot be synchronised.</param>
/// <param name="ReadOnly">It is computed: read and never written.</param>
/// <param name="Required">It must have a value.</param>
/// <param name="Key">It is, or is a part of, the primary key.</param>
/// <param name="Losses">What may not survive the way over.</param>
internal sealed record SyncColumnView(
    string Name, string Type, IReadOnlyList<string> Kinds, bool ReadOnly, bool Required, bool Key, IReadOnlyList<string> Losses)
{
    public static SyncColumnView Of(SideColumn column) => new(column.Name, column.Type, [.. column.Kinds.Select(kind => kind.Word())],
        column.IsReadOnly, column.IsRequired, column.IsKey, column.Losses);
}

/// <summary>A way to hear of changes that is not to be had.</summary>
/// <param name="Capture">The way.</param>
/// <param name="Reason">Why not: a word.</param>
/// <param name="Detail">The same in the source's own words.</param>
internal sealed record SyncCaptureRefusalView(string Capture, string Reason, string? Detail);

/// <summary>A part of a server's log that is kept for a sync.</summary>
/// <param name="Name">What it is kept under.</param>
/// <param name="Bytes">How much.</param>
/// <param name="State">The server's own word for how it stands.</param>
/// <param name="Most">How much it keeps at most, as the server writes it; <c>-1</c>: without a bound.</param>
internal sealed record SyncKeptLogView(string Name, long Bytes, string? State, string? Most);
