using System.Text.Json;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Platforms.Feishu.SignIn;

/// <summary>The platform ended somebody's tokens: the person, an administrator or its security did. What they allowed here ends with
/// them.</summary>
/// <remarks>Source: authentication-management/auth-v4/revoked.</remarks>
internal sealed class FeishuRevokedTokens(AuthorizationStore store)
{
    public const string Type = "auth.user_access_token.revoked_v4";

    public ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation)
    {
        using var json = JsonDocument.Parse(context.Event.Payload);
        var openId = json.RootElement.TryGetProperty("open_id", out var id) && id.ValueKind == JsonValueKind.String
            && id.GetString() is { Length: > 0 and <= 128 } text ? text : null;
        if (openId is null) return ValueTask.FromResult(Reaction.Ignore("names_nobody"));
        // A late repetition says nothing of what was given since.
        var (app, happened) = (context.Event.App, context.Event.HappenedAt);
        return ValueTask.FromResult(new Reaction(async effects =>
        {
            await store.EndOfPersonAsync(effects.Unit, Actor.System, app, openId, AuthorizationEnds.Revoked, happened);
            return Outcome.Answered;
        }));
    }
}
