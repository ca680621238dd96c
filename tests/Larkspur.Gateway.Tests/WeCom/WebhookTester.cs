using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>The address that WeCom pushes to, and what others push there.</summary>
public sealed class WebhookTester
{
    private static readonly CallbackCipher Cipher = new(WeComFixture.Corp.Token, WeComFixture.Corp.EncodingAesKey, WeComFixture.Corp.CorpId);

    private static readonly CallbackCipher BotCipher = new(WeComFixture.Corp.Token, WeComFixture.Corp.EncodingAesKey, "");

    private static string Message(string id, string text = "hi", string from = "alice") =>
        $"<xml><ToUserName><![CDATA[{WeComFixture.Corp.CorpId}]]></ToUserName><FromUserName><![CDATA[{from}]]></FromUserName><CreateTime>{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}</CreateTime>"
        + $"<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{text}]]></Content><MsgId>{id}</MsgId><AgentID>1000002</AgentID></xml>";

    [Fact]
    public async Task A_delivery_that_comes_three_times_is_answered_once()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.Application);
        fixture.Assistant.Says = _ => new UnifiedResponse("一次");
        for (var i = 0; i < 3; i++)
        {
            var (status, body) = await PostAsync(fixture, Cipher, Message("7001"));
            Assert.Equal((HttpStatusCode.OK, ""), (status, body));
        }

        await fixture.WaitAsync("app", all => all.Count > 0, "the answer");
        Assert.Equal(1, (await fixture.Gateway.InboxAsync("7001")).GetProperty("processed").GetInt32());
        await fixture.Gateway.CountsAsync(2, "larkspur_ingress_duplicates_total");
        Assert.Single(await fixture.WrittenAsync("app"));
        Assert.Single(fixture.Assistant.Messages);
    }

    [Fact]
    public async Task The_same_words_for_another_question_are_not_dropped_as_a_repetition()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.Application);
        fixture.Assistant.Says = _ => new UnifiedResponse("同样的话");
        await PostAsync(fixture, Cipher, Message("7101"));
        await fixture.WaitAsync("app", all => all.Count == 1, "the first answer");
        await PostAsync(fixture, Cipher, Message("7102"));
        await fixture.WaitAsync("app", all => all.Count == 2, "the second answer");
    }

    [Fact]
    public async Task The_system_is_nobody_to_talk_to()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.Application);
        await PostAsync(fixture, Cipher, Message("7201", from: "sys"));
        Assert.Equal("ignored", (await fixture.Gateway.OutcomeAsync("7201")).GetProperty("outcome").GetString());
        Assert.Empty(fixture.Assistant.Messages);
    }

    [Fact]
    public async Task Forged_replayed_oversized_and_foreign_requests_are_refused()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.Application);
        var good = Message("7301");
        var now = DateTimeOffset.UtcNow;
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(fixture, new CallbackCipher("another-token", WeComFixture.Corp.EncodingAesKey, WeComFixture.Corp.CorpId), good)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(fixture, Cipher, good, at: now.AddMinutes(-10))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(fixture, Cipher, good, at: now.AddMinutes(10))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(fixture, new CallbackCipher(WeComFixture.Corp.Token, WeComFixture.Corp.EncodingAesKey, "wwsomebodyelse00001"), good)).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(fixture, HttpMethod.Post, "?msg_signature=a&timestamp=1&nonce=b", new string('x', (1 << 20) + 1))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(fixture, HttpMethod.Post, "?msg_signature=a&timestamp=1&nonce=b", "<!DOCTYPE xml [<!ENTITY a \"b\">]><xml><Encrypt>&a;</Encrypt></xml>")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(fixture, HttpMethod.Post, "?msg_signature=a&timestamp=1&nonce=b", "")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(fixture, HttpMethod.Post, "", "<xml><Encrypt>AAAA</Encrypt></xml>")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(fixture, HttpMethod.Get, "?msg_signature=a&timestamp=1&nonce=b&echostr=AAAA", null)).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync(fixture, HttpMethod.Delete, "", null)).Status);
        using var nobody = await fixture.Gateway.Http.PostAsync(new Uri("/webhook/wecom/nobody", UriKind.Relative), new StringContent(""), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);

        Assert.Empty(fixture.Assistant.Messages);
        await fixture.Gateway.CountsAsync(0, "larkspur_ingress_accepted_total");
        await fixture.Gateway.CountsAtLeastAsync(1, "larkspur_ingress_refused_total", "reason=\"wrong_signature\"");
        await fixture.Gateway.CountsAtLeastAsync(2, "larkspur_ingress_refused_total", "reason=\"outside_window\"");
        await fixture.Gateway.CountsAtLeastAsync(1, "larkspur_ingress_refused_total", "reason=\"wrong_receiver\"");
    }

    [Fact]
    public async Task The_address_check_is_answered_for_the_application_and_for_the_bot()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.Polled);
        foreach (var cipher in new[] { Cipher, BotCipher })
        {
            var echo = cipher.Encrypt("4711 äöü"u8.ToArray());
            var (timestamp, nonce) = (DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), "n1");
            var (status, body) = await SendAsync(fixture, HttpMethod.Get, $"?msg_signature={cipher.Sign(timestamp, nonce, echo)}&timestamp={timestamp}&nonce={nonce}&echostr={Uri.EscapeDataString(echo)}", null);
            Assert.Equal((HttpStatusCode.OK, "4711 äöü"), (status, body));
        }
    }

    [Fact]
    public async Task Another_bots_message_is_refused_although_the_key_is_ours()
    {
        await using var fixture = await WeComFixture.StartAsync(WeComFixture.Polled);
        var encrypted = BotCipher.Encrypt("""{"msgid":"b1","aibotid":"another","chattype":"single","from":{"userid":"alice"},"msgtype":"text","text":{"content":"hi"}}"""u8.ToArray());
        var (timestamp, nonce) = (DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), "n1");
        var (status, _) = await SendAsync(fixture, HttpMethod.Post, $"?msg_signature={BotCipher.Sign(timestamp, nonce, encrypted)}&timestamp={timestamp}&nonce={nonce}", $$"""{"encrypt":"{{encrypted}}"}""");
        Assert.Equal(HttpStatusCode.Forbidden, status);
    }

    private static Task<(HttpStatusCode Status, string Body)> PostAsync(WeComFixture fixture, CallbackCipher cipher, string xml, DateTimeOffset? at = null)
    {
        var encrypted = cipher.Encrypt(Encoding.UTF8.GetBytes(xml));
        var timestamp = (at ?? DateTimeOffset.UtcNow).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        return SendAsync(fixture, HttpMethod.Post, $"?msg_signature={cipher.Sign(timestamp, nonce, encrypted)}&timestamp={timestamp}&nonce={nonce}",
            $"<xml><ToUserName><![CDATA[{WeComFixture.Corp.CorpId}]]></ToUserName><Encrypt><![CDATA[{encrypted}]]></Encrypt><AgentID>1000002</AgentID></xml>");
    }

    private static async Task<(HttpStatusCode Status, string Body)> SendAsync(WeComFixture fixture, HttpMethod method, string query, string? body)
    {
        using var request = new HttpRequestMessage(method, new Uri("/webhook/wecom" + query, UriKind.Relative)) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "text/xml") };
        using var answer = await fixture.Gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
