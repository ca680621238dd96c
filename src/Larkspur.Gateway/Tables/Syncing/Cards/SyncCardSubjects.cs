using System.Globalization;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Tables.Syncing.Cards;

/// <summary>
/// What a card asks about, as one hash: the values that it shows, how many rows it speaks of, whose card it is. A click on a card of
/// another
/// hash decides nothing, for its reader saw something else.
/// </summary>
internal static class SyncCardSubjects
{
    public static string Of(SyncRecord sync, string topic, ConflictRow? conflict) => Canonical.Hash([
        topic, sync.Spec.Notify, sync.Spec.Table.Base, sync.Spec.Table.Table, sync.Spec.Source.Connection, sync.Spec.Source.Table,
        .. topic switch
        {
            SyncCardRow.Conflict => (string?[])[conflict?.Kind, conflict?.TableValue, conflict?.SourceValue],
            SyncCardRow.Deletions => [sync.Asks.ToString(CultureInfo.InvariantCulture)],
            _ => [sync.Paused],
        }]);
}
