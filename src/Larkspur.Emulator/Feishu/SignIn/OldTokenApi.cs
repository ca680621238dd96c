using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.SignIn;

/// <summary>The token endpoints from before v2: the app's own token opens them, and they refuse with HTTP 200.</summary>
/// <remarks>The two pairs differ in the answer, and in that the elder one says 20007 to most of what is wrong
/// with a code or token.</remarks>
internal sealed class OldTokenApi(EmulatorState state, SignInCodes codes, RefreshTokens refresh, UserTokens tokens) : IApiArea
{
    private const long Failed = 20007;

    public void Register(ApiHandlers on)
    {
        on.Add("authen.v1.access_token.create", r => WithPerson(r, ByCode), ownValidation: true);
        on.Add("authen.v1.refresh_access_token.create", r => WithPerson(r, ByRefreshToken), ownValidation: true);
        on.Add("authen.v1.oidc.access_token.create", r => Plain(r, ByCode), ownValidation: true);
        on.Add("authen.v1.oidc.refresh_access_token.create", r => Plain(r, ByRefreshToken), ownValidation: true);
    }

    private static ApiAnswer Plain(ApiRequest request, Func<ApiRequest, (Consent, UserTokenPair)> grant)
    {
        var (_, pair) = grant(request);
        var data = Show(pair);
        data["scope"] = pair.Scope;
        return FeishuAnswer.Data(data);
    }

    private ApiAnswer WithPerson(ApiRequest request, Func<ApiRequest, (Consent, UserTokenPair)> grant)
    {
        var (consent, pair) = grant(request);
        var data = Show(pair);
        var person = PersonInfo.Of(request.App, state.Person(consent.UserId)!, state, PersonInfo.Opened(request.App, consent));
        person.Remove("employee_no");
        foreach (var (name, value) in person) data[name] = value?.DeepClone();
        return FeishuAnswer.Data(data);
    }

    private (Consent, UserTokenPair) ByCode(ApiRequest request)
    {
        CheckCall(request, "authorization_code");
        if (request.Text("code") is not { Length: > 0 } code) throw Refusal(request, 20001);
        if (codes.Find(code) is not { } found || found.Used) throw Refusal(request, 20003);
        if (found.Consent.AppId != request.App.AppId) throw Refusal(request, 20024);
        if (codes.IsExpired(found)) throw Refusal(request, 20004);
        // These endpoints take no verifier, so a code that waits for one is not for them (UNVERIFIED).
        if (found.Pkce is not null) throw Refusal(request, Failed);
        CheckPerson(request, found.Consent);
        if (!codes.TryTake(code)) throw Refusal(request, 20003);
        return (found.Consent, tokens.Old(request.App, found.Consent));
    }

    private (Consent, UserTokenPair) ByRefreshToken(ApiRequest request)
    {
        CheckCall(request, "refresh_token");
        if (request.Text("refresh_token") is not { Length: > 0 } token) throw Refusal(request, 20001);
        if (refresh.Find(token) is not { } found) throw Refusal(request, 20038);
        if (found.Consent.AppId != request.App.AppId) throw Refusal(request, 20024);
        if (!found.IsOld || found.State != RefreshState.Fresh) throw Refusal(request, 20026);
        if (refresh.IsExpired(found)) throw Refusal(request, 20037);
        CheckPerson(request, found.Consent);
        if (!refresh.TryUse(token)) throw Refusal(request, 20026);
        return (found.Consent, tokens.Old(request.App, found.Consent, found.SignedIn));
    }

    private static void CheckCall(ApiRequest request, string grant)
    {
        if (request.Text("grant_type") is not { Length: > 0 } given) throw Refusal(request, 20001);
        if (given != grant) throw Refusal(request, request.Endpoint.Errors.ContainsKey(20036) ? 20036 : 20001);
        if (request.App.Online is null) throw Refusal(request, 20042);
    }

    private void CheckPerson(ApiRequest request, Consent consent)
    {
        // That somebody outside of the app's range is told as by v2 is UNVERIFIED.
        long? code = state.Problem(request.App, consent.UserId) switch
        {
            SignInProblem.None => null,
            SignInProblem.Unknown => 20008,
            SignInProblem.Resigned => 20021,
            SignInProblem.Frozen => 20022,
            SignInProblem.Unregistered => 20023,
            _ => 20010,
        };
        if (code is { } known) throw known == 20010
            ? new ApiRefusedException(200, known, "The user does not have permission to use this app.") : Refusal(request, known);
    }

    /// <summary>A code that the endpoint's page does not have is its general failure.</summary>
    private static ApiRefusedException Refusal(ApiRequest request, long code)
    {
        if (!request.Endpoint.Errors.ContainsKey(code)) code = Failed;
        return new ApiRefusedException(StatusCodes.Status200OK, code,
            request.Endpoint.Errors.GetValueOrDefault(code)?.Message ?? "refused");
    }

    private static JsonObject Show(UserTokenPair pair) => new()
    {
        ["access_token"] = pair.Access, ["token_type"] = "Bearer", ["expires_in"] = pair.Seconds, ["refresh_token"] = pair.Refresh,
        ["refresh_expires_in"] = pair.RefreshSeconds,
    };
}
