using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Gateway.Syncs.Looking;

/// <summary>By what rows are decided.</summary>
/// <param name="Map">The fields.</param>
/// <param name="Spec">What was asked for.</param>
/// <param name="Winner">Whose values stay at the first meeting; null: a person decides.</param>
/// <param name="Now">The time.</param>
internal sealed record Rules(RowMap Map, SyncSpec Spec, SideName? Winner, DateTimeOffset Now)
{
    /// <summary>Rows whose deletion on the other side is due are deleted now.</summary>
    public bool MayDelete { get; init; }

    /// <summary>New rows of the other side are made on this one.</summary>
    public bool RowsGoTo(SideName side) => side == SideName.Table ? Spec.Direction != Flow.ToSource : Spec.Direction != Flow.ToTable;
}
