using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Web.SignIn;

namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>The browser's login inside of an app's page, as the platform's script puts it there (<c>ww.createWWLoginPanel</c>).</summary>
/// <remarks>
/// It says what happens in messages to the page around it, whose host must be that of <c>redirect_uri</c>. What the page hears of who
/// refuses or cannot sign in is UNVERIFIED: here nothing, and a failure without a code.
/// </remarks>
internal sealed class LoginPanel(IdSource ids, SignInRules rules)
{
    private const string Type = "redirect_type";
    private const string Callback = "callback";
    private const string Fail = "onLoginFail";

    /// <summary>The script names its version, and how the person goes on.</summary>
    public static bool Is(HttpRequest request) => request.Query.ContainsKey(Type) || request.Query.ContainsKey("version");

    public static string? Theme(HttpRequest request) =>
        request.Query["color_scheme"].ToString() is ("light" or "dark") and var chosen ? chosen : null;

    /// <summary>What only a panel finds wrong.</summary>
    public PageProblem? Problem(HttpRequest request, SignInRequest asked) =>
        request.Query[Type].ToString() is not ("" or "top" or Callback or "self")
            ? new(null, "redirect_type 错误。", "redirect_type must be top, callback or self.")
        : Around(request) is { } page && page.Authority != asked.Back.Authority
            ? new(-31033, "页面域名与 redirect_uri 不一致。", $"The page around the panel is not of redirect_uri's host: {page.Authority}")
        : rules.FailCode is { } code ? new(code, "登录失败。", "Planned to fail.") : null;

    public ApiAnswer Ask(SignInLook look, HttpRequest request, SignInRequest asked, string body, bool isKnown) =>
        Page(look, request, asked, body, StatusCodes.Status200OK, new JsonObject
        {
            ["call"] = "onCheckWeComLogin", ["payload"] = new JsonObject { ["isWeComLogin"] = isKnown },
        });

    public ApiAnswer Failed(SignInLook look, HttpRequest request, SignInRequest asked, PageProblem why)
    {
        var fail = new JsonObject { ["errCode"] = why.Code, ["errMsg"] = why.En };
        var told = new JsonObject { ["call"] = Fail, ["payload"] = fail };
        if (!IsScript(request)) return Page(look, request, asked, look.Say(why), StatusCodes.Status400BadRequest, told);
        told["note"] = look.Say(why.Zh, why.En);
        return Told(told);
    }

    public ApiAnswer Refused(SignInLook look, HttpRequest request, SignInRequest asked)
    {
        var note = look.Say("已取消登录。", "You refused to sign in.");
        return IsScript(request) ? Told(new JsonObject { ["note"] = note })
            : Page(look, request, asked, $"<h1>{note}</h1>", StatusCodes.Status200OK, []);
    }

    /// <param name="back">Where the person goes with the code, when the page does not take it.</param>
    public ApiAnswer SignedIn(SignInLook look, HttpRequest request, SignInRequest asked, string code, string back)
    {
        var told = new JsonObject { ["note"] = look.Say("登录成功", "Signed in"), ["done"] = true };
        switch (request.Query[Type].ToString())
        {
            // The state is not told: the page knows its own.
            case Callback:
                (told["call"], told["payload"]) = ("onLoginSuccess", new JsonObject { ["code"] = code });
                break;
            case "self":
                told["go"] = back;
                break;
            default:
                (told["go"], told["top"]) = (back, true);
                break;
        }

        return IsScript(request) ? Told(told)
            : Page(look, request, asked, $"<h1>{told["note"]}</h1>", StatusCodes.Status200OK, told);
    }

    /// <summary>The panel's script asks without leaving the page, so that its line to the page around it stays open.</summary>
    private static bool IsScript(HttpRequest request) => request.Headers.Accept.ToString() == "application/json";

    private static ApiAnswer Told(JsonObject told) => new() { Json = told, Headers = SignInLook.Quiet };

    /// <summary>Which page shows the panel, as the browser says.</summary>
    private static Uri? Around(HttpRequest request) =>
        !IsScript(request) && Uri.TryCreate(request.Headers.Referer, UriKind.Absolute, out var page)
        && page.Authority != request.Host.Value ? page : null;

    private ApiAnswer Page(SignInLook look, HttpRequest request, SignInRequest asked, string body, int status, JsonObject first)
    {
        // A failure is told to whoever shows the panel; a code only to a page of the host that gets people back.
        var failed = first["call"]?.ToString() == Fail;
        var hears = failed ? Around(request)?.GetLeftPart(UriPartial.Authority) ?? "*" : asked.Back.GetLeftPart(UriPartial.Authority);
        var nonce = ids.Next("");
        var settings = JsonSerializer.Serialize(new JsonObject { ["origin"] = hears, ["first"] = first });
        return look.Page($"{body}<p id=\"note\" role=\"status\"></p><script nonce=\"{nonce}\">({PanelScript.Text})({settings});</script>",
            status, PageShape.Panel, nonce);
    }
}
