using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Web.SignIn;
using Microsoft.AspNetCore.WebUtilities;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>The sign-in page in its three forms: a person says who they are, allows or refuses, and the browser goes back to the app with a
/// code or an error.</summary>
/// <remarks>
/// Inside the platform's client it asks nothing, unless <c>prompt=consent</c>. Who plays the client names the person in the address
/// (<c>as</c>), or has a <c>User-Agent</c> of the client (<c>Lark/…</c>) and signed in on the page before.
/// </remarks>
internal sealed class AuthorizePage(EmulatorState state, SignInCodes codes, Consents consents, QrLogins scans) : IApiArea
{
    private static readonly SignedInBefore Before = new("larkspur_feishu_person", "/open-apis/authen");

    public void Register(ApiHandlers on)
    {
        on.Add("authen.v1.authorize.get", request => Answer(request, AuthorizeForm.Present), ownValidation: true);
        on.Add("authen.v1.index.get", request => Answer(request, AuthorizeForm.Index), ownValidation: true);
        on.Add("passport.oauth.authorize", Scanned, ownValidation: true);
    }

    private ApiAnswer Answer(ApiRequest call, AuthorizeForm form)
    {
        var look = new SignInLook(call.Http, SignInBrand.Feishu);
        if (AuthorizeRequest.Read(call.Query, state, form, out var asked) is { } problem) return look.Problem(problem);
        if (PersonPicker.Refuses(call.Query)) return Back(asked!, ("error", "access_denied"));
        var remembered = Before.Of(call.Http, state);
        var named = PersonPicker.Named(call.Query);
        var person = named is not null ? state.Named(named) : IsClient(call.Http) ? remembered : null;
        if (named is not null && person is null) return look.Problem(new PageProblem(20008, "没有这个人。", "There is no such person."));
        if (person is null || (asked!.AsksAgain && !PersonPicker.Allows(call.Query)))
            return new ConsentView(look, state, call.Http).Page(asked!, person ?? remembered);
        return Barred(person) is { } barred ? look.Problem(barred) : Allow(call.Http, asked, person);
    }

    /// <summary>Where the QR page of another site goes on to, with what the scan gave.</summary>
    private ApiAnswer Scanned(ApiRequest call)
    {
        if (call.QueryText("tmp_code") is not { } scan) return Answer(call, AuthorizeForm.Passport);
        var look = new SignInLook(call.Http, SignInBrand.Feishu);
        if (AuthorizeRequest.Read(call.Query, state, AuthorizeForm.Passport, out var asked) is { } problem) return look.Problem(problem);
        if (scans.Take(scan, asked!.App.AppId, asked.RedirectUriAsGiven) is not { } who || state.Person(who) is not { } person)
            return look.Problem(new PageProblem(20003, "二维码已失效，请重新扫码。", "The QR code is used or too old: scan a new one."));
        return Barred(person) is { } barred ? look.Problem(barred) : Allow(call.Http, asked, person);
    }

    private ApiAnswer Allow(HttpRequest http, AuthorizeRequest asked, Person person)
    {
        var consent = consents.Give(asked.App.AppId, person.UserId, asked.Scopes);
        var answer = Back(asked, ("code", codes.Issue(consent, asked.RedirectUriAsGiven, asked.Pkce, SignInCodes.Life)));
        return Before.Keep(answer, http, person);
    }

    private static bool IsClient(HttpRequest http)
    {
        var agent = http.Headers.UserAgent.ToString();
        return agent.Contains(" Lark/", StringComparison.Ordinal) || agent.Contains(" Feishu/", StringComparison.Ordinal);
    }

    private static PageProblem? Barred(Person person) => person.Status switch
    {
        PersonStatus.Resigned => new PageProblem(20021, "该用户已离职。", "The person has left the company."),
        PersonStatus.Frozen => new PageProblem(20022, "该用户已被冻结。", "The person's account is frozen."),
        PersonStatus.Inactive => new PageProblem(20023, "该用户尚未激活。", "The person has never signed in to the company."),
        _ => null,
    };

    /// <summary>Behind the address's own query, before its fragment.</summary>
    private static ApiAnswer Back(AuthorizeRequest asked, (string Name, string Value) told)
    {
        var address = QueryHelpers.AddQueryString(asked.RedirectUri.AbsoluteUri, told.Name, told.Value);
        if (asked.State is { } state) address = QueryHelpers.AddQueryString(address, "state", state);
        return new ApiAnswer { Status = StatusCodes.Status302Found, Location = address, Headers = SignInLook.Quiet };
    }
}
