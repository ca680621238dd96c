using Larkspur.Feishu;
using Larkspur.Feishu.SignIn;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.Platforms.Feishu.Conversations;

namespace Larkspur.Gateway.Platforms.Feishu.SignIn;

/// <summary>Sign-in by an app of Feishu: in a browser, by its QR code, and inside the client, which asks nothing.</summary>
/// <param name="app">The app.</param>
/// <param name="tenants">Which company the app is of.</param>
/// <param name="people">What the directory says besides.</param>
internal sealed class FeishuSignInMethod(FeishuApp app, FeishuTenants tenants, FeishuPeople people) : ISignInMethod
{
    public string Name { get; } = AppMethodName.Of(PlatformNames.Feishu, app.Name);

    public LocalText Title => app.Client.Options.Brand == FeishuBrand.Lark ? "Lark" : FeishuSignInTexts.Feishu;

    public string Mark => PlatformNames.Feishu;

    public bool IsOwnClient(string userAgent) =>
        userAgent.Contains(" Lark/", StringComparison.Ordinal) || userAgent.Contains(" Feishu/", StringComparison.Ordinal);

    public Task<Uri> BeginAsync(SignInStart start, CancellationToken cancellation) => Task.FromResult(app.Client.SignIn.Address(
        start.Redirect, start.State, new FeishuLoginPage { Challenge = PkcePair.Of(start.Verifier).Challenge, AsksAgain = start.Again }));

    /// <remarks>20029: the redirect is not in the list; 20027 would be a scope, and none is asked for.</remarks>
    public SignInProbe? Probe(SignInStart start) => new(app.Client.SignIn.Address(start.Redirect, start.State), ["20029"]);

    /// <remarks>The address of a QR code has no challenge: its code is bound to the app's secret and our state alone.</remarks>
    public SignInFrame? Frame(SignInStart start)
    {
        var next = app.Client.SignIn.QrAddress(start.Redirect, start.State);
        var frame = new Uri($"{app.Client.SignIn.QrOrigin}/suite/passport/sso/qr?goto={Uri.EscapeDataString(next.AbsoluteUri)}"
            + "&sdk_version=1.0.3");
        return new SignInFrame(frame, new Uri(app.Client.SignIn.QrOrigin).GetLeftPart(UriPartial.Authority), next, "tmp_code");
    }

    public async Task<SignInProof> FinishAsync(SignInReturn back, CancellationToken cancellation)
    {
        var answer = FeishuLoginAnswer.Read(back.Query, back.State);
        switch (answer.Outcome)
        {
            case FeishuLoginOutcome.Refused: throw new SignInRefusedException("denied", $"Feishu's page: {answer.Error}");
            case FeishuLoginOutcome.SignedIn: break;
            default: throw new SignInRefusedException("wrong_state", $"Feishu's page: {answer.Outcome}");
        }

        var person = await PersonAsync(answer.Code!, back, cancellation);
        var own = await tenants.OwnAsync(app, cancellation);
        if (own is not null && own != person.TenantKey)
            throw new SignInRefusedException("outsider", $"the person is of the tenant {person.TenantKey}, the app of {own}");
        var known = await people.FindAsync(app.Name, person.OpenId, cancellation);
        var account = FeishuAccounts.Of(app.Name, own ?? person.TenantKey, person.TenantKey, person.OpenId, person.UnionId, person.UserId,
            known);
        return new SignInProof(account with { Name = account.Name ?? person.Name, IsExternal = false });
    }

    private async Task<FeishuSignedInPerson> PersonAsync(string code, SignInReturn back, CancellationToken cancellation)
    {
        try
        {
            var tokens = await app.Client.SignIn.ExchangeAsync(code, back.Redirect, back.ByFrame ? null : back.Verifier, cancellation);
            return await app.Client.SignIn.GetPersonAsync(tokens.AccessToken, cancellation);
        }
        catch (FeishuSignInException e)
        {
            throw new SignInRefusedException(e.Problem switch
            {
                FeishuSignInProblem.CodeGone or FeishuSignInProblem.WrongVerifier => "code_gone",
                FeishuSignInProblem.PersonRefused => e.Code == NotAvailable ? "invisible" : "left",
                FeishuSignInProblem.App => "misconfigured",
                _ => "failed",
            }, e.Message, e);
        }
        catch (FeishuApiException e) when (e.Code is Resigned or Frozen or NotJoined)
        {
            throw new SignInRefusedException("left", e.Message, e);
        }
    }

    // Error codes of authen (facts: the sign-in pages of the reference).
    private const int NotAvailable = 20010;
    private const int Resigned = 20021;
    private const int Frozen = 20022;
    private const int NotJoined = 20023;
}
