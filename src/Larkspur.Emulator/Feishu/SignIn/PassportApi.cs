using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Web.SignIn;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>The passport's own endpoints, which pages with a QR code of the platform go to; their codes are good at the others
/// too.</summary>
/// <remarks>What they refuse with is UNVERIFIED: here it is as <see cref="TokenApi"/> does.</remarks>
internal sealed class PassportApi(EmulatorState state, SignInCodes codes, RefreshTokens refresh, UserTokens tokens) : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.AddOAuth("passport.oauth.token", Token);
        on.Add("passport.oauth.userinfo", UserInfo);
    }

    private ApiAnswer Token(ApiRequest request)
    {
        var form = TokenForm.Read(request);
        if (form["grant_type"] is not { } grant) throw OAuthRefusal.Of(request, OAuthRefusal.Missing);
        if (grant is not ("authorization_code" or "refresh_token")) throw OAuthRefusal.Of(request, 20036);
        var app = TokenApi.Client(request, form, state);
        var pair = grant == "refresh_token" ? ByRefreshToken(request, app, form) : ByCode(request, app, form);
        return new ApiAnswer
        {
            Headers = SignInLook.Quiet,
            Json = new JsonObject
            {
                ["access_token"] = pair.Access, ["token_type"] = "Bearer", ["expires_in"] = pair.Seconds, ["refresh_token"] = pair.Refresh,
                ["refresh_expires_in"] = pair.RefreshSeconds,
            },
        };
    }

    private UserTokenPair ByCode(ApiRequest request, BotApp app, TokenForm form)
    {
        if (form["code"] is not { } code) throw OAuthRefusal.Of(request, OAuthRefusal.Missing);
        if (codes.Find(code) is not { Pkce: null } found) throw OAuthRefusal.Of(request, 20003);
        if (found.Consent.AppId != app.AppId) throw OAuthRefusal.Of(request, 20024);
        if (found.Used) throw OAuthRefusal.Of(request, 20065);
        if (codes.IsExpired(found)) throw OAuthRefusal.Of(request, 20004);
        if (form["redirect_uri"] is { } given && given != found.RedirectUri) throw OAuthRefusal.Of(request, 20071);
        CheckPerson(request, app, found.Consent);
        return codes.TryTake(code) ? tokens.Old(app, found.Consent) : throw OAuthRefusal.Of(request, 20065);
    }

    private UserTokenPair ByRefreshToken(ApiRequest request, BotApp app, TokenForm form)
    {
        if (form["refresh_token"] is not { } token) throw OAuthRefusal.Of(request, OAuthRefusal.Missing);
        if (refresh.Find(token) is not { IsOld: true } found) throw OAuthRefusal.Of(request, 20026);
        if (found.Consent.AppId != app.AppId) throw OAuthRefusal.Of(request, 20024);
        if (found.State != RefreshState.Fresh) throw OAuthRefusal.Of(request, found.State == RefreshState.Used ? 20073 : 20064);
        if (refresh.IsExpired(found)) throw OAuthRefusal.Of(request, 20037);
        CheckPerson(request, app, found.Consent);
        return refresh.TryUse(token) ? tokens.Old(app, found.Consent, found.SignedIn) : throw OAuthRefusal.Of(request, 20073);
    }

    private void CheckPerson(ApiRequest request, BotApp app, Consent consent)
    {
        if (state.Problem(app, consent.UserId) is not SignInProblem.None and var problem)
            throw OAuthRefusal.Of(request, problem == SignInProblem.Invisible ? 20010 : problem == SignInProblem.Unknown ? 20008 : 20066);
    }

    private ApiAnswer UserInfo(ApiRequest request)
    {
        var person = PersonInfo.SignedIn(request, state);
        var info = PersonInfo.Of(request.App, person, state, request.Caller!.May);
        info.Remove("enterprise_email");
        (info["sub"], info["picture"]) = (info["open_id"]!.DeepClone(), "");
        return new ApiAnswer { Json = info };
    }
}
