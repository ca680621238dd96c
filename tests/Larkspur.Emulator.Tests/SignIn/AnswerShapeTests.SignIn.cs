using System.Net;
using System.Web;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests;

/// <summary>Signing in: pages that lead back to the app, and the token endpoints of three generations.</summary>
public sealed partial class AnswerShapeTests
{
    private const string Authen = "/open-apis/authen/v1/";
    private const string OldPassport = "/suite/passport/oauth/";

    private async Task SignInAsync()
    {
        const string scope = "offline_access contact:user.email:readonly contact:user.employee:readonly contact:user.employee_id:readonly";
        var client = $"client_id={EmulatorApp.AppId}&response_type=code&as=alice&redirect_uri=https%3A%2F%2Fapp.example%2F";
        var authorize = $"{Authen}authorize?{client}&scope={Uri.EscapeDataString(scope)}";
        var v2 = new { grant_type = "authorization_code", client_id = EmulatorApp.AppId, client_secret = EmulatorSettings.DefaultAppSecret, code = await CodeAsync("authen.v1.authorize.get", authorize) };
        var tokens = await CheckAsync("authen.v2.oauth_token.create", HttpMethod.Post, "/open-apis/authen/v2/oauth/token", v2);
        // Three pages tell of this one method and path.
        _checked.Remove("authen.v2.oauth_token.create");
        _checked.Add("authen.v2.oauth.token.post");
        await CheckAsync("authen.v1.user_info.get", HttpMethod.Get, Authen + "user_info", token: tokens["access_token"]!.GetValue<string>());
        var oidc = await CheckAsync("authen.v1.oidc.access_token.create", HttpMethod.Post, Authen + "oidc/access_token",
            new { grant_type = "authorization_code", code = await CodeAsync("authen.v1.authorize.get", authorize) });
        await CheckAsync("authen.v1.oidc.refresh_access_token.create", HttpMethod.Post, Authen + "oidc/refresh_access_token",
            new { grant_type = "refresh_token", refresh_token = oidc["data"]!["refresh_token"]!.GetValue<string>() });
        var elder = await CheckAsync("authen.v1.access_token.create", HttpMethod.Post, Authen + "access_token", new
        {
            grant_type = "authorization_code",
            code = await CodeAsync("authen.v1.index.get", $"{Authen}index?app_id={EmulatorApp.AppId}&as=alice&redirect_uri=https%3A%2F%2Fapp.example%2F"),
        });
        await CheckAsync("authen.v1.refresh_access_token.create", HttpMethod.Post, Authen + "refresh_access_token",
            new { grant_type = "refresh_token", refresh_token = elder["data"]!["refresh_token"]!.GetValue<string>() });
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["client_id"] = EmulatorApp.AppId, ["client_secret"] = EmulatorSettings.DefaultAppSecret,
            ["code"] = await CodeAsync("passport.oauth.authorize", $"{OldPassport}authorize?{client}"),
        };
        var passport = await _emulator.CallAsync(HttpMethod.Post, OldPassport + "token", null, new FormUrlEncodedContent(form));
        Flat("passport.oauth.token", passport);
        Flat("passport.oauth.userinfo", await _emulator.CallAsync(HttpMethod.Get, OldPassport + "userinfo", passport.Json["access_token"]!.GetValue<string>()));
    }

    private async Task<string> CodeAsync(string id, string path)
    {
        using var back = await _emulator.Http.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Found, back.StatusCode);
        Assert.Equal("redirect", _answers[id].GetProperty("responseType").GetString());
        _checked.Add(id);
        return HttpUtility.ParseQueryString(back.Headers.Location!.Query)["code"]!;
    }

    /// <summary>The old passport answers like an OAuth server, without a code of the platform.</summary>
    private void Flat(string id, ApiReply reply)
    {
        Assert.Equal(200, reply.Status);
        _checked.Add(id);
        Fields(id, reply.Json, _answers[id].GetProperty("response"));
    }
}
