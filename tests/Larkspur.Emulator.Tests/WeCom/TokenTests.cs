using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.WeCom;

public sealed class TokenTests : WeComTest
{
    [Fact]
    public async Task A_secret_has_one_token_until_a_minute_before_its_end()
    {
        var first = await TokenAsync();
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(7100));
        Assert.Equal(first, await TokenAsync());
        Assert.True(first.Length > 100);
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(50));
        Assert.NotEqual(first, await TokenAsync());
        Assert.Equal(0, Code(await GetAsync($"/cgi-bin/getcallbackip?access_token={first}")));
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(42001, Code(await GetAsync($"/cgi-bin/getcallbackip?access_token={first}")));
    }

    [Theory]
    [InlineData("corpid=other&corpsecret=emulator-wecom-secret", 40013)]
    [InlineData("corpid=wwa1b2c3d4e5f60718&corpsecret=wrong", 40001)]
    [InlineData("corpid=wwa1b2c3d4e5f60718", 41004)]
    [InlineData("corpsecret=emulator-wecom-secret", 41002)]
    public async Task A_wrong_pair_is_refused(string query, long code) => Assert.Equal(code, Code(await GetAsync("/cgi-bin/gettoken?" + query)));

    [Fact]
    public async Task Who_guesses_secrets_is_shut_out_for_an_hour()
    {
        var address = $"/cgi-bin/gettoken?corpid={Corp.CorpId}&corpsecret=wrong";
        for (var i = 0; i < 60; i++) Assert.Equal(40001, Code(await GetAsync(address)));
        await GetAsync(address);
        Assert.Equal(45009, Code(await GetAsync($"/cgi-bin/gettoken?corpid={Corp.CorpId}&corpsecret={Corp.Secret}")));
        await Emulator.AdvanceAsync(TimeSpan.FromHours(1));
        Assert.NotEmpty(await TokenAsync());
    }

    [Fact]
    public async Task A_call_needs_a_token_that_is_known_and_alive()
    {
        Assert.Equal(41001, Code(await PostAsync("/cgi-bin/message/send", new { })));
        Assert.Equal(40014, Code(await PostAsync("/cgi-bin/message/send?access_token=made-up", new { })));
        var token = await TokenAsync();
        await ActAsync(new { platform = "wecom", @do = "expire_tokens" });
        Assert.Equal(42001, Code(await PostAsync("/cgi-bin/message/send?access_token=" + token, new { })));
        await ActAsync(new { platform = "wecom", @do = "revoke_tokens" });
        Assert.Equal(40014, Code(await PostAsync("/cgi-bin/message/send?access_token=" + token, new { })));
    }

    [Fact]
    public async Task Only_trusted_addresses_may_call_once_some_are_named()
    {
        await ActAsync(new { platform = "wecom", @do = "trust_addresses", addresses = new[] { "192.0.2.7" } });
        var refused = await SendTextAsync("x");
        Assert.Equal(60020, Code(refused));
        Assert.Contains("127.0.0.1", Text(refused, "errmsg"), StringComparison.Ordinal);
        await ActAsync(new { platform = "wecom", @do = "trust_addresses", addresses = new[] { "127.0.0.1" } });
        Assert.Equal(0, Code(await SendTextAsync("x")));
    }

    [Fact]
    public async Task What_is_not_played_says_so_and_a_body_that_is_no_json_is_refused()
    {
        using var missing = await Emulator.Http.GetAsync("/cgi-bin/nothing/like/this", Cancel);
        Assert.Equal(501, (int)missing.StatusCode);
        Assert.Equal(-1, Code(JsonNode.Parse(await missing.Content.ReadAsStringAsync(Cancel))!.AsObject()));
        Assert.Equal(40058, Code(await CallAsync("/cgi-bin/message/send", new StringContent("{"))));
        Assert.Equal(40058, Code(await CallAsync("/cgi-bin/message/send", new StringContent("""{"a":1,"a":2}"""))));
        Assert.Equal(43002, Code(await CallAsync("/cgi-bin/message/send")));
    }

    [Fact]
    public async Task No_secret_reaches_the_inspector_or_the_state()
    {
        var token = await TokenAsync();
        await SendTextAsync("x");
        await GetAsync($"/cgi-bin/webhook/send?key={Corp.GroupRobotKey}");
        var seen = (await Emulator.ControlAsync(HttpMethod.Get, "calls")).ToJsonString() + (await Emulator.StateAsync()).ToJsonString();
        foreach (var secret in new[] { token, Corp.Secret, Corp.GroupRobotKey, Corp.EncodingAesKey, Corp.AiBotSecret, Corp.ContactSecret }) Assert.DoesNotContain(secret, seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Planned_failures_speak_as_the_platform_does()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/cgi-bin/message/send", status = 429, count = 1 });
        Assert.Equal(45009, Code(await SendTextAsync("a")));
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/cgi-bin/message/*", status = 503, count = 1 });
        Assert.Equal(-1, Code(await SendTextAsync("b")));
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/cgi-bin/message/send", status = 500, code = 40014, count = 1 });
        Assert.Equal(40014, Code(await SendTextAsync("c")));
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/cgi-bin/message/send", drop = true, count = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => SendTextAsync("effect without answer"));
        Assert.Equal(["effect without answer"], (await MessagesAsync(AppChat("alice"))).Select(m => Text(m, "text")));
    }
}
