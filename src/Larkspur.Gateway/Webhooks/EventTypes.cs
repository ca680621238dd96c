using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Larkspur.Feishu.Events;
using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Webhooks;

/// <summary>
/// Names of events that webhooks list. A platform may bring new ones at any time, so a name that nobody knows is taken; one that is a known
/// name mistyped, or that would be the gateway's own and is none, is not: its webhook would wait for ever.
/// </summary>
internal static partial class EventTypes
{
    /// <summary>Letters that differ in what still looks like a known name.</summary>
    private const int Mistyped = 2;

    /// <summary>The gateway's own.</summary>
    public static readonly string[] Own = ["approval.decided", "approval.external_action", "payment.decided", "payment.failed",
        "card.action", "command.called", "person.joined", "person.changed", "person.left", "department.created", "department.changed",
        "department.removed", "authorization.given", "authorization.refused", "authorization.ended"];

    /// <summary>The platform's that are known, by name.</summary>
    public static readonly string[] OfPlatform =
        [.. FeishuEvents.All.Select(type => type.EventType).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static readonly FrozenSet<string> Known =
        OfPlatform.Concat(Own).Append(WebhookTester.EventType).ToFrozenSet(StringComparer.Ordinal);

    /// <summary>What is wrong with a name; null: nothing.</summary>
    public static string? ProblemOf(string type)
    {
        if (type == "*" || Known.Contains(type)) return null;
        if (!WebhookEndpointRules.IsEventType(type)) return "Write it like im.message.receive_v1 or approval.decided, or * for all.";
        if (Spelling.Nearest(type, Known, Mistyped) is { } near && StemOf(near) != StemOf(type))
            return $"There is no event \"{type}\". Did you mean \"{near}\"?";
        return OwnForm().IsMatch(type) ? $"There is no event \"{type}\". The gateway's own are {string.Join(", ", Own)}." : null;
    }

    /// <summary>Without its version: the next one of a known event is new, and not mistyped.</summary>
    private static string StemOf(string type) => Version().Replace(type, "");

    [GeneratedRegex(@"_v\d+$", RegexOptions.CultureInvariant)]
    private static partial Regex Version();

    [GeneratedRegex(@"^(payment|card|command|person|department|authorization)\.", RegexOptions.CultureInvariant)]
    private static partial Regex OwnForm();
}
