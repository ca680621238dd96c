using System.Text.Json.Nodes;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.SignIn;

/// <summary>The token endpoints from before v2, which official clients still call: wrapped in <c>data</c>, refusals with HTTP 200.</summary>
public sealed class OldTokenTests : SignInTest
{
    private const string Elder = "/open-apis/authen/v1/";
    private const string Oidc = Elder + "oidc/";

    [Fact]
    public async Task A_code_becomes_a_token_that_is_refreshed_for_a_month()
    {
        var first = await CodeToAsync(Oidc, await CodeAsync(scope: "contact:user.email:readonly"));
        Assert.Equal(["access_token", "token_type", "expires_in", "refresh_token", "refresh_expires_in", "scope"], first.Data.AsObject().Select(m => m.Key));
        Assert.Equal((7200, 30 * 86400), (first.Data["expires_in"]!.GetValue<int>(), first.Data["refresh_expires_in"]!.GetValue<int>()));
        Assert.StartsWith("u-", Of(first, "access_token"), StringComparison.Ordinal);
        await Emulator.AdvanceAsync(TimeSpan.FromDays(29));
        var second = await RefreshToAsync(Oidc, Of(first, "refresh_token"));
        Assert.Equal("alice@mica.example", (await UserInfoAsync(Of(second, "access_token"))).Data["email"]!.GetValue<string>());
        IsRefused(await RefreshToAsync(Oidc, Of(first, "refresh_token")), 20026);
        await Emulator.AdvanceAsync(TimeSpan.FromDays(30));
        IsRefused(await RefreshToAsync(Oidc, Of(second, "refresh_token")), 20037);
        IsRefused(await RefreshToAsync(Oidc, "ur-unknown"), 20038);
    }

    [Fact]
    public async Task The_elder_pair_tells_also_who_signed_in()
    {
        var query = new Dictionary<string, string> { ["app_id"] = EmulatorApp.AppId, ["redirect_uri"] = Callback, ["as"] = "bob" };
        var first = await CodeToAsync(Elder, (await GetAsync(Elder + "index", query)).Told["code"]!);
        Assert.Equal(("鲍勃", "bob", "bob@mica.example"), (Of(first, "name"), Of(first, "user_id"), Of(first, "email")));
        var second = await RefreshToAsync(Elder, Of(first, "refresh_token"));
        Assert.Equal("鲍勃", Of(second, "name"));
        IsRefused(await RefreshToAsync(Elder, Of(first, "refresh_token")), 20007);
    }

    [Fact]
    public async Task Codes_are_good_once_on_old_and_new_endpoints_alike()
    {
        var code = await CodeAsync();
        Assert.Equal(0, (await ExchangeAsync(code)).Code);
        IsRefused(await CodeToAsync(Oidc, code), 20003);
        IsRefused(await CodeToAsync(Elder, code), 20007);
        var late = await CodeAsync();
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(5));
        IsRefused(await CodeToAsync(Oidc, late), 20004);
        // No verifier can be given here: a code that waits for one stays shut.
        IsRefused(await CodeToAsync(Oidc, await CodeAsync(more: [("code_challenge", new string('a', 43))])), 20007);
    }

    [Fact]
    public async Task Refresh_tokens_do_not_cross_between_old_and_new()
    {
        var v1 = await CodeToAsync(Oidc, await CodeAsync());
        Refused(await RefreshAsync(Of(v1, "refresh_token")), 20026);
        IsRefused(await RefreshToAsync(Oidc, Said(await SignedInAsync(scope: "offline_access"), "refresh_token")), 20026);
    }

    [Theory]
    [InlineData("""{"code":"x"}""", 20001)]
    [InlineData("""{"grant_type":"authorization_code"}""", 20001)]
    [InlineData("""{"grant_type":"implicit","code":"x"}""", 20036)]
    public async Task Missing_and_unknown_fields_have_codes_of_their_own(string body, long code) =>
        IsRefused(await Emulator.CallAsync(HttpMethod.Post, Oidc + "access_token", await Emulator.TenantTokenAsync(), body), code);

    [Theory]
    [InlineData("resigned", 20021)]
    [InlineData("frozen", 20022)]
    [InlineData("inactive", 20023)]
    public async Task Who_may_no_longer_work_here_is_told_by_code(string status, long code)
    {
        var waiting = await CodeAsync();
        await PersonAsync("alice", new { status });
        IsRefused(await CodeToAsync(Oidc, waiting), code);
    }

    [Fact]
    public async Task Only_the_code_of_the_app_whose_token_it_is_counts()
    {
        await AddOtherAppAsync();
        var code = await CodeAsync();
        var other = await Emulator.TenantTokenAsync(OtherApp, "other-secret");
        IsRefused(await Emulator.CallAsync(HttpMethod.Post, Oidc + "access_token", other, new { grant_type = "authorization_code", code }), 20024);
        IsRefused(await Emulator.CallAsync(HttpMethod.Post, Oidc + "access_token", "t-bad", new { grant_type = "authorization_code", code }), 20014);
        Assert.Equal(99991664, (await Emulator.CallAsync(HttpMethod.Post, Elder + "access_token", "a-bad", new { code })).Code);
        Assert.Equal(0, (await CodeToAsync(Oidc, code)).Code);
    }

    private static string Of(ApiReply reply, string name) => reply.Data[name]?.GetValue<string>() ?? throw new InvalidOperationException(reply.Json.ToJsonString());

    private static void IsRefused(ApiReply reply, long code) => Assert.True(reply.Status == 200 && reply.Code == code, $"{reply.Status} {reply.Json.ToJsonString()}");

    private async Task<ApiReply> CodeToAsync(string endpoints, string code) => await Emulator.CallAsync(HttpMethod.Post, endpoints + "access_token",
        await Emulator.TenantTokenAsync(), new JsonObject { ["grant_type"] = "authorization_code", ["code"] = code });

    private async Task<ApiReply> RefreshToAsync(string endpoints, string token) => await Emulator.CallAsync(HttpMethod.Post, endpoints + "refresh_access_token",
        await Emulator.TenantTokenAsync(), new JsonObject { ["grant_type"] = "refresh_token", ["refresh_token"] = token });
}
