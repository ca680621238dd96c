using System.Text.Json;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Notifications;

/// <summary>When a notification leaves that falls into quiet hours.</summary>
internal enum NotificationUrgency
{
    /// <summary>After them.</summary>
    Normal,

    /// <summary>At once, all the same.</summary>
    Urgent,

    /// <summary>Never by itself: one card a day, or some, tells everything that came in.</summary>
    Digest,
}

/// <summary>One who is told when the request names nobody.</summary>
/// <param name="Variable">The person of a variable; null: <paramref name="Fixed"/>.</param>
/// <param name="Fixed">A recipient.</param>
internal sealed record NotificationRecipientRule(string? Variable, People.Recipient? Fixed);

/// <summary>A kind of business event and the card that tells of it.</summary>
internal sealed record NotificationType
{
    /// <summary>Words with full stops between: <c>pr.submitted</c>.</summary>
    public required string Name { get; init; }

    public required LocalText Title { get; init; }

    public LocalText? Description { get; init; }

    public required IReadOnlyList<NotificationVariable> Variables { get; init; }

    /// <summary>Texts of the template in both languages.</summary>
    public required IReadOnlyDictionary<string, LocalText> Strings { get; init; }

    /// <summary>A CardMessage with placeholders.</summary>
    public required JsonElement Message { get; init; }

    public IReadOnlyList<NotificationRecipientRule> Recipients { get; init; } = [];

    /// <summary>The card has buttons to approve and to reject.</summary>
    public bool Decision { get; init; }

    public NotificationUrgency Urgency { get; init; }

    /// <summary>Off: notifications are recorded and nothing is sent.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The setting that switches it; null: <see cref="Enabled"/> does.</summary>
    public string? Switch { get; init; }

    /// <summary>Comes with the gateway.</summary>
    public bool BuiltIn { get; init; }

    /// <summary>The definition as it was given: JSON.</summary>
    public required JsonElement Definition { get; init; }

    /// <summary>When it was changed here; null: never.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    public string? ChangedBy { get; init; }

    /// <summary>Whether notifications of it are sent.</summary>
    public bool IsOn(SettingsState settings) => Switch is { } key ? settings.IsOn(key) : Enabled;

    /// <summary>The template as the cards' own expansion takes it.</summary>
    public CardTemplate Template => new()
    {
        Name = Name, File = "", Variables = [.. Variables.Select(v => v.ForTemplate)], Strings = Strings, Body = Message, IsMessage = true,
    };
}
