using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>Codes and refresh tokens become a person's tokens, by the rules of <c>authen/v2/oauth/token</c>.</summary>
/// <remarks>
/// Checked in this order: form, kind of grant, client, the code or token itself (whose, state, age), address, PKCE, the person, scopes.
/// What is refused uses nothing up. Never answered but by faults: 20009, 20050, 20072.
/// </remarks>
internal sealed class TokenApi(
    EmulatorState state, SignInCodes codes, RefreshTokens refresh, UserTokens tokens, DeviceLogins devices, RateLimiter limiter) : IApiArea
{
    public void Register(ApiHandlers on) => on.AddOAuth("authen.v2.oauth_token.create", Token);

    private ApiAnswer Token(ApiRequest request)
    {
        var form = TokenForm.Read(request);
        Func<ApiRequest, BotApp, TokenForm, UserTokenPair> grant = form["grant_type"] switch
        {
            null => throw OAuthRefusal.Of(request, OAuthRefusal.Missing),
            "authorization_code" => ByCode,
            "refresh_token" => ByRefreshToken,
            DeviceLogins.GrantType => ByDevice,
            _ => throw OAuthRefusal.Of(request, 20036),
        };
        var app = Client(request, form, state);
        limiter.Pass(request.Endpoint, app);
        return Show(grant(request, app, form));
    }

    /// <summary>Id and secret stand in the body, and nowhere else.</summary>
    internal static BotApp Client(ApiRequest request, TokenForm form, EmulatorState state)
    {
        var basic = request.Http.Headers.Authorization.ToString().StartsWith("Basic ", StringComparison.OrdinalIgnoreCase);
        if (basic && form["client_secret"] is not null) throw OAuthRefusal.Of(request, 20070);
        if (form["client_id"] is not { } id || form["client_secret"] is not { } secret)
            throw OAuthRefusal.Of(request, OAuthRefusal.Missing);
        if (state.App(id) is not { } app) throw OAuthRefusal.Of(request, 20048);
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(app.AppSecret)))
            throw OAuthRefusal.Of(request, 20002);
        return app.Online is null ? throw OAuthRefusal.Of(request, 20069) : app;
    }

    private UserTokenPair ByCode(ApiRequest request, BotApp app, TokenForm form)
    {
        if (form["code"] is not { } code) throw OAuthRefusal.Of(request, OAuthRefusal.Missing);
        if (codes.Find(code) is not { } found) throw OAuthRefusal.Of(request, 20003);
        if (found.Consent.AppId != app.AppId) throw OAuthRefusal.Of(request, 20024);
        if (found.Used) throw OAuthRefusal.Of(request, 20065);
        if (codes.IsExpired(found)) throw OAuthRefusal.Of(request, 20004);
        // A code of the client has no address to compare.
        if (form["redirect_uri"] is { } given && found.RedirectUri is { } first && given != first) throw OAuthRefusal.Of(request, 20071);
        // Who sends a verifier means it: a sign-in that lost its challenge on the way is somebody else's.
        if (found.Pkce is null ? form["code_verifier"] is not null : !found.Pkce.Admits(form["code_verifier"]))
            throw OAuthRefusal.Of(request, 20049);
        CheckPerson(request, app, found.Consent);
        var narrowed = Narrowed(request, app, found.Consent, form["scope"]);
        if (!codes.TryTake(code)) throw OAuthRefusal.Of(request, 20065);
        // What the first token does not hold the later ones do not hold either.
        return tokens.New(app, narrowed is null ? found.Consent : found.Consent with { Scopes = narrowed });
    }

    private UserTokenPair ByRefreshToken(ApiRequest request, BotApp app, TokenForm form)
    {
        if (form["refresh_token"] is not { } token) throw OAuthRefusal.Of(request, OAuthRefusal.Missing);
        if (!app.MayRefresh) throw OAuthRefusal.Of(request, 20074);
        if (refresh.Find(token) is not { IsOld: false } found) throw OAuthRefusal.Of(request, 20026);
        if (found.Consent.AppId != app.AppId) throw OAuthRefusal.Of(request, 20024);
        if (found.State != RefreshState.Fresh) throw OAuthRefusal.Of(request, found.State == RefreshState.Used ? 20073 : 20064);
        if (refresh.IsExpired(found)) throw OAuthRefusal.Of(request, 20037);
        CheckPerson(request, app, found.Consent);
        var narrowed = Narrowed(request, app, found.Consent, form["scope"]);
        if (!refresh.TryUse(token)) throw OAuthRefusal.Of(request, 20073);
        return tokens.New(app, found.Consent, narrowed, found.SignedIn);
    }

    private UserTokenPair ByDevice(ApiRequest request, BotApp app, TokenForm form)
    {
        if (form["device_code"] is not { } code) throw OAuthRefusal.Of(request, OAuthRefusal.Missing);
        var consent = devices.Poll(code, app.AppId);
        CheckPerson(request, app, consent);
        return tokens.New(app, consent);
    }

    private void CheckPerson(ApiRequest request, BotApp app, Consent consent)
    {
        long? code = state.Problem(app, consent.UserId) switch
        {
            SignInProblem.None => null,
            SignInProblem.Unknown => 20008,
            SignInProblem.Invisible => 20010,
            _ => 20066,
        };
        if (code is { } known) throw OAuthRefusal.Of(request, known);
    }

    /// <summary>Of what the person agreed to, what the app wants now; <see langword="null"/>: all.</summary>
    private static ImmutableSortedSet<string>? Narrowed(ApiRequest request, BotApp app, Consent consent, string? asked)
    {
        if (asked is null) return null;
        var list = asked.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (list.Length == 0) return null;
        var wanted = list.ToImmutableSortedSet(StringComparer.Ordinal);
        if (wanted.Count != list.Length) throw OAuthRefusal.Of(request, 20067);
        // A sign-in from before scopes holds what the app may, but not to stay signed in.
        var may = consent.Scopes is { } granted ? wanted.IsSubsetOf(granted)
            : wanted.All(s => s != Consent.OfflineAccess && app.IsGranted(s));
        return may ? wanted : throw OAuthRefusal.Of(request, 20068);
    }

    private static ApiAnswer Show(UserTokenPair pair)
    {
        var body = new JsonObject { ["code"] = 0, ["access_token"] = pair.Access, ["expires_in"] = pair.Seconds };
        if (pair.Refresh is not null) (body["refresh_token"], body["refresh_token_expires_in"]) = (pair.Refresh, pair.RefreshSeconds);
        (body["scope"], body["token_type"]) = (pair.Scope, "Bearer");
        return new ApiAnswer { Json = body, Headers = new Dictionary<string, string> { ["Cache-Control"] = "no-store" } };
    }
}
