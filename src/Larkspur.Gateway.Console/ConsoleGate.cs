using System.Security.Claims;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Console;

/// <summary>Stands before everything of the console: no page and no circuit without a session, no page without its role, no circuit from another site's page.</summary>
internal static class ConsoleGate
{
    /// <summary>Scripts, styles and pictures are the gateway's own files. One picture is in its own address: the second factor's code.</summary>
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        + "connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public const string SessionClaim = "session";

    /// <summary>Where the request came from; within a circuit, its WebSocket.</summary>
    public const string AddressClaim = "address";

    /// <summary>The session of the request, or null.</summary>
    public static Session? SessionOf(HttpContext http) => http.Items[typeof(Session)] as Session;

    /// <summary>The log-in under way of the request for its second step, or null.</summary>
    public static PendingLogIn? PendingOf(HttpContext http) => http.Items[typeof(PendingLogIn)] as PendingLogIn;

    public static void UseConsoleGate(this WebApplication app) => app.Use(async (http, next) =>
    {
        var path = http.Request.Path;
        var circuit = path.StartsWithSegments(ConsolePaths.Circuits, StringComparison.OrdinalIgnoreCase);
        if (!circuit && !path.StartsWithSegments(ConsolePaths.Root, StringComparison.OrdinalIgnoreCase))
        {
            await next(http);
            return;
        }

        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        if (path.StartsWithSegments(ConsolePaths.Assets))
        {
            await next(http);
            return;
        }

        // As the antiforgery token's maker wants it too.
        headers.CacheControl = "no-cache, no-store";
        if (await http.RequestServices.GetRequiredService<Sessions>().OfTokenAsync(SessionCookie.Read(http.Request), http.RequestAborted) is { } session)
        {
            http.Items[typeof(Session)] = session;
            http.User = new ClaimsPrincipal(new ClaimsIdentity(
                [
                    new Claim(ClaimTypes.Name, session.Account.Name), new Claim(SessionClaim, session.Id),
                    .. http.Connection.RemoteIpAddress is { } address ? [new Claim(AddressClaim, address.ToString())] : Array.Empty<Claim>(),
                ],
                "console"));
        }

        if (circuit) await CircuitAsync(http, next);
        else await PageAsync(http, next);
    });

    private static async Task PageAsync(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path.Value ?? "";
        if (path is ConsolePaths.Code or ConsolePaths.SetUpFactor)
        {
            // The one page that a log-in under way opens; whoever has none begins anew.
            var pending = await http.RequestServices.GetRequiredService<PendingLogIns>().OfTokenAsync(PendingCookie.Read(http.Request), http.RequestAborted);
            if (pending is null || path != LogInEndpoints.PageOf(pending.Step))
            {
                http.Response.Redirect(pending is null ? ConsolePaths.LogIn : LogInEndpoints.PageOf(pending.Step));
                return;
            }

            http.Items[typeof(PendingLogIn)] = pending;
            await next(http);
            return;
        }

        if (path is ConsolePaths.LogIn or ConsolePaths.Setup or ConsolePaths.SignIn
            || http.Request.Path.StartsWithSegments(ConsolePaths.Forms, StringComparison.Ordinal))
        {
            await next(http);
            return;
        }

        if (SessionOf(http) is not { } session)
        {
            var back = HttpMethods.IsGet(http.Request.Method) ? ConsolePaths.Within(path + http.Request.QueryString) : ConsolePaths.Root;
            http.Response.Redirect(ConsolePaths.LogIn + (back == ConsolePaths.Root ? "" : "?back=" + Uri.EscapeDataString(back)));
            return;
        }

        if (http.GetEndpoint()?.Metadata.GetMetadata<NeedsRoleAttribute>() is { } needs && session.Account.Role < needs.Role)
        {
            // The page itself says so, in the reader's language.
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
        }

        await http.RequestServices.GetRequiredService<Sessions>().TouchAsync(session, http.RequestAborted);
        await next(http);
    }

    private static Task CircuitAsync(HttpContext http, RequestDelegate next)
    {
        if (SessionOf(http) is null) return http.WriteErrorAsync(StatusCodes.Status401Unauthorized, "log_in_needed");
        // A foreign page can open a WebSocket to us, and the browser would tell us where the page is from.
        if (http.WebSockets.IsWebSocketRequest || !HttpMethods.IsGet(http.Request.Method))
        {
            if (!IsOwn(http)) return http.WriteErrorAsync(StatusCodes.Status403Forbidden, "foreign_origin");
        }

        return next(http);
    }

    private static bool IsOwn(HttpContext http)
    {
        if (http.Request.Headers.Origin is not [{ } origin] || !Uri.TryCreate(origin, UriKind.Absolute, out var from)) return false;
        if (string.Equals(from.Authority, http.Request.Host.Value, StringComparison.OrdinalIgnoreCase)) return true;
        // Behind a proxy that has another name.
        return http.RequestServices.GetRequiredService<ISettings>().Now.Text(FeishuIntegration.CallbackDomain) is { } known
            && Uri.TryCreate(known, UriKind.Absolute, out var ours) && string.Equals(from.Authority, ours.Authority, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>The role that a page or an action needs; without it, being logged in is enough.</summary>
/// <param name="role">At least this one.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NeedsRoleAttribute(Role role) : Attribute
{
    /// <inheritdoc cref="NeedsRoleAttribute"/>
    public Role Role { get; } = role;
}
