using System.Runtime.CompilerServices;

namespace Larkspur.Feishu.Messaging.Streaming;

/// <summary>Whether an app may use CardKit, as its last refusal told: asked again after ten minutes, since an administrator may have granted the scope.</summary>
internal sealed class CardKitAccess
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMinutes(10);
    private static readonly ConditionalWeakTable<FeishuClient, CardKitAccess> OfClients = [];

    private long _closedAt = long.MinValue;

    public static CardKitAccess Of(FeishuClient client) => OfClients.GetValue(client, static _ => new CardKitAccess());

    public bool IsOpen(TimeProvider clock)
    {
        var closedAt = Interlocked.Read(ref _closedAt);
        return closedAt == long.MinValue || clock.GetElapsedTime(closedAt) > AskAgain;
    }

    public void Closed(TimeProvider clock) => Interlocked.Exchange(ref _closedAt, clock.GetTimestamp());
}
