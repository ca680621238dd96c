using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Web;

namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>The platform's two pages that send a person back with a code: the client's own, and the browser's login. Without a name they ask who.</summary>
internal sealed partial class SignInPages(EmulatorSettings settings, WeComCorp corp, SignInCodes codes)
{
    public const string Authorize = "/connect/oauth2/authorize";
    /// <summary>The platform's is on a host of its own: <c>/wwlogin/sso/login</c>.</summary>
    public const string Login = "/cgi-bin/emulator/login";

    private const string Style = """
        :root{color-scheme:light dark}:root[data-theme=light]{color-scheme:light}:root[data-theme=dark]{color-scheme:dark}
        body{font:16px/1.6 system-ui,"PingFang SC","Noto Sans CJK SC",sans-serif;margin:3rem auto;padding:0 16px;max-width:24rem;
        background:light-dark(#f5f5f9,#12121a);color:light-dark(#1d1d2b,#ececf4)}a{color:light-dark(#4c4ab8,#a5a3f2)}
        """;

    public async Task AuthorizeAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var scope = query["scope"].ToString();
        var wrong = query["response_type"] != "code" ? "response_type must be code"
            : scope is not ("snsapi_base" or "snsapi_privateinfo") ? "scope must be snsapi_base or snsapi_privateinfo"
            : scope == "snsapi_privateinfo" && query["agentid"] != $"{settings.WeCom.AgentId}" ? "snsapi_privateinfo needs the application's agentid"
            : null;
        await AnswerAsync(http, wrong, scope == "snsapi_privateinfo");
    }

    public async Task LoginAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var wrong = query["login_type"] is not [{ } type] || type is not ("CorpApp" or "ServiceApp") ? "login_type must be CorpApp or ServiceApp"
            : query["agentid"] != $"{settings.WeCom.AgentId}" ? "agentid is not the application's"
            : null;
        await AnswerAsync(http, wrong, withTicket: false);
    }

    private async Task AnswerAsync(HttpContext http, string? wrong, bool withTicket)
    {
        var query = http.Request.Query;
        var (back, state) = (query["redirect_uri"].ToString(), query["state"].ToString());
        if (query["appid"] != settings.WeCom.CorpId) wrong ??= "appid is not the corp's id";
        if (!StateForm().IsMatch(state)) wrong ??= "state holds at most 128 letters and digits";
        if (!Uri.TryCreate(back, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) wrong ??= "redirect_uri is no web address (50001)";
        else if (!corp.MaySignIn(address)) wrong ??= $"redirect_uri's host with its port is not among the trusted domains (50001): {address.Authority}";
        http.Response.Headers.CacheControl = "no-store";
        if (wrong is not null)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            await PageAsync(http, $"<h1>企业微信 WeCom</h1><p>{HtmlEncoder.Default.Encode(wrong)}</p>");
            return;
        }

        if (query["as"].ToString() is { Length: > 0 } who)
        {
            if (corp.Member(who) is { } person) http.Response.Redirect(Back(address!, codes.Issue(person.UserId, withTicket), state));
            else await PageAsync(http, "<h1>企业微信 WeCom</h1><p>There is no such member.</p>");
            return;
        }

        var choices = corp.Members.Select(p =>
        {
            var link = $"{http.Request.Path}{http.Request.QueryString}&as={Uri.EscapeDataString(p.PresentUserId)}";
            return $"<li><a href=\"{HtmlEncoder.Default.Encode(link)}\">{HtmlEncoder.Default.Encode($"{p.Name} {p.EnName}")}</a></li>";
        });
        await PageAsync(http, $"<h1>企业微信 WeCom</h1><p>谁要登录？ Who signs in?</p><ul>{string.Concat(choices)}</ul>");
    }

    private static string Back(Uri address, string code, string state)
    {
        var to = new UriBuilder(address);
        to.Query = $"{(to.Query.Length > 1 ? to.Query[1..] + "&" : "")}code={code}&state={Uri.EscapeDataString(state)}";
        return to.Uri.AbsoluteUri;
    }

    private static Task PageAsync(HttpContext http, string body)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
        return http.Response.WriteAsync($"<!doctype html><html data-theme=\"{Theme.Of(http.Request)}\"><meta charset=\"utf-8\">"
            + $"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>WeCom</title>"
            + $"<style>{Style}</style>{body}", Encoding.UTF8, http.RequestAborted);
    }

    [GeneratedRegex(@"\A[0-9A-Za-z]{0,128}\z")]
    private static partial Regex StateForm();
}
