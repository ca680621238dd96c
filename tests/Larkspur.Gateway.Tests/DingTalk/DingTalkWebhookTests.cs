using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Larkspur.DingTalk;

namespace Larkspur.Gateway.Tests.DingTalk;

/// <summary>The address that DingTalk calls where there is no stream.</summary>
public sealed class DingTalkWebhookTests
{
    private static readonly (string, string?)[] OverHttp = [("DINGTALK_EVENT_MODE", "webhook"), ("DINGTALK_TOKEN", DingTalkStage.App.Token), ("DINGTALK_AES_KEY", DingTalkStage.App.AesKey), ("DINGTALK_CARD_TEMPLATE", null)];

    [Fact]
    public async Task A_message_over_http_is_answered_and_a_repetition_is_not()
    {
        await using var stage = await DingTalkStage.StartAsync(OverHttp);
        var url = new Uri(stage.Gateway.Address, "/webhook/dingtalk").ToString();
        await stage.Emulator.ActAsync(new { platform = "dingtalk", @do = "configure", callback_url = url });
        await stage.SayAsync("What is left of the budget?");
        await stage.MessageAsync(t => t.Contains("Approver: Bob", StringComparison.Ordinal), "the answer");

        var head = Signed(DateTimeOffset.UtcNow);
        using var first = await PostAsync(stage, Message("m-1", "one"), head);
        Assert.Equal("""{"msgtype":"empty"}""", await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var second = await PostAsync(stage, Message("m-1", "one"), head);
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);
        Assert.Equal(1, await CountAsync(stage, "m-1"));
    }

    [Fact]
    public async Task An_encrypted_event_is_recorded_and_answered_as_the_platform_wants_it()
    {
        await using var stage = await DingTalkStage.StartAsync(OverHttp);
        var pushed = await stage.Emulator.ControlAsync(HttpMethod.Post, "push", new
        {
            platform = "dingtalk", transport = "webhook", callback_url = new Uri(stage.Gateway.Address, "/webhook/dingtalk").ToString(), type = "user_add_org", @event = new { userId = new[] { "alice" } }, event_id = "ev-1",
        });
        Assert.Equal(200, pushed["status"]!.GetValue<int>());
        Assert.Contains("msg_signature", pushed.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync(stage, "ev-1"));
    }

    [Fact]
    public async Task What_is_forged_replayed_too_large_or_not_asked_for_is_refused_and_nothing_of_it_is_stored()
    {
        await using var stage = await DingTalkStage.StartAsync(OverHttp);
        var now = DateTimeOffset.UtcNow;
        await RefusedAsync(HttpStatusCode.Unauthorized, Message("m-2", "x"), null);
        await RefusedAsync(HttpStatusCode.Unauthorized, Message("m-2", "x"), (Signed(now).Timestamp, Signed(now).Sign[..^4] + "AAA="));
        await RefusedAsync(HttpStatusCode.Unauthorized, Message("m-2", "x"), (now.AddMinutes(1).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), Signed(now).Sign));
        await RefusedAsync(HttpStatusCode.Unauthorized, Message("m-2", "x"), Signed(now.AddHours(-2)));
        await RefusedAsync(HttpStatusCode.BadRequest, "{\"msgId\":\"m-2\",\"msgId\":\"m-3\"}", Signed(now));
        await RefusedAsync(HttpStatusCode.BadRequest, "[1]", Signed(now));
        await RefusedAsync(HttpStatusCode.RequestEntityTooLarge, Message("m-2", new string('x', DingTalkReceiver.MaxBodyBytes)), Signed(now));
        using var unknown = await PostAsync(stage, Message("m-2", "x"), Signed(now), "/webhook/dingtalk/nobody");
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(0, (await stage.RowsAsync("SELECT COUNT(*) FROM inbox", r => r.GetInt64(0)))[0]);

        async Task RefusedAsync(HttpStatusCode status, string body, (string Timestamp, string Sign)? head)
        {
            using var answer = await PostAsync(stage, body, head);
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Fact]
    public async Task In_stream_mode_the_address_takes_nothing()
    {
        await using var stage = await DingTalkStage.StartAsync();
        using var answer = await PostAsync(stage, Message("m-4", "x"), Signed(DateTimeOffset.UtcNow));
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    private static string Message(string id, string text) => JsonSerializer.Serialize(new
    {
        msgId = id, conversationId = "cid-1", conversationType = "1", senderId = "$:x", senderStaffId = "alice", senderCorpId = DingTalkStage.App.CorpId, chatbotUserId = "$:robot", msgtype = "text", text = new { content = text },
    });

    private static (string Timestamp, string Sign) Signed(DateTimeOffset at)
    {
        var time = at.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        return (time, DingTalkSignatures.Robot(time, DingTalkStage.App.ClientSecret));
    }

    private static async Task<HttpResponseMessage> PostAsync(DingTalkStage stage, string body, (string Timestamp, string Sign)? head, string path = "/webhook/dingtalk")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (head is { } signed)
        {
            request.Headers.Add("timestamp", signed.Timestamp);
            request.Headers.TryAddWithoutValidation("sign", signed.Sign);
        }

        return await stage.Gateway.Http.SendAsync(request);
    }

    private static async Task<long> CountAsync(DingTalkStage stage, string eventId) => (await stage.RowsAsync($"SELECT COUNT(*) FROM inbox WHERE event_id = '{eventId}'", r => r.GetInt64(0)))[0];
}
