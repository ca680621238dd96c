using System.Text;
using System.Text.Json;
using Larkspur.Emulator.Web.SignIn;
using Microsoft.AspNetCore.WebUtilities;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>The frame that the platform's script puts into the page of an app. Instead of a QR code it shows who could scan one; whoever
/// does is told to the page around it by a message.</summary>
/// <remarks>
/// Version 1.0.2 of the script is told the bare text, 1.0.3 (<c>sdk_version</c> in the address) an object with <c>tmp_code</c>.
/// That <c>source</c> stands beside it is UNVERIFIED.
/// </remarks>
internal sealed class QrPage(EmulatorState state, QrLogins scans, IdSource ids)
{
    public const string Path = "/suite/passport/sso/qr";
    private const string Authorize = "/suite/passport/oauth/authorize";
    private const int MostShown = 50;

    public async Task HandleAsync(HttpContext http)
    {
        var answer = Answer(http.Request);
        await answer.WriteAsync(http, answer.Body());
    }

    private ApiAnswer Answer(HttpRequest request)
    {
        var look = new SignInLook(request, SignInBrand.Feishu);
        if (Read(request, out var asked) is { } problem) return look.Problem(problem, PageShape.Square);
        if (request.Query["as"].ToString() is not { Length: > 0 } who) return look.Page(Choices(look, request), shape: PageShape.Square);
        if (state.Named(who) is not { Status: PersonStatus.Active } person)
            return look.Problem(new PageProblem(20008, "没有这个人。", "There is no such person."), PageShape.Square);
        if (asked!.App.QrFromElsewhere && OtherOrigin.Of(request) is { } moved) return moved;
        var scan = scans.Issue(person.UserId, asked);
        var message = request.Query.ContainsKey("sdk_version")
            ? JsonSerializer.Serialize(new Dictionary<string, string> { ["tmp_code"] = scan, ["source"] = "qrcode" })
            : JsonSerializer.Serialize(scan);
        var nonce = ids.Next("");
        // Which page shows the frame is not known here; what it hears is good for its app and address alone.
        return look.Page($"<h1>{look.Say("已扫码", "Scanned")}</h1><p>{SignInLook.Text(look.NameOf(person))}</p>"
            + $"<script nonce=\"{nonce}\">parent.postMessage({message}, \"*\");</script>", shape: PageShape.Square, nonce: nonce);
    }

    /// <summary>Only the old passport's address is one to go on to; the one of <c>accounts</c> is not.</summary>
    private PageProblem? Read(HttpRequest request, out AuthorizeRequest? asked)
    {
        asked = null;
        var wanted = request.Query["goto"].ToString();
        if (request.Query["goto"].Count != 1 || RedirectList.Address(wanted) is not { } address || address.AbsolutePath != Authorize
            || !IsOwn(address, request))
            return new PageProblem(20063, $"goto 必须是 {Authorize} 地址。", $"goto must be an address of {Authorize}.");
        var query = new QueryCollection(QueryHelpers.ParseQuery(address.Query));
        return AuthorizeRequest.Read(query, state, AuthorizeForm.Passport, out asked);
    }

    private static bool IsOwn(Uri address, HttpRequest request) => address.IsLoopback
        || address.Authority.Equals(request.Host.Value, StringComparison.OrdinalIgnoreCase);

    private string Choices(SignInLook look, HttpRequest request)
    {
        var body = new StringBuilder($"<h1>{look.Say("谁来扫码？", "Who scans the code?")}</h1>");
        body.Append($"<form method=\"get\" action=\"{SignInLook.Text(request.PathBase + request.Path)}\">");
        foreach (var (name, values) in request.Query.Where(q => q.Key is not ("as" or OtherOrigin.Moved)))
            body.Append($"<input type=\"hidden\" name=\"{SignInLook.Text(name)}\" value=\"{SignInLook.Text(values.ToString())}\">");
        foreach (var person in state.People.Where(p => p.Status == PersonStatus.Active).Take(MostShown))
        {
            body.Append($"<button name=\"as\" value=\"{SignInLook.Text(SignInLook.ValueOf(person))}\">");
            body.Append($"{SignInLook.Text(look.NameOf(person))}</button>");
        }

        return body.Append("</form>").ToString();
    }
}
