using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Looking;

/// <summary>What becomes of a row.</summary>
internal sealed class Decision
{
    /// <summary>The row as it is kept from now on; null: nothing of it changes.</summary>
    public SyncRow? Row { get; init; }

    /// <summary>Nothing of it is kept any more.</summary>
    public bool Forget { get; init; }

    public SideWrite? ToTable { get; init; }

    public SideWrite? ToSource { get; init; }

    /// <summary>Fields whose old value nobody on the other side had seen, and the side that loses it.</summary>
    public IReadOnlyList<(int Field, SideName Loser)> Losses { get; init; } = [];

    /// <summary>What a person is asked.</summary>
    public IReadOnlyList<ConflictRow> Conflicts { get; init; } = [];

    /// <summary>Questions that answered themselves, or whose answer is done by this.</summary>
    public IReadOnlyList<(ConflictRow Conflict, string Decision)> Ended { get; init; } = [];

    /// <summary>Why nothing can be done.</summary>
    public (string Reason, int? Field, string? Detail)? Problem { get; init; }

    public SideWrite? To(SideName side) => side == SideName.Table ? ToTable : ToSource;

    public bool Writes => ToTable is not null || ToSource is not null;
}
