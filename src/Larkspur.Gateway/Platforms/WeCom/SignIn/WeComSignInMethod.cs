using System.Globalization;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.WeCom;
using Larkspur.WeCom.Contacts;
using Larkspur.WeCom.SignIn;

namespace Larkspur.Gateway.Platforms.WeCom.SignIn;

/// <summary>Sign-in by a WeCom application: by its QR code in a browser, and inside the client, which asks nothing.</summary>
/// <remarks>
/// A code gives the userid of every member of the corp, also of those who may not see the application, and of members of linked corps as
/// <c>CorpId/userid</c>: whether somebody is one of ours who may work, the address book is asked.
/// </remarks>
/// <param name="app">The app.</param>
/// <param name="client">Its calls.</param>
internal sealed class WeComSignInMethod(WeComApp app, WeComClient client) : ISignInMethod
{
    private const int Active = 1;

    public string Name { get; } = AppMethodName.Of(WeComApps.Platform, app.Name);

    public LocalText Title => WeComSignInTexts.WeCom;

    public string Mark => WeComApps.Platform;

    public bool IsOwnClient(string userAgent) => userAgent.Contains("wxwork/", StringComparison.OrdinalIgnoreCase);

    public bool RegistersHostOnly => true;

    /// <remarks>The client's page says so; the browser's page needs a browser.</remarks>
    public SignInProbe? Probe(SignInStart start) => new(client.SignIn.ClientAddress(start.Redirect, start.State), ["redirect_uri",
        "50001"]);

    public Task<Uri> BeginAsync(SignInStart start, CancellationToken cancellation) => Task.FromResult(start.InClient
        ? client.SignIn.ClientAddress(start.Redirect, start.State)
        : client.SignIn.BrowserAddress(start.Redirect, start.State, start.Language == Language.English));

    /// <remarks>The panel of the platform's script (<c>ww.createWWLoginPanel</c> 2.4.4), which gives the page a code and no
    /// state.</remarks>
    public SignInFrame? Frame(SignInStart start)
    {
        var login = client.SignIn.BrowserAddress(start.Redirect, start.State, start.Language == Language.English);
        var next = new Uri($"{start.Redirect.AbsoluteUri}?state={start.State}");
        return new SignInFrame(new Uri($"{login.AbsoluteUri}&redirect_type=callback&panel_size=small&version=2.4.4"),
            login.GetLeftPart(UriPartial.Authority), next, "wecom_panel");
    }

    public async Task<SignInProof> FinishAsync(SignInReturn back, CancellationToken cancellation)
    {
        if (SignInQuery.Parse(back.Query) is not { } told || !told.HasState(back.State))
            throw new SignInRefusedException("wrong_state", "what WeCom's page sent cannot be read");
        // The older page sends whoever refuses back without a code.
        if (told["code"] is not { Length: <= 512 } code) throw new SignInRefusedException("denied", "WeCom's page sent no code");
        var signedIn = await ExchangeAsync(code, cancellation);
        if (signedIn.UserId is not { Length: > 0 } userId || userId.Contains('/', StringComparison.Ordinal))
            throw new SignInRefusedException("outsider",
                $"WeCom told of {(signedIn.UserId is null ? "no member" : "a member of a linked corp")}");
        var member = await MemberAsync(userId, cancellation);
        if (member.Status is not (Active or null)) throw new SignInRefusedException("left", $"the member's status is {member.Status}");
        return new SignInProof(new PlatformAccount
        {
            Platform = WeComApps.Platform, App = app.Name,
            Ids = [new PlatformIdentity(WeComApps.Platform, client.Options.CorpId, "userid", member.UserId is { Length: > 0 } own ? own
                : userId)],
            Name = member.Name is { Length: > 0 } name ? name : null, VerifiedEmail = member.BizMail is { Length: > 0 } mail ? mail : null,
            Departments = [.. member.Department.Select(d => d.ToString(CultureInfo.InvariantCulture))], IsExternal = false,
        });
    }

    private async Task<SignedIn> ExchangeAsync(string code, CancellationToken cancellation)
    {
        try
        {
            return await client.SignIn.ExchangeAsync(code, cancellation);
        }
        catch (WeComApiException e)
        {
            throw new SignInRefusedException(e.Code switch
            {
                40029 or 42003 or 42022 => "code_gone",
                50001 or 40013 or 40001 or 41004 or 60020 => "misconfigured",
                _ when e.IsTransient => "away",
                _ => "failed",
            }, e.Message, e);
        }
    }

    private async Task<Member> MemberAsync(string userId, CancellationToken cancellation)
    {
        try
        {
            return await client.Contacts.MemberAsync(userId, cancellation);
        }
        catch (WeComApiException e) when (e.Code is 60011 or 60111)
        {
            throw new SignInRefusedException(e.Code == 60011 ? "invisible" : "left", e.Message, e);
        }
    }
}
