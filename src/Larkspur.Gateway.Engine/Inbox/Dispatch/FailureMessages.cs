using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Inbox.Dispatch;

/// <summary>Failure messages in the form of one platform.</summary>
internal interface IPlatformFailureMessages : ILossMessages
{
    /// <summary><c>feishu</c>…</summary>
    string Platform { get; }

    /// <inheritdoc cref="IFailureMessages.Tell"/>
    bool Tell(InboundEvent inbound, string reference, IEffects effects);

    /// <inheritdoc cref="IFailureMessages.WasAway"/>
    OutboxMessage? WasAway(InboundEvent inbound);
}

/// <summary>The failure messages of each platform in its own form; where a platform has none, nobody can be told.</summary>
internal sealed class FailureMessages(IEnumerable<IPlatformFailureMessages> all) : IFailureMessages
{
    private readonly IReadOnlyDictionary<string, IPlatformFailureMessages> _byPlatform = all.ToDictionary(n => n.Platform, StringComparer.Ordinal);

    public Toast StillWorking() => Toast.Of("info", BotTexts.ClickWorking);

    public bool Tell(InboundEvent inbound, string reference, IEffects effects) => Of(inbound.Platform) is { } messages && messages.Tell(inbound, reference, effects);

    public OutboxMessage? WasAway(InboundEvent inbound) => Of(inbound.Platform)?.WasAway(inbound);

    public OutboxMessage? Lost(OutboxEntry entry) => Of(entry.Platform)?.Lost(entry);

    private IPlatformFailureMessages? Of(string platform) => _byPlatform.GetValueOrDefault(platform);
}
