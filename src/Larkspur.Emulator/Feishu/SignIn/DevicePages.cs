using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Web.SignIn;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>Where a program without a browser begins its sign-in, and where a person ends it.</summary>
internal sealed class DevicePages(EmulatorState state, DeviceLogins devices)
{
    public const string Begin = "/oauth/v1/device_authorization";
    public const string Verification = "/oauth/v1/device";
    private const int MostBytes = 16 << 10;

    /// <summary>Id and secret come by Basic, what is asked for as a form. How the platform words a refusal is UNVERIFIED.</summary>
    public async Task BeginAsync(HttpContext http)
    {
        var body = new ReceivedBody();
        ApiAnswer answer;
        try
        {
            await body.ReadAsync(http.Request, MostBytes, MostBytes);
            await body.ParseAsync(_ => false);
            answer = Answer(http.Request, body.Json);
        }
        catch (BadBodyException)
        {
            answer = Refused("invalid_request", StatusCodes.Status400BadRequest);
        }

        await answer.WriteAsync(http, answer.Body());
    }

    public async Task VerifyAsync(HttpContext http)
    {
        var answer = Page(http.Request);
        await answer.WriteAsync(http, answer.Body());
    }

    private ApiAnswer Answer(HttpRequest request, JsonObject form)
    {
        if (Client(request) is not { } app || form.TextOf("client_id") is { Length: > 0 } named && named != app.AppId)
            return Refused("invalid_client", StatusCodes.Status401Unauthorized);
        var scopes = form.TextOf("scope").Split(' ', StringSplitOptions.RemoveEmptyEntries).ToImmutableSortedSet(StringComparer.Ordinal);
        if (!scopes.All(app.IsGranted)) return Refused("invalid_scope", StatusCodes.Status400BadRequest);
        var (device, user) = devices.Begin(app.AppId, scopes);
        var address = $"{request.Scheme}://{request.Host}{request.PathBase}{Verification}";
        return new ApiAnswer
        {
            Headers = SignInLook.Quiet,
            Json = new JsonObject
            {
                ["device_code"] = device, ["user_code"] = user, ["verification_uri"] = address,
                ["verification_uri_complete"] = $"{address}?user_code={user}",
                ["expires_in"] = (int)DeviceLogins.Life.TotalSeconds, ["interval"] = (int)DeviceLogins.Interval.TotalSeconds,
            },
        };
    }

    private BotApp? Client(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[6..].Trim(), bytes, out var length)) return null;
        var pair = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return pair.Length == 2 && state.App(pair[0]) is { Online: not null } app
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(pair[1]), Encoding.UTF8.GetBytes(app.AppSecret)) ? app : null;
    }

    private ApiAnswer Page(HttpRequest request)
    {
        var look = new SignInLook(request, SignInBrand.Feishu);
        var code = request.Query["user_code"].ToString();
        if (code.Length == 0) return look.Page(Ask(look, request));
        if (devices.Waiting(code) is not { } waiting || state.App(waiting.AppId) is not { } app)
            return look.Problem(new PageProblem(20003, "验证码无效或已过期。", "The code is unknown or too old."));
        var denied = request.Query["decision"] == "deny";
        var who = request.Query["as"].ToString();
        if (!denied && who.Length == 0) return look.Page(new ConsentView(look, state, request).Form(app, waiting.Scopes, null));
        if (!denied && state.Named(who) is not { Status: PersonStatus.Active })
            return look.Problem(new PageProblem(20008, "没有这个人。", "There is no such person."));
        devices.Decide(code, denied ? null : state.Named(who)!.UserId);
        return look.Page($"<h1>{(denied ? look.Say("已拒绝", "Denied") : look.Say("已授权", "Allowed"))}</h1>"
            + $"<p>{look.Say("可以关闭此页面。", "You can close this page.")}</p>");
    }

    private static string Ask(SignInLook look, HttpRequest request) =>
        $"<h1>{look.Say("输入设备上显示的验证码", "Enter the code that your device shows")}</h1>"
        + $"<form method=\"get\" action=\"{SignInLook.Text(request.PathBase + request.Path)}\">"
        + $"<input type=\"text\" name=\"user_code\" required maxlength=\"20\" autocomplete=\"off\" "
        + $"aria-label=\"{look.Say("验证码", "Code")}\">"
        + $"<div class=\"choice\"><button>{look.Say("继续", "Continue")}</button></div></form>";

    private static ApiAnswer Refused(string word, int status) =>
        new() { Status = status, Headers = SignInLook.Quiet, Json = new JsonObject { ["error"] = word, ["error_description"] = word } };
}
