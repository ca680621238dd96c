using Larkspur.Emulator.Web.SignIn;
using Larkspur.Emulator.WeCom.Contacts;
using Microsoft.AspNetCore.WebUtilities;

namespace Larkspur.Emulator.WeCom.SignIn;

/// <summary>The platform's pages that send a person back with a code: the client's own, the browser's login, and the QR code from before.
/// A person says who they are, allows or refuses.</summary>
/// <remarks>
/// Who refuses goes back with the state and without a code: so is seen of the QR page; of the others it is UNVERIFIED. Inside the client
/// nothing is asked but for details: who plays the client has a <c>User-Agent</c> with <c>wxwork</c> and signed in on a page before.
/// </remarks>
internal sealed class SignInPages(
    EmulatorState state, EmulatorSettings settings, WeComCorp corp, SignInRules rules, SignInCodes codes, PrivateConsents consents,
    ContactVisibility visibility, LoginPanel panel)
{
    public const string Authorize = "/connect/oauth2/authorize";
    public const string Login = "/wwlogin/sso/login";
    public const string Qr = "/wwopen/sso/qrConnect";
    /// <summary>The emulator's own name for <see cref="Login"/>.</summary>
    public const string OwnLogin = "/cgi-bin/emulator/login";
    private const string Withhold = "withhold";

    private static readonly SignedInBefore Before = new("larkspur_wecom_person", "/");

    public Task AuthorizeAsync(HttpContext http) => AnswerAsync(http, SignInPage.Client);

    public Task LoginAsync(HttpContext http) => AnswerAsync(http, SignInPage.Web);

    public Task QrAsync(HttpContext http) => AnswerAsync(http, SignInPage.Qr);

    private async Task AnswerAsync(HttpContext http, SignInPage page)
    {
        var answer = Answer(http.Request, page);
        await answer.WriteAsync(http, answer.Body());
    }

    private ApiAnswer Answer(HttpRequest http, SignInPage page)
    {
        var framed = page == SignInPage.Web && LoginPanel.Is(http);
        var look = new SignInLook(http, SignInBrand.WeCom, framed ? LoginPanel.Theme(http) : null);
        var wrong = SignInRequest.Read(http.Query, page, settings.WeCom, rules, out var asked);
        if (framed)
        {
            if ((wrong ?? panel.Problem(http, asked)) is { } failed) return panel.Failed(look, http, asked, failed);
            if (rules.FrameWrongOrigin && OtherOrigin.Of(http) is { } moved) return moved;
        }

        if (wrong is not null) return look.Problem(wrong);
        if (PersonPicker.Refuses(http.Query)) return framed ? panel.Refused(look, http, asked) : Back(asked, null);
        var remembered = Before.Of(http, state);
        var named = PersonPicker.Named(http.Query);
        var person = named is null ? Silent(http, asked, remembered) : Named(named);
        if (named is not null && person is null) return Barred(look, http, asked, framed, new(null, "没有这个成员。", "There is no such member."));
        if (person is null) return Ask(look, http, asked, framed, remembered);
        return Barred(person, asked) is { } barred ? Barred(look, http, asked, framed, barred) : Allow(look, http, asked, framed, person);
    }

    private ApiAnswer Allow(SignInLook look, HttpRequest http, SignInRequest asked, bool framed, Person person)
    {
        var shares = true;
        if (asked.AsksForDetails)
        {
            shares = PersonPicker.Named(http.Query) is null ? consents.Of(person.UserId) == true : !http.Query.ContainsKey(Withhold);
            if (PersonPicker.Named(http.Query) is not null) consents.Keep(person.UserId, shares);
        }

        var code = codes.Issue(new SignedInMember(person.UserId)
        {
            WithTicket = asked.AsksForDetails, Shares = shares, Page = asked.Back, AgentId = settings.WeCom.AgentId,
        });
        return Before.Keep(framed ? panel.SignedIn(look, http, asked, code, Back(asked, code).Location!) : Back(asked, code), http, person);
    }

    /// <summary>Inside the client a person is known, and asked at most for their details.</summary>
    private Person? Silent(HttpRequest http, SignInRequest asked, Person? remembered) =>
        asked.Page == SignInPage.Client && remembered is { Status: PersonStatus.Active }
        && http.Headers.UserAgent.ToString().Contains("wxwork", StringComparison.OrdinalIgnoreCase)
        && (!asked.AsksForDetails || consents.Of(remembered.UserId) is not null) ? remembered : null;

    private ApiAnswer Ask(SignInLook look, HttpRequest http, SignInRequest asked, bool framed, Person? remembered)
    {
        var people = state.People.Where(p => p.Status == PersonStatus.Active);
        var form = new PersonPicker(look, http).Form(people, remembered, asked.AsksForDetails ? Details(look) : "", Withhold);
        var body = $"<h1>{look.Say("登录企业应用", "Sign in to the application")}</h1>"
            + $"<p>{look.Say("登录后将返回", "Afterwards you return to")} {SignInLook.Text(asked.Back.Authority)}</p>{form}";
        return framed ? panel.Ask(look, http, asked, body, remembered is not null) : look.Page(body);
    }

    private string Details(SignInLook look)
    {
        var fields = SignInRules.AllFields.Where(rules.PrivateFields.Contains).Select(f => NameOf(look, f));
        return $"<h2>{look.Say("应用希望获取", "The application asks for")}</h2><p>{string.Join(look.Say("、", ", "), fields)}</p>"
            + $"<label class=\"plain\"><input type=\"checkbox\" name=\"{Withhold}\" value=\"true\">"
            + $"<span>{look.Say("不提供以上信息", "Keep these to myself")}</span></label>";
    }

    private static string NameOf(SignInLook look, string field) => field switch
    {
        "gender" => look.Say("性别", "gender"),
        "avatar" => look.Say("头像", "picture"),
        "qr_code" => look.Say("个人二维码", "QR code"),
        "mobile" => look.Say("手机号", "mobile number"),
        "email" => look.Say("邮箱", "mail address"),
        "biz_mail" => look.Say("企业邮箱", "company mail address"),
        _ => look.Say("地址", "address"),
    };

    private Person? Named(string word) => corp.Member(word) ?? state.Named(word);

    private PageProblem? Barred(Person person, SignInRequest asked) => person.Status switch
    {
        PersonStatus.Resigned => new(null, "该成员已离职。", "The member has left the company."),
        PersonStatus.Frozen => new(null, "该成员已被禁用。", "The member is disabled."),
        PersonStatus.Inactive => new(null, "该成员尚未激活。", "The member was never activated."),
        _ when asked.AsksForDetails && (person.IsGuest || !visibility.InRange(person)) =>
            new(null, "该成员不在应用的可见范围内。", "The member is outside of the application's visible range."),
        _ => null,
    };

    private ApiAnswer Barred(SignInLook look, HttpRequest http, SignInRequest asked, bool framed, PageProblem why) =>
        framed ? panel.Failed(look, http, asked, why) : look.Problem(why);

    /// <param name="code"><see langword="null"/>: the person refused.</param>
    private static ApiAnswer Back(SignInRequest asked, string? code)
    {
        var address = asked.Back.AbsoluteUri;
        if (code is not null) address = QueryHelpers.AddQueryString(address, "code", code);
        return new ApiAnswer
        {
            Status = StatusCodes.Status302Found, Location = QueryHelpers.AddQueryString(address, "state", asked.State),
            Headers = SignInLook.Quiet,
        };
    }
}
