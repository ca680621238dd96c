namespace Larkspur.Emulator.Tests.DingTalk;

public sealed class TokenTests : DingTalkTest
{
    [Fact]
    public async Task All_three_forms_give_the_same_token_until_it_ends()
    {
        var first = await TokenAsync();
        var corp = await SendAsync(HttpMethod.Post, $"/v1.0/oauth2/{App.CorpId}/token", new { client_id = App.ClientId, client_secret = App.ClientSecret, grant_type = "client_credentials" });
        var old = await SendAsync(HttpMethod.Get, $"/gettoken?appkey={App.ClientId}&appsecret={App.ClientSecret}");
        Assert.Equal(first, corp.Json["access_token"]!.GetValue<string>());
        Assert.Equal(first, old.Json["access_token"]!.GetValue<string>());
        Assert.Equal((0, 7200), (old.ErrCode, old.Json["expires_in"]!.GetValue<int>()));
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(7201));
        Assert.NotEqual(first, (await SendAsync(HttpMethod.Post, "/v1.0/oauth2/accessToken", new { appKey = App.ClientId, appSecret = App.ClientSecret })).Json["accessToken"]!.GetValue<string>());
        Assert.Equal(42001, (await SendAsync(HttpMethod.Post, $"/media/upload?access_token={first}&type=image")).ErrCode);
    }

    [Fact]
    public async Task A_wrong_secret_is_refused_in_the_words_of_its_generation()
    {
        var @new = await SendAsync(HttpMethod.Post, "/v1.0/oauth2/accessToken", new { appKey = App.ClientId, appSecret = "wrong" });
        Assert.Equal((400, "invalidClientIdOrSecret"), (@new.Status, @new.Code));
        Assert.NotNull(@new.Json["requestid"]);
        var old = await SendAsync(HttpMethod.Get, $"/gettoken?appkey={App.ClientId}&appsecret=wrong");
        Assert.Equal((200, 40001), (old.Status, old.ErrCode));
        var corp = await SendAsync(HttpMethod.Post, $"/v1.0/oauth2/{App.CorpId}/token", new { client_id = App.ClientId, client_secret = App.ClientSecret, grant_type = "password" });
        Assert.Equal("unsupported.grant.type", corp.Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    public async Task A_call_without_a_good_token_is_refused(string token)
    {
        var @new = await SendAsync(HttpMethod.Put, "/v1.0/card/streaming", new { }, token.Length == 0 ? null : token);
        Assert.Equal((400, "InvalidAuthentication"), (@new.Status, @new.Code));
        var old = await SendAsync(HttpMethod.Post, "/media/upload?access_token=" + token);
        Assert.Equal((200, 40014), (old.Status, old.ErrCode));
    }

    [Fact]
    public async Task The_token_is_taken_in_either_place()
    {
        var body = new { robotCode = App.RobotCode, userIds = new[] { "alice" }, msgKey = "sampleText", msgParam = """{"content":"hi"}""" };
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, "/v1.0/robot/oToMessages/batchSend", body)).Status);
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, "/v1.0/robot/oToMessages/batchSend?access_token=" + await TokenAsync(), body)).Status);
    }

    [Fact]
    public async Task Permissions_addresses_and_the_month_can_be_taken_away()
    {
        await ActAsync(new { platform = "dingtalk", @do = "configure", denied_permissions = new[] { "Card.Streaming.Write" } });
        var denied = await CallAsync(HttpMethod.Put, "/v1.0/card/streaming", new { });
        Assert.Equal((403, "Forbidden.AccessDenied.AccessTokenPermissionDenied"), (denied.Status, denied.Code));
        Assert.Equal("Card.Streaming.Write", denied.Json["accessdenieddetail"]!["requiredScopes"]![0]!.GetValue<string>());
        await ActAsync(new { platform = "dingtalk", @do = "configure", allowed_addresses = new[] { "10.1.0.0/16" } });
        Assert.Equal("Forbidden.AccessDenied.IpNotInWhiteList", (await CallAsync(HttpMethod.Post, "/v1.0/card/instances", new { })).Code);
        Assert.Equal(60020, (await OldAsync("/media/upload")).ErrCode);
        await ActAsync(new { platform = "dingtalk", @do = "configure", allowed_addresses = Array.Empty<string>(), edition = "standard", calls = 5000 });
        Assert.Equal("Forbidden.AccessDenied.ApiCountLimitForOrg", (await CallAsync(HttpMethod.Post, "/v1.0/card/instances", new { })).Code);
        Assert.Equal(90020, (await OldAsync("/media/upload")).ErrCode);
    }

    [Fact]
    public async Task More_than_twenty_calls_a_second_of_one_api_are_refused()
    {
        DingTalkReply reply;
        var calls = 0;
        do
        {
            reply = await CallAsync(HttpMethod.Post, "/v1.0/card/instances", new { });
            calls++;
        }
        while (reply.Code == "param.outTrackIdEmpty" || reply.Code == "param.cardTemplateIdEmpty" && calls < 5_000);

        Assert.Equal((403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi"), (reply.Status, reply.Code));
        Assert.True(calls > 20);
        Assert.Equal(40004, (await OldAsync("/media/upload")).ErrCode);
    }

    [Fact]
    public async Task What_is_not_played_says_so_and_is_no_success()
    {
        var @new = await CallAsync(HttpMethod.Post, "/v1.0/robot/ding/send", new { });
        Assert.Equal((501, "NotEmulated"), (@new.Status, @new.Code));
        var old = await OldAsync("/topapi/attendance/list");
        Assert.Equal((501, 599000501), (old.Status, old.ErrCode));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"a":1,"a":2}""")]
    public async Task A_body_that_is_no_object_is_refused(string body)
    {
        Assert.Equal((400, "invalidParameter"), await SendAsync(HttpMethod.Post, "/v1.0/card/instances", body, await TokenAsync()) is var r ? (r.Status, r.Code) : default);
        Assert.Equal(40035, (await SendAsync(HttpMethod.Post, "/robot/send?access_token=x", body)).ErrCode);
    }

    [Fact]
    public async Task Faults_hit_both_generations()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/v1.0/card/*", reply = 503, count = 1 });
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/robot/send", reply = 429, count = 1 });
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/v1.0/robot/*", reply = "drop", count = 1 });
        Assert.Equal(503, (await CallAsync(HttpMethod.Post, "/v1.0/card/instances", new { })).Status);
        Assert.Equal((429, 90018), await SendAsync(HttpMethod.Post, "/robot/send", new { }) is var r ? (r.Status, r.ErrCode) : default);
        await Assert.ThrowsAsync<HttpRequestException>(() => CallAsync(HttpMethod.Post, "/v1.0/robot/oToMessages/batchSend", new { robotCode = App.RobotCode, userIds = new[] { "alice" }, msgKey = "sampleText", msgParam = """{"content":"done"}""" }));
        Assert.Equal("done", Assert.Single(await MessagesAsync())["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_inspector_keeps_no_secret()
    {
        var token = await TokenAsync();
        await SendAsync(HttpMethod.Get, $"/gettoken?appkey={App.ClientId}&appsecret={App.ClientSecret}");
        await OldAsync("/media/upload");
        await using var client = await StreamClient.ConnectAsync(Emulator.Http);
        await ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "hi" });
        var frame = await client.NextAsync();
        await client.AckAsync(frame, "{}");
        await PushesAsync(1);
        var webhook = new Uri(frame.Data["sessionWebhook"]!.GetValue<string>());
        await SendAsync(HttpMethod.Post, webhook.PathAndQuery, new { msgtype = "text", text = new { content = "there" } });
        var xml = await SendAsync(HttpMethod.Post, "/v1.0/gateway/connections/open", StreamClient.Opening(App.ClientSecret));
        var ticket = xml.Text.Split("<ticket>")[1].Split("</ticket>")[0];
        var shown = (await Emulator.ControlAsync(HttpMethod.Get, "calls")).ToJsonString() + (await Emulator.ControlAsync(HttpMethod.Get, "pushes")).ToJsonString() + (await StateAsync()).ToJsonString();
        Assert.DoesNotContain(token, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(App.ClientSecret, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(webhook.Query.Split('=')[1], shown, StringComparison.Ordinal);
        Assert.DoesNotContain(ticket, shown, StringComparison.Ordinal);
        Assert.Contains("sendBySession", shown, StringComparison.Ordinal);
    }
}
