using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.SignIn;

/// <summary>A program without a browser: it shows a code, somebody enters it, the program polls.</summary>
public sealed class DeviceTests : SignInTest
{
    private const string Begin = "/oauth/v1/device_authorization";

    [Fact]
    public async Task Somebody_enters_the_code_and_the_program_gets_their_tokens()
    {
        var (_, begun) = await BeginAsync(scope: "offline_access contact:user.email:readonly");
        Assert.Equal((240, 5), (begun["expires_in"]!.GetValue<int>(), begun["interval"]!.GetValue<int>()));
        var code = begun["device_code"]!.GetValue<string>();
        IsWord(await PollAsync(code), "authorization_pending");
        var page = new Uri(begun["verification_uri_complete"]!.GetValue<string>());
        Assert.Contains("name=\"as\" value=\"alice\"", await Emulator.Http.GetStringAsync(page, TestContext.Current.CancellationToken), StringComparison.Ordinal);
        await Emulator.Http.GetStringAsync(new Uri(page + "&as=alice&decision=allow"), TestContext.Current.CancellationToken);
        var tokens = await PollAsync(code);
        Assert.Equal("contact:user.email:readonly offline_access", Said(tokens, "scope"));
        Assert.Equal(0, (await RefreshAsync(Said(tokens, "refresh_token"))).Code);
        IsWord(await PollAsync(code), "invalid_grant");
        Assert.Equal(HttpStatusCode.BadRequest, (await Emulator.Http.GetAsync(page, TestContext.Current.CancellationToken)).StatusCode);
    }

    [Fact]
    public async Task Polling_too_often_slows_down_and_nothing_lasts_for_ever()
    {
        var code = (await BeginAsync()).Json["device_code"]!.GetValue<string>();
        IsWord(await PollAsync(code), "authorization_pending");
        IsWord(await PollAsync(code), "slow_down");
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(5));
        IsWord(await PollAsync(code), "slow_down");
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(15));
        IsWord(await PollAsync(code), "authorization_pending");
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(240));
        IsWord(await PollAsync(code), "expired_token");
    }

    [Fact]
    public async Task Who_denies_is_told_to_the_program()
    {
        var (_, begun) = await BeginAsync();
        await Emulator.Http.GetStringAsync(new Uri(begun["verification_uri_complete"]!.GetValue<string>() + "&decision=deny"), TestContext.Current.CancellationToken);
        IsWord(await PollAsync(begun["device_code"]!.GetValue<string>()), "access_denied");
    }

    [Theory]
    [InlineData("wrong", "", 401, "invalid_client")]
    [InlineData(Secret, "im:chat", 200, null)]
    public async Task Only_an_app_begins(string secret, string scope, int status, string? word)
    {
        var (answered, begun) = await BeginAsync(secret, scope);
        Assert.Equal((status, word), ((int)answered, begun["error"]?.GetValue<string>()));
        Assert.Equal(HttpStatusCode.BadRequest, (await Emulator.Http.GetAsync(new Uri("/oauth/v1/device?user_code=BBBB-BBBB", UriKind.Relative), TestContext.Current.CancellationToken)).StatusCode);
    }

    private static void IsWord(ApiReply reply, string word) => Assert.Equal((400, word), (reply.Status, reply.Json["error"]?.GetValue<string>()));

    private async Task<(HttpStatusCode Status, JsonObject Json)> BeginAsync(string secret = Secret, string scope = "")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Begin)
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["client_id"] = EmulatorApp.AppId, ["scope"] = scope }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{EmulatorApp.AppId}:{secret}")));
        using var response = await Emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!.AsObject());
    }

    private Task<ApiReply> PollAsync(string code) => TokenAsync(new FormUrlEncodedContent(new Dictionary<string, string>
    {
        ["grant_type"] = "urn:ietf:params:oauth:grant-type:device_code", ["client_id"] = EmulatorApp.AppId, ["client_secret"] = Secret, ["device_code"] = code,
    }));
}
