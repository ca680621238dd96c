using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;

namespace Larkspur.Gateway.Webhooks;

/// <summary>Which scopes it takes to have events of a type sent to a webhook. See docs/webhooks.md.</summary>
/// <remarks>
/// The gateway's own events go to the system whose thing they tell of, and take none. Everything else is what people and the platform do, which is no system's:
/// having it sent is reading it.
/// </remarks>
internal static class EventRights
{
    /// <summary>The gateway's own, which take none.</summary>
    public static readonly string[] Own =
        ["card.action", "command.called", "approval.decided", "payment.decided", "payment.failed", "authorization.given",
            "authorization.refused", "authorization.ended", WebhookTester.EventType];

    /// <summary>The first scope that the caller lacks for this type; null: none.</summary>
    public static string? Missing(KeyGrant caller, string type) => ScopesOf(type).FirstOrDefault(scope => !caller.Has(scope));

    private static string[] ScopesOf(string type) => type switch
    {
        "*" => [ApiScopes.OthersRead, ApiScopes.MessagesRead, ApiScopes.ApprovalsRead, ApiScopes.PeopleRead],
        _ when Own.Contains(type) => [],
        _ when type.StartsWith("im.", StringComparison.Ordinal) || type.StartsWith("message", StringComparison.Ordinal) => [ApiScopes.MessagesRead, ApiScopes.OthersRead],
        _ when type.StartsWith("approval", StringComparison.Ordinal) => [ApiScopes.ApprovalsRead, ApiScopes.OthersRead],
        // Whom the directory has is the company's, and no system's.
        _ when type.StartsWith("person.", StringComparison.Ordinal) || type.StartsWith("department.", StringComparison.Ordinal) =>
            [ApiScopes.PeopleRead],
        _ when type.StartsWith("contact.", StringComparison.Ordinal) => [ApiScopes.PeopleRead, ApiScopes.OthersRead],
        _ => [ApiScopes.OthersRead],
    };
}
