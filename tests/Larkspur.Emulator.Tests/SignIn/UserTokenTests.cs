using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.SignIn;

/// <summary>Codes at <c>authen/v2/oauth/token</c>: what they give, and every way to be wrong.</summary>
public sealed class UserTokenTests : SignInTest
{
    [Fact]
    public async Task A_code_becomes_a_token_for_two_hours()
    {
        var reply = await ExchangeAsync(await CodeAsync());
        Assert.Equal(["code", "access_token", "expires_in", "scope", "token_type"], reply.Json.Select(m => m.Key));
        Assert.Equal((7200, "Bearer", ""), (reply.Json["expires_in"]!.GetValue<int>(), Said(reply, "token_type"), Said(reply, "scope")));
        Assert.InRange(Said(reply, "access_token").Length, 1000, 4096);
        Assert.Equal("no-store", reply.Headers["Cache-Control"]);
        Assert.Equal("艾丽丝", (await UserInfoAsync(Said(reply, "access_token"))).Data["name"]!.GetValue<string>());
        await Emulator.AdvanceAsync(TimeSpan.FromHours(2));
        Assert.Equal(99991677, (await UserInfoAsync(Said(reply, "access_token"))).Code);
    }

    [Fact]
    public async Task Staying_signed_in_is_asked_for_and_enabled()
    {
        var reply = await SignedInAsync(scope: "offline_access contact:user.email:readonly");
        Assert.Equal(604_800, reply.Json["refresh_token_expires_in"]!.GetValue<int>());
        Assert.Equal("contact:user.email:readonly offline_access", Said(reply, "scope"));
        // What was granted stays granted; to stay signed in is asked for each time.
        var later = await SignedInAsync(scope: "contact:user.phone:readonly");
        Assert.Equal("contact:user.email:readonly contact:user.phone:readonly", Said(later, "scope"));
        Assert.False(later.Json.ContainsKey("refresh_token"));
        await AppAsync(new { granted_scopes = new[] { "contact:user.email:readonly" } });
        (await AuthorizeAsync(("as", "alice"), ("scope", "offline_access"))).IsProblem(20027);
    }

    [Fact]
    public async Task A_form_is_taken_as_JSON_is()
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code", ["client_id"] = EmulatorApp.AppId, ["client_secret"] = Secret, ["code"] = await CodeAsync(),
        });
        Assert.Equal(0, (await TokenAsync(form)).Code);
        Assert.DoesNotContain(Emulator.State.Inspector.Calls(), c => c.RequestBody.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_code_is_good_once_for_five_minutes()
    {
        var code = await CodeAsync();
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(299));
        Assert.Equal(0, (await ExchangeAsync(code)).Code);
        Refused(await ExchangeAsync(code), 20065);
        var late = await CodeAsync();
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(5));
        Refused(await ExchangeAsync(late), 20004);
        Refused(await ExchangeAsync("never-given"), 20003);
    }

    [Fact]
    public async Task Of_two_who_bring_one_code_at_once_one_gets_tokens()
    {
        var code = await CodeAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ExchangeAsync(code)));
        Assert.Single(replies, r => r.Code == 0);
        Assert.All(replies.Where(r => r.Code != 0), r => Refused(r, 20065));
    }

    [Fact]
    public async Task A_code_belongs_to_its_app_and_its_address()
    {
        await AddOtherAppAsync();
        var code = await CodeAsync();
        Refused(await TokenAsync(new { grant_type = "authorization_code", client_id = OtherApp, client_secret = "other-secret", code }), 20024);
        Refused(await ExchangeAsync(code, redirect: Callback + "/"), 20071);
        // What was refused used nothing up.
        Assert.Equal(0, (await ExchangeAsync(code, redirect: Callback)).Code);
    }

    [Theory]
    [InlineData("{}", 20001, "invalid_request")]
    [InlineData("""{"grant_type":"password"}""", 20036, "unsupported_grant_type")]
    [InlineData("""{"grant_type":"authorization_code","client_id":"cli_a1b2c3d4e5f60718"}""", 20001, "invalid_request")]
    [InlineData("""{"grant_type":"authorization_code","client_id":"cli_nobody","client_secret":"x","code":"y"}""", 20048, "invalid_client")]
    [InlineData("""{"grant_type":"authorization_code","client_id":"cli_a1b2c3d4e5f60718","client_secret":"x","code":"y"}""", 20002, "invalid_client")]
    [InlineData("""{"grant_type":"authorization_code","client_id":"cli_a1b2c3d4e5f60718","client_secret":"emulator-app-secret"}""", 20001,
        "invalid_request")]
    [InlineData("""{"grant_type":["authorization_code"]}""", 20063, "invalid_request")]
    [InlineData("""["grant_type"]""", 20063, "invalid_request")]
    [InlineData("grant_type=authorization_code", 20063, "invalid_request")]
    [InlineData("", 20001, "invalid_request")]
    public async Task What_is_no_request_is_refused_flat(string body, long code, string word) => Refused(await TokenAsync(body), code, word);

    [Fact]
    public async Task A_form_that_says_a_field_twice_is_malformed()
    {
        using var form = new StringContent("grant_type=refresh_token&grant_type=refresh_token", Encoding.UTF8, "application/x-www-form-urlencoded");
        Refused(await TokenAsync(form), 20063, "invalid_request");
    }

    [Fact]
    public async Task The_client_names_itself_in_one_place_the_body()
    {
        var code = await CodeAsync();
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{EmulatorApp.AppId}:{Secret}"));
        Refused(await BasicAsync(basic, new JsonObject { ["grant_type"] = "authorization_code", ["client_id"] = EmulatorApp.AppId, ["client_secret"] = Secret, ["code"] = code }), 20070, "invalid_client");
        Refused(await BasicAsync(basic, new JsonObject { ["grant_type"] = "authorization_code", ["code"] = code }), 20001, "invalid_request");
    }

    [Theory]
    [InlineData("frozen")]
    [InlineData("inactive")]
    [InlineData("resigned")]
    public async Task Who_may_no_longer_work_here_gets_no_tokens(string status)
    {
        var code = await CodeAsync();
        var tokens = await SignedInAsync(scope: "offline_access");
        await PersonAsync("alice", new { status });
        Refused(await ExchangeAsync(code), 20066);
        if (status != "resigned") Refused(await RefreshAsync(Said(tokens, "refresh_token")), 20066);
    }

    [Fact]
    public async Task An_app_that_is_not_for_somebody_gives_them_no_tokens()
    {
        var code = await CodeAsync();
        await AppAsync(new { available_to = new[] { "bob" } });
        Refused(await ExchangeAsync(code), 20010, "unauthorized_client");
        Assert.Equal(0, (await ExchangeAsync(await CodeAsync("bob"))).Code);
        await Emulator.ControlAsync(HttpMethod.Post, $"apps/{EmulatorApp.AppId}/versions", new { @do = "take_off" });
        Refused(await ExchangeAsync(code), 20069, "unauthorized_client");
    }

    [Fact]
    public async Task An_app_can_ask_for_less_than_was_granted_and_not_for_more()
    {
        const string all = "offline_access contact:user.email:readonly contact:user.phone:readonly";
        var code = await CodeAsync(scope: all);
        Refused(await ExchangeAsync(code, scope: "im:chat"), 20068, "invalid_scope");
        Refused(await ExchangeAsync(code, scope: "offline_access offline_access"), 20067, "invalid_scope");
        var less = await ExchangeAsync(code, scope: "offline_access contact:user.phone:readonly");
        Assert.Equal("contact:user.phone:readonly offline_access", Said(less, "scope"));
        var info = await UserInfoAsync(Said(less, "access_token"));
        Assert.Equal((false, true), (info.Data.AsObject().ContainsKey("email"), info.Data.AsObject().ContainsKey("mobile")));
        Refused(await RefreshAsync(Said(less, "refresh_token"), scope: "contact:user.email:readonly"), 20068, "invalid_scope");
    }

    [Fact]
    public async Task A_fault_speaks_as_the_endpoint_does()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = V2, reply = 500, code = 20050, count = 1 });
        var code = await CodeAsync();
        Refused(await ExchangeAsync(code), 20050, "server_error", 500);
        Assert.Equal(0, (await ExchangeAsync(code)).Code);
    }

    private async Task<ApiReply> BasicAsync(string basic, JsonObject body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, V2) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", basic);
        using var response = await Emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return new ApiReply((int)response.StatusCode, JsonNode.Parse(bytes)!.AsObject(), bytes, new Dictionary<string, string>());
    }
}
