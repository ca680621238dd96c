using System.Collections.Immutable;
using Larkspur.Emulator.Web;
using Microsoft.AspNetCore.WebUtilities;

namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>The sign-in page of <c>login.dingtalk.com</c>: one chooses who one is, and the browser goes back with a code, or with an error when one refuses.</summary>
internal sealed class AuthorizePage(EmulatorState state, DingTalkSettings settings, SignInCodes codes) : IResettableState
{
    public const string Path = "/oauth2/auth";
    /// <summary>What goes back as <c>error</c> from who refuses. That there is an <c>error</c> is written; its value is UNVERIFIED.</summary>
    public const string Refused = "access_denied";

    /// <summary>Hosts with their ports to which the application may send people back; empty: any.</summary>
    public ImmutableArray<string> RedirectDomains { get; set; } = [];

    public void Reset() => RedirectDomains = [];

    public async Task HandleAsync(HttpContext http)
    {
        var query = http.Request.Query;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        var view = new AuthorizeView(http.Request, Texts.Choose(http.Request).Code == "zh");
        if (AuthorizeRequest.Read(query, settings, RedirectDomains, out var request) is { } wrong)
        {
            await WriteAsync(http, view.Problem(wrong), StatusCodes.Status400BadRequest);
            return;
        }

        if (query["deny"] == "true")
        {
            http.Response.Redirect(Back(request, ("error", Refused)));
            return;
        }

        if (request.AsksForOrganisation)
        {
            await WriteAsync(http, view.Organisation());
            return;
        }

        var people = state.People.Where(p => !p.IsResigned && (!request.OnlyManaged || p.IsTenantManager)).ToArray();
        // The emulator's own shortcut: who signs in stands in the address.
        if (query["as"].ToString() is not { Length: > 0 } chosen) await WriteAsync(http, view.Choice(people, request));
        else if (people.FirstOrDefault(p => p.PresentUserId == chosen) is not { } person)
            await WriteAsync(http, view.Problem("There is no such person."), StatusCodes.Status400BadRequest);
        else
        {
            // Both names, one value.
            var code = codes.Issue(new SignIn(person.UserId, SignInWay.Page, request.WithCorp));
            http.Response.Redirect(Back(request, ("code", code), ("authCode", code)));
        }
    }

    private static string Back(AuthorizeRequest request, params ReadOnlySpan<(string Name, string Value)> told)
    {
        var members = new Dictionary<string, string?>();
        foreach (var (name, value) in told) members[name] = value;
        if (request.State.Length > 0) members["state"] = request.State;
        return QueryHelpers.AddQueryString(request.RedirectUri.AbsoluteUri, members);
    }

    private static Task WriteAsync(HttpContext http, string html, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        return http.Response.WriteAsync(html, http.RequestAborted);
    }
}
