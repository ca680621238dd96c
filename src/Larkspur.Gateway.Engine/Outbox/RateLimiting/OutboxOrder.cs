namespace Larkspur.Gateway.Outbox;

/// <summary>
/// Within a lane the more urgent class goes first, and within a class what was recorded first. Of the changes of one message the newest goes first,
/// whatever its class: it makes the others worthless. Changes have lanes of their own, so the two rules never meet.
/// </summary>
internal sealed class OutboxOrder : IComparer<OutboxEntry>
{
    public static readonly OutboxOrder Instance = new();

    public int Compare(OutboxEntry? x, OutboxEntry? y)
    {
        if (x is null || y is null) return x is null ? y is null ? 0 : -1 : 1;
        if (x.IsChange) return y.Id.CompareTo(x.Id);
        var rank = x.Rank.CompareTo(y.Rank);
        return rank != 0 ? rank : x.Id.CompareTo(y.Id);
    }
}
