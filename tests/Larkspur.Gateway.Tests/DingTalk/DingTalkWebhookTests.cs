using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.DingTalk;
using Larkspur.Gateway.Platforms.DingTalk;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.DingTalk;

/// <summary>The address that DingTalk calls where there is no stream.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class DingTalkWebhookTests
{
    private static readonly (string, string?)[] OverHttp = [("DINGTALK_EVENT_MODE", "webhook"), ("DINGTALK_TOKEN", DingTalkFixture.App.Token), ("DINGTALK_AES_KEY", DingTalkFixture.App.AesKey), ("DINGTALK_CARD_TEMPLATE", null)];

    private const string RouteSecret = "route-secret-0123456789";

    [Fact]
    public async Task A_message_over_http_is_answered_and_a_repetition_is_not()
    {
        await using var fixture = await DingTalkFixture.StartAsync(OverHttp);
        var url = new Uri(fixture.Gateway.Address, "/webhook/dingtalk").ToString();
        await fixture.Emulator.ActAsync(new { platform = "dingtalk", @do = "configure", callback_url = url });
        await fixture.SayAsync("What is left of the budget?");
        await fixture.MessageAsync(t => t.Contains("Approver: Bob", StringComparison.Ordinal), "the answer");

        var head = Signed(DateTimeOffset.UtcNow);
        using var first = await PostAsync(fixture, Message("m-1", "one"), head);
        Assert.Equal("""{"msgtype":"empty"}""", await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var second = await PostAsync(fixture, Message("m-1", "one"), head);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(1, await CountAsync(fixture, "m-1"));
    }

    [Fact]
    public async Task An_encrypted_event_is_recorded_and_answered_as_the_platform_wants_it()
    {
        await using var fixture = await DingTalkFixture.StartAsync(OverHttp);
        var pushed = await fixture.Emulator.ControlAsync(HttpMethod.Post, "push", new
        {
            platform = "dingtalk", transport = "webhook", callback_url = new Uri(fixture.Gateway.Address, "/webhook/dingtalk").ToString(), type = "user_add_org", @event = new { userId = new[] { "alice" } }, event_id = "ev-1",
        });
        Assert.Equal(200, pushed["status"]!.GetValue<int>());
        Assert.Contains("msg_signature", pushed.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(fixture, "ev-1"));
    }

    [Fact]
    public async Task Clicks_over_http_do_what_the_button_says_for_who_asked_and_forged_ones_do_nothing()
    {
        await using var fixture = await DingTalkFixture.StartAsync([.. OverHttp.Where(s => s.Item1 != "DINGTALK_CARD_TEMPLATE"), ("DINGTALK_CARD_ROUTE_KEY", "larkspur"), ("DINGTALK_CARD_CALLBACK_SECRET", RouteSecret)]);
        var url = new Uri(fixture.Gateway.Address, "/webhook/dingtalk");
        await fixture.Emulator.ActAsync(new { platform = "dingtalk", @do = "configure", callback_url = url.ToString() });
        await fixture.Gateway.Services.GetRequiredService<DingTalkApps>().Get("default").Client.Cards.RegisterCallbackAsync("larkspur", url, RouteSecret, cancellationToken: TestContext.Current.CancellationToken);
        await fixture.SayAsync("once");
        var card = await fixture.AnswerAsync("Question 1 of this conversation: **once**");
        Assert.Equal(("HTTP", "larkspur"), (card["callback_type"]!.GetValue<string>(), card["callback_route_key"]!.GetValue<string>()));

        var clicked = await fixture.ClickAsync(DingTalkFixture.IdOf(card), "helpful");
        Assert.True(clicked["ok"]!.GetValue<bool>(), clicked.ToJsonString());
        Assert.Equal([1L], await fixture.RowsAsync("SELECT verdict FROM assistant_turn", r => r.GetInt64(0)));
        await fixture.CardAsync(c => c["private_data"]?["alice"]?["told"]?.GetValue<string>() is { Length: > 0 }, "words for who clicked");
        await fixture.ClickAsync(DingTalkFixture.IdOf(card), "again");
        await fixture.AnswerAsync("Question 2 of this conversation: **once**");

        // Somebody else's name under a right signature, and the right name under a wrong one.
        var body = new { outTrackId = DingTalkFixture.IdOf(card), userId = "bob", userIdType = 1, corpId = DingTalkFixture.App.CorpId, type = "actionCallback", content = """{"cardPrivateData":{"actionIds":["again"],"params":{}}}""" };
        Assert.Equal(200, (await PushAsync(fixture, body, RouteSecret))["status"]!.GetValue<int>());
        Assert.Equal(401, (await PushAsync(fixture, body, "another-secret"))["status"]!.GetValue<int>());
        Assert.Equal(["", "", "not_asked_by_them"], (await fixture.RowsAsync("SELECT COALESCE(reason, '') FROM inbox WHERE kind = 1", r => r.GetString(0))).Order(StringComparer.Ordinal));
        Assert.Equal(2, (await fixture.EndingsAsync()).Count);
    }

    [Fact]
    public async Task A_group_that_took_the_robot_in_is_greeted_once_and_one_that_took_in_others_is_not()
    {
        await using var fixture = await DingTalkFixture.StartAsync(OverHttp);
        var group = (await fixture.Emulator.ActAsync(new { platform = "dingtalk", @as = "alice", @do = "create_group", name = "Budget", people = new[] { "bob" } }))["chat_id"]!.GetValue<string>();
        await AddedAsync("ev-others", "bob");
        await AddedAsync("ev-robot", DingTalkFixture.App.RobotCode);
        await fixture.MessageAsync(t => t.Contains("Hello everyone, I'm Larkspur", StringComparison.Ordinal), "the greeting");
        await AddedAsync("ev-robot-again", DingTalkFixture.App.RobotCode);
        await fixture.HoldsAsync(async () => (await fixture.RowsAsync("SELECT status FROM inbox WHERE event_id = 'ev-robot-again' AND status = 1", r => r.GetInt64(0))).Count == 1, "the second event to be handled");
        Assert.Single(await fixture.SaidAsync());
        Assert.Equal(["not_the_robot"], await fixture.RowsAsync("SELECT reason FROM inbox WHERE event_id = 'ev-others'", r => r.GetString(0)));

        async Task AddedAsync(string id, string who)
        {
            var pushed = await fixture.Emulator.ControlAsync(HttpMethod.Post, "push", new
            {
                platform = "dingtalk", transport = "webhook", callback_url = new Uri(fixture.Gateway.Address, "/webhook/dingtalk").ToString(), type = "chat_add_member", event_id = id,
                @event = new { openConversationId = group, userId = new[] { who } },
            });
            Assert.Equal(200, pushed["status"]!.GetValue<int>());
        }
    }

    [Theory]
    [InlineData(null, "ok", "works")]
    [InlineData("not-the-secret", "failed", "Client Secret")]
    public async Task The_doctor_judges_an_app_without_a_stream_by_its_credentials(string? secret, string status, string words)
    {
        await using var fixture = await DingTalkFixture.StartAsync(secret is null ? OverHttp : [.. OverHttp, ("DINGTALK_CLIENT_SECRET", secret)]);
        using var answer = await fixture.Gateway.Http.PostAsJsonAsync(new Uri("/api/v1/doctor/run", UriKind.Relative), new { checks = new[] { "dingtalk" } }, TestContext.Current.CancellationToken);
        var row = (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("checks")[0];
        Assert.Equal(status, row.GetProperty("status").GetString());
        Assert.Contains(words, row.ToString(), StringComparison.Ordinal);
        if (secret is not null) Assert.DoesNotContain(secret, row.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_forged_replayed_too_large_or_not_asked_for_is_refused_and_nothing_of_it_is_stored()
    {
        await using var fixture = await DingTalkFixture.StartAsync(OverHttp);
        var now = DateTimeOffset.UtcNow;
        await RefusedAsync(HttpStatusCode.Unauthorized, Message("m-2", "x"), null);
        await RefusedAsync(HttpStatusCode.Unauthorized, Message("m-2", "x"), (Signed(now).Timestamp, Signed(now).Sign[..^4] + "AAA="));
        await RefusedAsync(HttpStatusCode.Unauthorized, Message("m-2", "x"), (now.AddMinutes(1).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), Signed(now).Sign));
        await RefusedAsync(HttpStatusCode.Unauthorized, Message("m-2", "x"), Signed(now.AddHours(-2)));
        await RefusedAsync(HttpStatusCode.BadRequest, "{\"msgId\":\"m-2\",\"msgId\":\"m-3\"}", Signed(now));
        await RefusedAsync(HttpStatusCode.BadRequest, "[1]", Signed(now));
        await RefusedAsync(HttpStatusCode.RequestEntityTooLarge, Message("m-2", new string('x', DingTalkReceiver.MaxBodyBytes)), Signed(now));
        using var unknown = await PostAsync(fixture, Message("m-2", "x"), Signed(now), "/webhook/dingtalk/nobody");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(0, (await fixture.RowsAsync("SELECT COUNT(*) FROM inbox", r => r.GetInt64(0)))[0]);

        async Task RefusedAsync(HttpStatusCode status, string body, (string Timestamp, string Sign)? head)
        {
            using var answer = await PostAsync(fixture, body, head);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task In_stream_mode_the_address_takes_nothing()
    {
        await using var fixture = await DingTalkFixture.StartAsync();
        using var answer = await PostAsync(fixture, Message("m-4", "x"), Signed(DateTimeOffset.UtcNow));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static Task<JsonObject> PushAsync(DingTalkFixture fixture, object body, string secret) => fixture.Emulator.ControlAsync(HttpMethod.Post, "push", new
    {
        platform = "dingtalk", transport = "webhook", callback_url = new Uri(fixture.Gateway.Address, "/webhook/dingtalk").ToString(), type = "card", @event = body, api_secret = secret,
    });

    private static string Message(string id, string text) => JsonSerializer.Serialize(new
    {
        msgId = id, conversationId = "cid-1", conversationType = "1", senderId = "$:x", senderStaffId = "alice", senderCorpId = DingTalkFixture.App.CorpId, chatbotUserId = "$:robot", msgtype = "text", text = new { content = text },
    });

    private static (string Timestamp, string Sign) Signed(DateTimeOffset at)
    {
        var time = at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return (time, DingTalkSignatures.Robot(time, DingTalkFixture.App.ClientSecret));
    }

    private static async Task<HttpResponseMessage> PostAsync(DingTalkFixture fixture, string body, (string Timestamp, string Sign)? head, string path = "/webhook/dingtalk")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (head is { } signed)
        {
            request.Headers.Add("timestamp", signed.Timestamp);
            request.Headers.TryAddWithoutValidation("sign", signed.Sign);
        }

        return await fixture.Gateway.Http.SendAsync(request);
    }

    private static async Task<long> CountAsync(DingTalkFixture fixture, string eventId) => (await fixture.RowsAsync($"SELECT COUNT(*) FROM inbox WHERE event_id = '{eventId}'", r => r.GetInt64(0)))[0];
}
