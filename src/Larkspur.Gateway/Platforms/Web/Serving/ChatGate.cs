using System.Globalization;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Platforms.Web.Sessions;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>
/// The door of the chat's API: nothing is read of a request before its token is known to be good, nor done. The token travels in a header that no foreign page can make a browser
/// send by itself, so there is nothing to forge from another site; cookies are neither set nor read.
/// </summary>
internal sealed class ChatGate(SessionLookup sessions, ChatRates rates, ISettings settings, TimeProvider clock)
{
    /// <summary>Does the work for the session whose token the request carries.</summary>
    public async Task RunAsync(HttpContext http, bool isMessage, Func<WebSession, Task> work)
    {
        if (http.Request.Headers.Origin.Count > 0) http.Response.Headers.Append("Vary", "Origin");
        var (session, refusal) = await LookAtAsync(http);
        // Also to who is refused: the site that embeds it is to learn why.
        if (session is not null && !LetOrigin(http, session))
        {
            await RefuseAsync(http, StatusCodes.Status403Forbidden, "foreign_origin", "The session was not begun for pages of this origin.", null);
            return;
        }

        if (refusal is { } no)
        {
            if (no.Status == StatusCodes.Status401Unauthorized) http.Response.Headers.WWWAuthenticate = "Bearer";
            await RefuseAsync(http, no.Status, no.Word, no.Sentence, no.Wait);
            return;
        }

        if (rates.Take(session!.Name, isMessage) is { } wait)
        {
            await RefuseAsync(http, StatusCodes.Status429TooManyRequests, "rate_limited", "That was too much within a minute. Retry-After says when more is taken.", wait);
            return;
        }

        try
        {
            await work(session);
        }
        catch (RequestRefusedException e) when (!http.Response.HasStarted)
        {
            await Problems.WriteAsync(http, Problem.Of(e));
        }
    }

    /// <summary>Answers a browser that asks whether it may. It learns nothing by it: the call itself is refused when its token is not for this origin.</summary>
    public static Task PreflightAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.Append("Vary", "Origin");
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        if (http.Request.Headers.Origin is not [{ Length: > 0 and <= 300 } origin] || origin.Any(char.IsControl)) return Task.CompletedTask;
        headers.AccessControlAllowOrigin = origin;
        headers.AccessControlAllowMethods = "GET, POST";
        headers.AccessControlAllowHeaders = "Authorization, Content-Type, Last-Event-ID";
        headers.AccessControlMaxAge = "600";
        return Task.CompletedTask;
    }

    private async Task<(WebSession? Session, Refusal? No)> LookAtAsync(HttpContext http)
    {
        if (http.Request.Headers.Authorization is not [{ Length: < 200 } header] || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            return (null, new Refusal(StatusCodes.Status401Unauthorized, "wrong_token", "The call carries no token: Authorization: Bearer TOKEN.", null));
        var token = header["Bearer ".Length..].Trim();
        var found = await sessions.OfTokenAsync(http, token);
        if (found.Wait is { } wait)
            return (null, new Refusal(StatusCodes.Status429TooManyRequests, "too_many_attempts", "Too many wrong tokens came from this address.", wait));
        if (found.Session is not { } session)
            return (null, new Refusal(StatusCodes.Status401Unauthorized, "wrong_token", "No session has this token.", null));
        return session switch
        {
            { IsShutOut: true } => (session, new Refusal(StatusCodes.Status403Forbidden, "person_disabled", "An administrator has shut this person out.", null)),
            { RevokedAt: not null } => (session, new Refusal(StatusCodes.Status401Unauthorized, "revoked_session", "The session was ended.", null)),
            _ when session.ExpiresAt <= clock.GetUtcNow() => (session, new Refusal(StatusCodes.Status401Unauthorized, "expired_session", "The session has expired.", null)),
            _ => (session, null),
        };
    }

    private bool LetOrigin(HttpContext http, WebSession session)
    {
        if (http.Request.Headers.Origin is not { Count: > 0 } origins) return true;
        if (origins is not [{ } origin]) return false;
        if (session.Origins.Contains(origin, StringComparer.OrdinalIgnoreCase))
        {
            http.Response.Headers.AccessControlAllowOrigin = origin;
            http.Response.Headers.AccessControlExposeHeaders = "Retry-After";
            return true;
        }

        if (!Uri.TryCreate(origin, UriKind.Absolute, out var from)) return false;
        // The public address, which a proxy may serve under another name.
        if (settings.Now.Text(FeishuIntegration.CallbackDomain) is { } known && Uri.TryCreate(known, UriKind.Absolute, out var ours)
            && IsSame(from.Authority, ours.Authority))
        {
            return from.Scheme == ours.Scheme;
        }

        // A page that came in the clear may be anybody's; one over TLS whose proxy speaks in the clear to the gateway is its own.
        return IsSame(from.Authority, http.Request.Host.Value) && (from.Scheme == Uri.UriSchemeHttps || !http.Request.IsHttps);
    }

    private static bool IsSame(string authority, string? other) => string.Equals(authority, other, StringComparison.OrdinalIgnoreCase);

    private static Task RefuseAsync(HttpContext http, int status, string word, string sentence, TimeSpan? wait)
    {
        if (wait is { } time) http.Response.Headers.RetryAfter = ((int)Math.Max(1, Math.Ceiling(time.TotalSeconds))).ToString(CultureInfo.InvariantCulture);
        return Problems.WriteAsync(http, Problem.Of(status, word, sentence));
    }

    private readonly record struct Refusal(int Status, string Word, string Sentence, TimeSpan? Wait);
}
