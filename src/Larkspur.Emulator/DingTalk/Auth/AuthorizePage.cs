using Larkspur.Emulator.Web.SignIn;
using Microsoft.AspNetCore.WebUtilities;

namespace Larkspur.Emulator.DingTalk.Auth;

/// <summary>The sign-in page of <c>login.dingtalk.com</c>: one chooses who one is, and the browser goes back with a code, or with an
/// error when one refuses.</summary>
/// <remarks>
/// An account is a person's own: whoever left the organisation still signs in, but for no organisation. Inside the client (a
/// <c>User-Agent</c> with <c>DingTalk</c>) nothing is asked of who signed in before: that it is so with <c>prompt=consent</c> is
/// UNVERIFIED.
/// </remarks>
internal sealed class AuthorizePage(
    EmulatorState state, DingTalkSettings settings, SignInRules rules, SignInCodes codes, LoginFrame frame)
{
    public const string Path = "/oauth2/auth";
    /// <summary>What goes back as <c>error</c> from who refuses. That there is one is written; its value is UNVERIFIED.</summary>
    public const string Refused = "access_denied";

    private static readonly SignedInBefore Before = new("larkspur_dingtalk_person", "/oauth2");

    public async Task HandleAsync(HttpContext http)
    {
        var answer = Answer(http.Request);
        await answer.WriteAsync(http, answer.Body());
    }

    private ApiAnswer Answer(HttpRequest http)
    {
        var look = new SignInLook(http, SignInBrand.DingTalk);
        var framed = LoginFrame.Is(http);
        if (framed && rules.FrameWrongOrigin && OtherOrigin.Of(http) is { } moved) return moved;
        if (AuthorizeRequest.Read(http.Query, settings, rules, out var asked) is { } wrong) return Problem(look, asked, framed, wrong);
        if (PersonPicker.Refuses(http.Query))
            return framed ? frame.Refused(look, asked) : Goes(Back(asked, ("error", Refused)));

        if (asked.AsksForOrganisation) return look.Page(Organisation(look, http), shape: LoginFrame.Shape(framed));
        var remembered = Before.Of(http, state);
        var named = PersonPicker.Named(http.Query);
        var person = named is not null ? state.Named(named) : IsClient(http) ? remembered : null;
        if (named is not null && person is null) return Problem(look, asked, framed, new(null, "没有这个人。", "There is no such person."));
        if (person is null) return Ask(look, http, asked, framed, remembered);
        if (Barred(person, asked) is { } barred) return Problem(look, asked, framed, barred);
        // Both names, one value.
        var code = codes.Issue(new SignIn(person.UserId, SignInWay.Page, asked.WithCorp));
        var address = Back(asked, ("code", code), ("authCode", code));
        return Before.Keep(framed ? frame.SignedIn(look, asked, address) : Goes(address), http, person);
    }

    private ApiAnswer Ask(SignInLook look, HttpRequest http, AuthorizeRequest asked, bool framed, Person? remembered)
    {
        // A leaver whose userid somebody else has by now cannot be named.
        var people = state.People.Where(p => Barred(p, asked) is null && state.Named(SignInLook.ValueOf(p))?.UserId == p.UserId)
            .OrderBy(p => p.IsResigned).ToArray();
        var body = $"<h1>{look.Say("登录应用", "Sign in to the application")}</h1>"
            + $"<p>{look.Say("登录后将返回", "Afterwards you return to")} {SignInLook.Text(asked.RedirectUri.Authority)}</p>"
            + (people.Length == 0 ? $"<p role=\"alert\">{look.Say("没有人管理这个组织。", "Nobody manages an organisation here.")}</p>" : "")
            + new PersonPicker(look, http).Form(people, remembered);
        return look.Page(body, shape: LoginFrame.Shape(framed));
    }

    /// <summary>Only who is in the organisation can choose it; an application of one organisation takes no other.</summary>
    private PageProblem? Barred(Person person, AuthorizeRequest asked) =>
        asked.OnlyManaged && !person.IsTenantManager ? new(null, "你没有管理的组织。", "You manage no organisation.")
        : asked.WithCorp && rules.TokenCorpId is null && (person.IsGuest || person.IsResigned)
            ? new(null, "该应用仅限本组织成员登录。", "The application is for members of its own organisation only.") : null;

    private ApiAnswer Problem(SignInLook look, AuthorizeRequest asked, bool framed, PageProblem why) =>
        framed ? frame.Failed(look, asked, why) : look.Problem(why);

    private static bool IsClient(HttpRequest http) =>
        http.Headers.UserAgent.ToString().Contains("DingTalk", StringComparison.OrdinalIgnoreCase);

    /// <summary>The organisation's code, which exclusive accounts begin with.</summary>
    private static string Organisation(SignInLook look, HttpRequest http)
    {
        const string field = "exclusiveCorpId";
        var carried = http.Query.Where(q => q.Key != field).Select(q =>
            $"<input type=\"hidden\" name=\"{SignInLook.Text(q.Key)}\" value=\"{SignInLook.Text(q.Value.ToString())}\">");
        return $"<h1>{look.Say("专属帐号登录", "Exclusive account")}</h1>"
            + $"<p>{look.Say("请输入组织代码。", "Enter the code of your organisation.")}</p>"
            + $"<form method=\"get\" action=\"{SignInLook.Text(http.PathBase + http.Path)}\">{string.Concat(carried)}"
            + $"<input type=\"text\" name=\"{field}\" required maxlength=\"64\" autocomplete=\"off\" "
            + $"aria-label=\"{look.Say("组织代码", "Code of the organisation")}\">"
            + $"<div class=\"choice one\"><button>{look.Say("继续", "Continue")}</button></div></form>";
    }

    private static string Back(AuthorizeRequest request, params ReadOnlySpan<(string Name, string Value)> told)
    {
        var members = new Dictionary<string, string?>();
        foreach (var (name, value) in told) members[name] = value;
        if (request.State.Length > 0) members["state"] = request.State;
        return QueryHelpers.AddQueryString(request.RedirectUri.AbsoluteUri, members);
    }

    private static ApiAnswer Goes(string address) =>
        new() { Status = StatusCodes.Status302Found, Location = address, Headers = SignInLook.Quiet };
}
