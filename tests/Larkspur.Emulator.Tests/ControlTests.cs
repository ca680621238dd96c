using System.Net;
using System.Text.Json.Nodes;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests;

public sealed class ControlTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private EventReceiver _receiver = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _receiver = await EventReceiver.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task State_shows_the_seeded_company()
    {
        var state = await _emulator.StateAsync();
        Assert.Equal(["chats", "messages", "cards", "approvals", "documents"], state.Select(p => p.Key).Take(5));
        Assert.Equal(["alice", "bob", "carol"], state["people"]!.AsArray().Select(p => p!["user_id"]!.GetValue<string>()));
        Assert.Equal(2, state["chats"]!.AsArray().Count(c => c!["type"]!.GetValue<string>() == "group"));
        Assert.Equal(2, state["departments"]!.AsArray().Count);
    }

    [Fact]
    public async Task Reset_forgets_messages_tokens_faults_and_the_clock()
    {
        var token = await _emulator.TenantTokenAsync();
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "hi" });
        await _emulator.ControlAsync(HttpMethod.Post, "faults", new { reply = 503, path = "/open-apis/*" });
        await _emulator.AdvanceAsync(TimeSpan.FromDays(1));
        await _emulator.ControlAsync(HttpMethod.Post, "reset");
        Assert.Empty((await _emulator.StateAsync())["messages"]!.AsArray());
        Assert.Equal(0, (await _emulator.ControlAsync(HttpMethod.Get, "clock"))["offset_seconds"]!.GetValue<double>());
        Assert.Equal(99991663, (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", token)).Code);
    }

    [Theory]
    [InlineData("act", """{"do":"send"}""", "\"as\" is missing.")]
    [InlineData("act", """{"as":"mallory","do":"send"}""", "There is no person mallory. People: alice, bob, carol.")]
    [InlineData("act", """{"as":"alice","do":"dance"}""", "\"do\": dance is unknown")]
    [InlineData("act", """{"as":"alice","do":"send"}""", "\"send\" needs \"text\"")]
    [InlineData("act", """{"as":"alice","do":"recall","message_id":"om_x"}""", "There is no message om_x.")]
    [InlineData("act", "[]", "The body must be a JSON object.")]
    [InlineData("act", "{", "The body is not valid JSON.")]
    [InlineData("clock", "{}", "\"advance\" is missing")]
    [InlineData("clock", """{"advance":-1}""", "\"advance\" must be from 0 to 366 days")]
    [InlineData("faults", """{"reply":200}""", "\"reply\" must be a status")]
    [InlineData("faults", """{"reply":503,"rate":2}""", "\"rate\" must be a number from 0 to 1.")]
    [InlineData("act", """{"as":"alice","do":"send","txt":"hi"}""", "\"txt\" is unknown here. Known: as, do, platform, chat, ")]
    [InlineData("act", """{"as":"alice","do":"read","chat":"oc_1","chat_id":"oc_1"}""", "\"chat\" is given twice.")]
    [InlineData("push", """{"type":"x","callback":"http://127.0.0.1:1"}""", "\"callback\" is unknown here.")]
    [InlineData("clock", """{"advance":1,"to":2}""", "\"to\" is unknown here.")]
    [InlineData("faults", """{"reply":503,"paths":"/x"}""", "\"paths\" is unknown here.")]
    [InlineData("faults", """{"path":"/x"}""", "\"reply\" must be a status")]
    [InlineData("push", """{"type":"x"}""", "\"callbackUrl\" must be an absolute http")]
    [InlineData("push", """{"callbackUrl":"http://127.0.0.1:1","type":"x","schema":"3.0"}""", "\"schema\" must be")]
    public async Task Bad_input_is_400_and_says_what_to_do(string path, string body, string message)
    {
        using var content = new StringContent(body);
        using var response = await _emulator.Http.PostAsync(new Uri("/_emulator/" + path, UriKind.Relative), content, TestContext.Current.CancellationToken);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith(message, answer["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Push_delivers_one_event_anywhere_and_shows_the_answer()
    {
        _receiver.Answer = _ => (202, "taken");
        var answer = await _emulator.ControlAsync(HttpMethod.Post, "push", new
        {
            platform = "feishu", transport = "webhook", callbackUrl = _receiver.Url, type = "im.message.receive_v1", encrypt = true, schema = "2.0", @event = new { a = 1 },
        });
        Assert.Equal((202, "taken"), (answer["status"]!.GetValue<int>(), answer["body"]!.GetValue<string>()));
        var pushed = await _receiver.NextAsync();
        Assert.Equal("1", pushed.Event["a"]!.ToJsonString());
        Assert.Contains("encrypt", pushed.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_repeated_push_has_one_event_id_and_answers_with_all_results()
    {
        var answer = await _emulator.ControlAsync(HttpMethod.Post, "push", new { callbackUrl = _receiver.Url, type = "t", encrypt = false, schema = "1.0", repeat = 3 });
        Assert.Equal(3, answer["results"]!.AsArray().Count);
        var (one, two) = (await _receiver.NextAsync(), await _receiver.NextAsync());
        Assert.Equal(one.EventId, two.EventId);
        Assert.NotEqual(one.Headers["X-Lark-Request-Nonce"], two.Headers["X-Lark-Request-Nonce"]);
        Assert.Equal("event_callback", one.Json["type"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_push_over_another_transport_is_501()
    {
        var (status, answer) = await _emulator.TryControlAsync(HttpMethod.Post, "push", new { platform = "feishu", transport = "stream", type = "t" });
        Assert.Equal(501, status);
        Assert.Contains("not emulated", answer["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_callback_address_is_set_only_when_its_challenge_comes_back()
    {
        _receiver.Answer = d => (200, new JsonObject { ["challenge"] = d.Json["challenge"]!.GetValue<string>() }.ToJsonString());
        Assert.True((await _emulator.SetCallbackAsync(_receiver.Url, verify: true))["ok"]!.GetValue<bool>());
        _receiver.Answer = _ => (200, "{}");
        var refused = await _emulator.SetCallbackAsync(_receiver.Url, verify: true);
        Assert.False(refused["ok"]!.GetValue<bool>());
        Assert.Equal("The answer does not hold the challenge.", refused["error"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(429, 99991400)]
    [InlineData(503, 5000)]
    public async Task A_fault_answers_instead_of_the_platform_as_often_as_told(int status, long code)
    {
        var token = await _emulator.TenantTokenAsync();
        await _emulator.ControlAsync(HttpMethod.Post, "faults", new { reply = status, path = "/open-apis/bot/*", count = 1 });
        var reply = await _emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", token);
        Assert.Equal((status, code), (reply.Status, reply.Code));
        Assert.Equal(0, (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", token)).Code);
    }

    [Theory]
    [InlineData("""{"reply":"503","path":"/open-apis/im/v1/messages/{message_id}"}""", 503)]
    [InlineData("""{"status":500,"path":"/open-apis/im/v1/messages/:message_id"}""", 500)]
    [InlineData("""{"match":{"path":"/open-apis/im/*","rate":1},"reply":{"status":429}}""", 429)]
    [InlineData("""{"reply":"5xx","rate":1,"times":1}""", 503)]
    public async Task A_fault_may_be_written_in_several_ways(string rule, int status)
    {
        var token = await _emulator.TenantTokenAsync();
        await _emulator.ControlAsync(HttpMethod.Post, "faults", JsonNode.Parse(rule));
        Assert.Equal(status, (await _emulator.CallAsync(HttpMethod.Get, "/open-apis/im/v1/messages/om_1", token)).Status);
    }

    [Theory]
    [InlineData("""{"delayMs":5}""", "delay")]
    [InlineData("""{"drop":true}""", "drop")]
    [InlineData("""{"duplicate":true,"event":"im.message.*"}""", "duplicate")]
    [InlineData("""{"duplicate":true,"new_id":true}""", "duplicate")]
    [InlineData("""{"reply":"reordered"}""", "reorder")]
    public async Task A_fault_may_be_named_by_what_it_does(string rule, string reply) =>
        Assert.Equal(reply, (await _emulator.ControlAsync(HttpMethod.Post, "faults", JsonNode.Parse(rule)))["reply"]!.GetValue<string>());

    [Fact]
    public async Task A_plain_push_is_plain_although_the_app_has_a_key_and_members_may_be_spelt_either_way()
    {
        var answer = await _emulator.ControlAsync(HttpMethod.Post, "push", new
        {
            callback_url = _receiver.Url, event_type = "im.message.receive_v1", encrypt = false, schema = 2.0, eventId = "e-1", @event = new { a = 1 }, fragments = 1, repeat = 1,
        });
        Assert.Equal(200, answer["status"]!.GetValue<int>());
        var pushed = await _receiver.NextAsync();
        Assert.Equal("e-1", JsonNode.Parse(pushed.Raw)!["header"]!["event_id"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_dropped_answer_leaves_the_effect()
    {
        var token = await _emulator.TenantTokenAsync();
        await _emulator.ControlAsync(HttpMethod.Post, "faults", new { reply = "drop", path = "/open-apis/im/v1/messages", method = "POST", count = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=user_id", token,
            new { receive_id = "alice", msg_type = "text", content = """{"text":"lost answer"}""" }));
        Assert.Single((await _emulator.StateAsync())["messages"]!.AsArray());
    }

    [Fact]
    public async Task Faults_are_listed_and_deleted()
    {
        var id = (await _emulator.ControlAsync(HttpMethod.Post, "faults", new { reply = "delay", delay_ms = 1, rate = 0.5 }))["id"]!.GetValue<string>();
        Assert.Single((await _emulator.ControlAsync(HttpMethod.Get, "faults"))["faults"]!.AsArray());
        await _emulator.ControlAsync(HttpMethod.Delete, "faults/" + id);
        Assert.Empty((await _emulator.ControlAsync(HttpMethod.Get, "faults"))["faults"]!.AsArray());
    }

    [Fact]
    public async Task The_inspector_shows_calls_without_their_secrets()
    {
        var token = await _emulator.TenantTokenAsync();
        await _emulator.CallAsync(HttpMethod.Get, "/open-apis/bot/v3/info", token);
        var calls = (await _emulator.ControlAsync(HttpMethod.Get, "calls")).ToJsonString();
        Assert.Contains("bot.v3.info.get", calls, StringComparison.Ordinal);
        Assert.DoesNotContain(token, calls, StringComparison.Ordinal);
        Assert.DoesNotContain(EmulatorSettings.DefaultAppSecret, calls, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_returns_with_the_message_that_comes_later()
    {
        var waiting = _emulator.WaitForMessageAsync("from=user&contains=later");
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "see you later" });
        Assert.Equal("alice", (await waiting)["sender"]!["id"]!.GetValue<string>());
        Assert.False((await _emulator.ControlAsync(HttpMethod.Get, "wait?contains=never&timeout_ms=1"))["found"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task A_browsers_page_of_another_origin_gets_no_token(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/open-apis/auth/v3/tenant_access_token/internal")
        {
            Content = new StringContent($$"""{"app_id":"{{EmulatorApp.AppId}}","app_secret":"{{EmulatorSettings.DefaultAppSecret}}"}"""),
        };
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await _emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task Control_is_closed_to_foreign_pages(string header, string value)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/_emulator/reset");
        request.Headers.TryAddWithoutValidation(header, value);
        using var response = await _emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }
}
