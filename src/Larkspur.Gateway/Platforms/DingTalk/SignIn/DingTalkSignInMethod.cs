using System.Globalization;
using Larkspur.DingTalk;
using Larkspur.DingTalk.Contacts;
using Larkspur.DingTalk.SignIn;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Methods;

namespace Larkspur.Gateway.Platforms.DingTalk.SignIn;

/// <summary>Sign-in by a DingTalk app: in a browser, and inside the client, whose script gives a code without asking.</summary>
/// <remarks>Anybody with a DingTalk account can sign in on the page: only who is a member of the app's organisation gets in.</remarks>
internal sealed class DingTalkSignInMethod(DingTalkApp app) : ISignInMethod
{
    /// <summary>The client's script, as its manual names it (03/0005).</summary>
    private static readonly Uri Library = new("https://g.alicdn.com/dingding/dingtalk-jsapi/3.0.25/dingtalk.open.js");

    public string Name { get; } = AppMethodName.Of(DingTalkApps.Platform, app.Name);

    public LocalText Title => DingTalkSignInTexts.DingTalk;

    public string Mark => DingTalkApps.Platform;

    public bool IsOwnClient(string userAgent) => userAgent.Contains("DingTalk/", StringComparison.OrdinalIgnoreCase);

    public SignInClient? Client(SignInStart start) => app.Settings.CorpId is { Length: > 0 } corp
        ? new SignInClient(Library, "dingtalk", app.Client.Options.ClientId, corp) : null;

    /// <remarks>As the platform's script does it (<c>DTFrameLogin</c> 0.21.0); the frame's message is UNVERIFIED. The page is of the
    /// redirect's origin, without which nothing happens after the scan.</remarks>
    public SignInFrame? Frame(SignInStart start)
    {
        var login = app.Client.SignIn.Address(start.Redirect, start.State);
        return new SignInFrame(new Uri(login.AbsoluteUri + "&iframe=true"), login.GetLeftPart(UriPartial.Authority),
            new Uri($"{start.Redirect.AbsoluteUri}?state={start.State}"), "dingtalk_frame");
    }

    public Task<Uri> BeginAsync(SignInStart start, CancellationToken cancellation) =>
        Task.FromResult(app.Client.SignIn.Address(start.Redirect, start.State));

    public async Task<SignInProof> FinishAsync(SignInReturn back, CancellationToken cancellation)
    {
        try
        {
            var (userId, nick) = await UserIdAsync(back, cancellation);
            return await MemberAsync(userId, nick, cancellation);
        }
        catch (DingTalkApiException e)
        {
            throw new SignInRefusedException(e.ErrorCode switch
            {
                "40078" or "invalidParameter.authCode.notFound" => "code_gone",
                "invalidParameter.user.notFound" => "left",
                "60121" => "outsider",
                "40079" or "50002" => "invisible",
                _ when e.FailureKind == FailureKind.Permission => "misconfigured",
                _ when e.IsTransient => "away",
                _ => "failed",
            }, e.Message, e);
        }
    }

    private async Task<(string UserId, string? Nick)> UserIdAsync(SignInReturn back, CancellationToken cancellation)
    {
        if (SignInQuery.Parse(back.Query) is { } told && told.HasState(back.State) && told["client_code"] is { } inClient)
        {
            var client = await app.Client.SignIn.ExchangeClientCodeAsync(inClient, cancellation);
            return (client.Userid, client.Name);
        }

        var answer = LoginAnswer.Read(back.Query, back.State);
        switch (answer.Outcome)
        {
            case LoginOutcome.Refused: throw new SignInRefusedException("denied", $"DingTalk's page: {answer.Error}");
            case LoginOutcome.SignedIn: break;
            default: throw new SignInRefusedException("wrong_state", $"DingTalk's page: {answer.Outcome}");
        }

        var tokens = await app.Client.SignIn.ExchangeAsync(answer.Code!, cancellation);
        if (tokens.CorpId is { } told2 && app.Settings.CorpId is { Length: > 0 } own && told2 != own)
            throw new SignInRefusedException("outsider", $"the token is of the organisation {told2}");
        var person = await app.Client.SignIn.GetPersonAsync(tokens.AccessToken, cancellation);
        return (await app.Client.SignIn.FindMemberAsync(person.UnionId, cancellation)
            ?? throw new SignInRefusedException("outsider", "the person is no member of the app's organisation"), person.Nick);
    }

    private async Task<SignInProof> MemberAsync(string userId, string? nick, CancellationToken cancellation)
    {
        DingTalkPerson member = await app.Client.Contacts.GetAsync(userId, cancellation);
        if (!member.Active) throw new SignInRefusedException("left", "the member is not active");
        if (member.Unionid is not { Length: > 0 } union) throw new SignInRefusedException("misconfigured", "DingTalk told no unionid");
        var ids = new List<PlatformIdentity>();
        if (app.Settings.CorpId is { Length: > 0 } corp) ids.Add(new PlatformIdentity(DingTalkApps.Platform, corp, "userid", userId));
        ids.Add(new PlatformIdentity(DingTalkApps.Platform, "", "unionid", union));
        return new SignInProof(new PlatformAccount
        {
            Platform = DingTalkApps.Platform, App = app.Name, Ids = ids, Name = member.Name is { Length: > 0 } name ? name : nick,
            VerifiedEmail = member.OrgEmail is { Length: > 0 } mail ? mail : null,
            Departments = [.. member.DeptIdList.Select(d => d.ToString(CultureInfo.InvariantCulture))], IsExternal = false,
        });
    }
}
