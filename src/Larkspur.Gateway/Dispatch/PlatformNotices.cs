using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Dispatch;

/// <summary>Notices in the form of one platform.</summary>
internal interface IPlatformNotices
{
    /// <summary><c>feishu</c>…</summary>
    string Platform { get; }

    /// <inheritdoc cref="INotices.Tell"/>
    bool Tell(InboundEvent inbound, string reference, IEffects effects);

    /// <inheritdoc cref="INotices.WasAway"/>
    OutboxMessage? WasAway(InboundEvent inbound);

    /// <inheritdoc cref="INotices.Lost"/>
    OutboxMessage? Lost(OutboxEntry entry);
}

/// <summary>Each platform's notices in its own form; where a platform has none, nobody can be told.</summary>
internal sealed class PlatformNotices(IEnumerable<IPlatformNotices> all) : INotices
{
    private readonly IReadOnlyDictionary<string, IPlatformNotices> _byPlatform = all.ToDictionary(n => n.Platform, StringComparer.Ordinal);

    public Toast StillWorking() => BotTexts.Toast("info", "click.working");

    public bool Tell(InboundEvent inbound, string reference, IEffects effects) => Of(inbound.Platform) is { } notices && notices.Tell(inbound, reference, effects);

    public OutboxMessage? WasAway(InboundEvent inbound) => Of(inbound.Platform)?.WasAway(inbound);

    public OutboxMessage? Lost(OutboxEntry entry) => Of(entry.Platform)?.Lost(entry);

    private IPlatformNotices? Of(string platform) => _byPlatform.GetValueOrDefault(platform);
}
