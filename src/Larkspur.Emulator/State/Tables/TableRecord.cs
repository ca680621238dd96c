using System.Collections.Immutable;

namespace Larkspur.Emulator.State.Tables;

/// <summary>A row of a table.</summary>
public sealed record TableRecord
{
    /// <summary><c>rec…</c></summary>
    public required string RecordId { get; init; }

    /// <summary>Where it stands among the others; grows with every new row.</summary>
    public required long Position { get; init; }

    /// <summary>What an AutoNumber field shows of it.</summary>
    public required long Serial { get; init; }

    /// <summary>By the field's id; empty cells are not there.</summary>
    public ImmutableDictionary<string, Cell> Cells { get; init; } = ImmutableDictionary<string, Cell>.Empty;

    /// <summary>A <c>user_id</c> or an <c>app_id</c>.</summary>
    public required string CreatedBy { get; init; }
    public required DateTimeOffset CreatedTime { get; init; }
    public required string ModifiedBy { get; init; }
    public required DateTimeOffset ModifiedTime { get; init; }

    public long Weight => 64 + Cells.Values.Sum(static c => c.Weight);
}
