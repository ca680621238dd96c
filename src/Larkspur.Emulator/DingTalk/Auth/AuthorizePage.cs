using System.Text;
using System.Text.Encodings.Web;
using Larkspur.Emulator.World;
using Microsoft.AspNetCore.WebUtilities;

namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>The sign-in page of <c>login.dingtalk.com</c>: one chooses who one is, and the browser goes back with a code.</summary>
internal sealed class AuthorizePage(EmulatedWorld world, DingTalkSettings settings, SignInCodes codes)
{
    public const string Path = "/oauth2/auth";

    public async Task HandleAsync(HttpContext http)
    {
        var query = http.Request.Query;
        http.Response.Headers.CacheControl = "no-store";
        http.Response.Headers["Referrer-Policy"] = "no-referrer";
        if (Wrong(query) is { } why)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync(why);
            return;
        }

        // The emulator's own shortcut: who signs in stands in the address.
        if (query["as"].ToString() is not { Length: > 0 } chosen)
        {
            http.Response.ContentType = "text/html; charset=utf-8";
            http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
            await http.Response.WriteAsync(Choice(http.Request));
            return;
        }

        if (world.Person(chosen) is not { IsResigned: false } person)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await http.Response.WriteAsync("There is no such person.");
            return;
        }

        // Both names, one value.
        var code = codes.Issue(person.UserId);
        http.Response.Redirect(QueryHelpers.AddQueryString(query["redirect_uri"].ToString(), new Dictionary<string, string?> { ["code"] = code, ["authCode"] = code, ["state"] = query["state"].ToString() }));
    }

    private string? Wrong(IQueryCollection query) =>
        query["client_id"] != settings.ClientId ? "client_id is not the application."
        : query["response_type"] != "code" ? "response_type must be code."
        : !query["scope"].ToString().Split(' ').Contains("openid") ? "scope must contain openid."
        : !(Uri.TryCreate(query["redirect_uri"].ToString(), UriKind.Absolute, out var back) && back.Scheme is "http" or "https") ? "redirect_uri must be an http address."
        : null;

    private string Choice(HttpRequest request)
    {
        var page = new StringBuilder("<!doctype html><html lang=\"zh\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>钉钉登录 · DingTalk</title>")
            .Append("<style>body{font:16px system-ui,sans-serif;max-width:24rem;margin:4rem auto;padding:0 1rem}a{display:block;padding:.75rem 1rem;margin:.5rem 0;border:1px solid #bbb;border-radius:.5rem;color:inherit;text-decoration:none}a:focus,a:hover{border-color:#0089ff}</style>")
            .Append("<h1>以谁的身份登录？<br>Sign in as</h1>");
        foreach (var person in world.People.Where(p => !p.IsResigned))
        {
            var link = QueryHelpers.AddQueryString(request.PathBase + Path + request.QueryString, "as", person.UserId);
            page.Append("<a href=\"").Append(HtmlEncoder.Default.Encode(link)).Append("\">").Append(HtmlEncoder.Default.Encode($"{person.Name} {person.EnName}")).Append("</a>");
        }

        return page.ToString();
    }
}
