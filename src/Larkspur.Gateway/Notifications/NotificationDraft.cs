using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.People;

namespace Larkspur.Gateway.Notifications;

/// <summary>A notification that was read and judged, before anybody was looked up.</summary>
internal sealed record NotificationDraft
{
    public required FeishuApp App { get; init; }

    public required NotificationType Type { get; init; }

    public required IReadOnlyDictionary<string, NotificationValue> Values { get; init; }

    /// <summary>Who is told.</summary>
    public required IReadOnlyList<Recipient> Recipients { get; init; }

    /// <summary>Who may decide; null: the people among the recipients.</summary>
    public IReadOnlyList<Recipient>? Approvers { get; init; }

    /// <summary>Who hears the decision.</summary>
    public Recipient? Applicant { get; init; }

    public string? Subject { get; init; }

    public string? Webhook { get; init; }

    public required string Key { get; init; }

    public required string BodyHash { get; init; }

    /// <summary>Who sends it.</summary>
    public required KeyGrant Caller { get; init; }

    /// <summary>A trial: no switch, no quiet hours, nobody called back.</summary>
    public bool Test { get; init; }
}
