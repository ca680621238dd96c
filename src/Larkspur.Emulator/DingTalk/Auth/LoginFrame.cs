using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Web.SignIn;

namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>The sign-in page inside of an application's page, as the platform's script puts it there (<c>DTFrameLogin</c>).</summary>
/// <remarks>
/// UNVERIFIED: that the address says <c>iframe=true</c>, and the form of the message, <c>{"success":true,"redirectUrl"}</c> or
/// <c>{"success":false,"errorMsg"}</c>. Written is what the script makes of it, and that only a page of <c>redirect_uri</c>'s origin hears.
/// </remarks>
internal sealed class LoginFrame(IdSource ids)
{
    public static bool Is(HttpRequest request) => request.Query["iframe"] == "true";

    public static PageShape Shape(bool framed) => framed ? PageShape.Panel : PageShape.Page;

    public ApiAnswer SignedIn(SignInLook look, AuthorizeRequest asked, string address) =>
        Tell(look, asked, new JsonObject { ["success"] = true, ["redirectUrl"] = address }, look.Say("登录成功", "Signed in"));

    public ApiAnswer Refused(SignInLook look, AuthorizeRequest asked) =>
        Tell(look, asked, new JsonObject { ["success"] = false, ["errorMsg"] = AuthorizePage.Refused },
            look.Say("已取消登录。", "You refused to sign in."));

    public ApiAnswer Failed(SignInLook look, AuthorizeRequest asked, PageProblem why) =>
        Tell(look, asked, new JsonObject { ["success"] = false, ["errorMsg"] = why.En }, look.Say(why.Zh, why.En),
            StatusCodes.Status400BadRequest);

    private ApiAnswer Tell(SignInLook look, AuthorizeRequest asked, JsonObject message, string note, int status = StatusCodes.Status200OK)
    {
        // Where nobody knows which page may hear it, nothing is secret either.
        var hears = asked.RedirectUri.Scheme is "http" or "https" ? asked.RedirectUri.GetLeftPart(UriPartial.Authority) : "*";
        var nonce = ids.Next("");
        return look.Page($"<h1 role=\"status\">{SignInLook.Text(note)}</h1><script nonce=\"{nonce}\">"
            + $"parent.postMessage({JsonSerializer.Serialize(message)}, {JsonSerializer.Serialize(hears)});</script>",
            status, PageShape.Panel, nonce);
    }
}
