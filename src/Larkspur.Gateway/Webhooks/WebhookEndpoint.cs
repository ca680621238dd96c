using Larkspur.Webhooks;

namespace Larkspur.Gateway.Webhooks;

/// <summary>A webhook: where a business system is told of events. Not a record: its text must not show the secrets.</summary>
public sealed class WebhookEndpoint
{
    /// <summary>Lower-case letters, digits and <c>-</c>, at most 40.</summary>
    public required string Name { get; init; }

    /// <summary>Where its messages are posted to. The path may be a secret too: only the name is logged.</summary>
    public required Uri Url { get; init; }

    /// <summary>Signs every message.</summary>
    public required WebhookSecret Secret { get; init; }

    /// <summary>Signs as well, while the receiver may still know only this one.</summary>
    public WebhookSecret? PreviousSecret { get; init; }

    /// <summary>Until when <see cref="PreviousSecret"/> signs; null: until the next start.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>The system that it belongs to: it hears of what that one made. Empty: the administrators'; it hears of everything.</summary>
    public string Owner { get; init; } = "";

    /// <summary>Names of the apps whose events it gets; null: of all.</summary>
    public IReadOnlyList<string>? Apps { get; init; }

    /// <summary>It was added at run time.</summary>
    public bool IsStored { get; init; }

    /// <summary>Since when it gets nothing because it answered 410; null: it does. Of stored webhooks: what is configured is off in one process until its next start.</summary>
    public DateTimeOffset? GoneAt { get; init; }

    /// <summary>Types of events that it gets: inbound ones in the platform's words, and the gateway's own (<c>approval.decided</c>…); <c>*</c>: all. Empty: none.</summary>
    public IReadOnlySet<string> Events { get; init; } = new HashSet<string>();

    /// <summary>True: it is on the company's own network or this machine.</summary>
    public bool AllowPrivateAddresses { get; init; }

    /// <summary>Which private addresses it may have, by the word of <see cref="AllowPrivateAddresses"/> or of whoever runs the gateway.</summary>
    internal PrivateReach Private
    {
        get => field ?? (AllowPrivateAddresses ? PrivateReach.All : PrivateReach.None);
        init;
    }

    /// <summary>Time for one attempt, from the name's resolution to the answer's headers. Default 15 s, as Standard Webhooks recommends.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Whether it gets events of this type.</summary>
    public bool Wants(string eventType) => Events.Contains(eventType) || Events.Contains("*");

    /// <summary>Whether it may hear of what a system made.</summary>
    /// <param name="owner">The system; empty: no single one's.</param>
    public bool Hears(string owner) => Owner.Length == 0 || Owner == owner;

    /// <summary>Whether it gets events that an app received.</summary>
    public bool Takes(string app) => Apps is null || Apps.Contains(app, StringComparer.Ordinal);

    public override string ToString() => Name;
}

/// <summary>The webhooks of this moment.</summary>
/// <remarks>A changed webhook is a new object: what was learned of the old one (its circuit, that it is gone) is forgotten.</remarks>
public interface IWebhookEndpoints
{
    /// <summary>All of them.</summary>
    IReadOnlyCollection<WebhookEndpoint> All { get; }

    /// <summary>The webhook of a name, or null.</summary>
    WebhookEndpoint? Find(string name);
}
