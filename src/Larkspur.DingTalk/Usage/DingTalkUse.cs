namespace Larkspur.DingTalk;

/// <summary>What is counted.</summary>
public enum DingTalkUseKind
{
    /// <summary>An API call. The Standard edition has 5 000 a month for the organisation.</summary>
    Call,

    /// <summary>Something that the platform pushed: message, card callback, event, by webhook or stream. The Standard edition has 3 000 a month.</summary>
    Delivery,

    /// <summary>A message by a group robot's webhook or a session webhook. Whether these count as calls is not stated anywhere, so they are counted apart.</summary>
    Webhook,
}

/// <summary>One use that counts.</summary>
/// <param name="ClientId">The app.</param>
/// <param name="Kind">What it was.</param>
/// <param name="What">Endpoint id, event type or topic.</param>
/// <param name="Month">First day of the month it belongs to, in China's time.</param>
/// <param name="Count">Uses of this kind in this month, this one included, as far as this client knows.</param>
/// <param name="Allowed">How many the options say that the organisation has in a month; 0: not known.</param>
public readonly record struct DingTalkUse(string ClientId, DingTalkUseKind Kind, string What, DateOnly Month, long Count, long Allowed);

/// <summary>Is told of each use, to keep the count beyond this process and to warn.</summary>
/// <remarks>Called on the call's own thread: be quick, and do not call the platform. What it throws is logged and goes no further.</remarks>
public interface IDingTalkUsageObserver
{
    /// <summary>Something that counts has happened.</summary>
    void OnUsed(in DingTalkUse use);
}
