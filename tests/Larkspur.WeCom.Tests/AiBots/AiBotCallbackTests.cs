using System.Text;
using System.Text.Json;
using Larkspur.WeCom.AiBots;
using Larkspur.WeCom.Callbacks;
using Larkspur.WeCom.Cards;
using Larkspur.WeCom.Tests.Callbacks;

namespace Larkspur.WeCom.Tests.AiBots;

/// <summary>The bot's callback address: JSON, an empty receive id, streams that are polled.</summary>
public sealed class AiBotCallbackTests
{
    private const string Message = """{"msgid":"m1","aibotid":"b1","chatid":"g1","chattype":"group","from":{"userid":"alice"},"response_url":"https://r.example/cgi-bin/aibot/response?response_code=RC","msgtype":"text","text":{"content":"@bot 你好"},"quote":{"msgtype":"text","text":{"content":"前文"}}}""";

    private static readonly CallbackCipher Cipher = CallbackRequests.Cipher("");

    [Fact]
    public void The_vector_is_opened()
    {
        const string Encrypt = "Q3stYC6hdFzMh9T8HCvyDEY2iVidOrlnhoSdcl1GE0VScv6lMfzxWkBYVae0NNBcmHSZ66vTMYCvZkZkSSM8qQ==";
        var query = new WeComCallbackQuery("44de367521a1d248ddb4a931d7f54ffc9bad1fc7", "1700000000", "nonce42");
        // It has no msgtype: proven and opened, and no message.
        Assert.Equal(WeComRefusal.MalformedMessage, Receiver().Receive(query, Encoding.UTF8.GetBytes($$"""{"encrypt":"{{Encrypt}}"}""")).Refusal);
        Assert.Equal("{\"msgid\":\"m1\"}", Encoding.UTF8.GetString(Receiver().CheckAddress(query with { Echo = Encrypt }).Echo!));
    }

    [Fact]
    public void A_message_in_a_group_with_a_quotation()
    {
        AiBotDelivery delivery = Deliver(Message);
        Assert.Equal(("m1", "b1", "alice", "g1", true, "g1"), (delivery.Id, delivery.BotId, delivery.From, delivery.ChatId, delivery.IsGroup, delivery.Conversation));
        Assert.Equal(new BotTextReceived("@bot 你好"), delivery.Content);
        Assert.Equal(new BotTextReceived("前文"), delivery.Quote);
        Assert.Equal("/cgi-bin/aibot/response", delivery.ResponseUrl!.AbsolutePath);
    }

    [Fact]
    public void What_was_stored_is_read_again()
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);
        AiBotDelivery? delivery = AiBotDelivery.Restore("""{"msgid":"m1","aibotid":"b1","chattype":"single","from":{"userid":"alice","corpid":"ww9"},"msgtype":"text","text":{"content":"hi"},"req_id":"r1"}"""u8.ToArray(), at, "r1");
        Assert.Equal(("m1", "alice", "ww9", "r1", at), (delivery!.Id, delivery.From, delivery.CorpId, delivery.RequestId, delivery.ReceivedAt));
        Assert.Null(Deliver(Message).CorpId);
        Assert.Null(AiBotDelivery.Restore("no json"u8.ToArray(), at));
        Assert.Null(AiBotDelivery.Restore("{\"msgid\":\"m1\",\"msgid\":\"m2\",\"msgtype\":\"text\"}"u8.ToArray(), at));
    }

    [Fact]
    public void Every_kind_of_content()
    {
        Assert.Equal(new BotVoiceReceived("hi"), Deliver("""{"msgid":"1","msgtype":"voice","voice":{"content":"hi"}}""").Content);
        Assert.Equal(new BotFileReceived(new AiBotMedia(new Uri("https://f.example/1"), null)), Deliver("""{"msgid":"1","msgtype":"file","file":{"url":"https://f.example/1"}}""").Content);
        Assert.IsType<BotImageReceived>(Deliver("""{"msgid":"1","msgtype":"image","image":{"url":"https://f.example/1"}}""").Content);
        Assert.IsType<BotVideoReceived>(Deliver("""{"msgid":"1","msgtype":"video","video":{"url":"https://f.example/1"}}""").Content);
        var mixed = Assert.IsType<BotMixedReceived>(Deliver("""{"msgid":"1","msgtype":"mixed","mixed":{"msg_item":[{"msgtype":"text","text":{"content":"a"}},{"msgtype":"image","image":{"url":"https://f.example/1"}}]}}""").Content);
        Assert.Equal(2, mixed.Items.Count);
        Assert.IsType<BotUnknownReceived>(Deliver("""{"msgid":"1","msgtype":"file","file":{"url":"file:///etc/passwd"}}""").Content);
        Assert.IsType<BotUnknownReceived>(Deliver("""{"msgid":"1","msgtype":"hologram"}""").Content);
        var feedback = Assert.IsType<BotFeedback>(Deliver("""{"msgid":"1","msgtype":"event","event":{"eventtype":"feedback_event","feedback_event":{"id":"f1","type":2,"content":"wrong","inaccurate_reason_list":[2,4]}}}""").Content);
        Assert.Equal(("f1", 2, "wrong"), (feedback.FeedbackId, feedback.Verdict, feedback.Text));
        Assert.Equal([2, 4], feedback.Reasons);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"encrypt\":7}")]
    [InlineData("{\"encrypt\":\"ENC\",\"encrypt\":\"ENC\"}")]
    [InlineData("{\"encrypt\":\"\\ud800\"}")]
    [InlineData("<xml><Encrypt>ENC</Encrypt></xml>")]
    public void No_envelope(string body)
    {
        string encrypted = Cipher.Encrypt(Encoding.UTF8.GetBytes(Message));
        WeComReception<AiBotDelivery> reception = Receiver().Receive(CallbackRequests.Query(encrypted), Encoding.UTF8.GetBytes(body.Replace("ENC", encrypted, StringComparison.Ordinal)));
        Assert.Equal((WeComRefusal.MalformedEnvelope, 400), (reception.Refusal, reception.StatusCode));
    }

    [Fact]
    public void Each_way_to_be_wrong()
    {
        string encrypted = Cipher.Encrypt(Encoding.UTF8.GetBytes(Message));
        byte[] body = Encoding.UTF8.GetBytes($$"""{"encrypt":"{{encrypted}}"}""");
        WeComCallbackQuery query = CallbackRequests.Query(encrypted);
        Assert.Equal(WeComRefusal.WrongSignature, Receiver().Receive(query with { Nonce = "x" }, body).Refusal);
        Assert.Equal(WeComRefusal.MissingSignature, Receiver().Receive(query with { Signature = "" }, body).Refusal);
        Assert.Equal(WeComRefusal.TooLarge, Receiver().Receive(query, new byte[(1 << 20) + 1]).Refusal);
        Assert.Equal(WeComRefusal.OutsideWindow, Receiver(CallbackRequests.Now.AddMinutes(6)).Receive(query, body).Refusal);
        string app = CallbackRequests.Cipher().Encrypt(Encoding.UTF8.GetBytes(Message));
        Assert.Equal(WeComRefusal.WrongReceiver, Receiver().Receive(CallbackRequests.Query(app), Encoding.UTF8.GetBytes($$"""{"encrypt":"{{app}}"}""")).Refusal);
        foreach (string inner in new[] { "[]", "{}", """{"msgid":"1","msgid":"2","msgtype":"text","text":{"content":"a"}}""", """{"msgid":"1","msgtype":"text","text":{"content":"\ud800"}}""" })
        {
            string text = Cipher.Encrypt(Encoding.UTF8.GetBytes(inner));
            Assert.Equal(WeComRefusal.MalformedMessage, Receiver().Receive(CallbackRequests.Query(text), Encoding.UTF8.GetBytes($$"""{"encrypt":"{{text}}"}""")).Refusal);
        }
    }

    [Fact]
    public void A_stream_is_polled_until_its_end()
    {
        var clock = new ManualTimeProvider(CallbackRequests.Now);
        var streams = new AiBotStreams(clock);
        AiBotDelivery message = Deliver(Message);
        AiBotStream stream = streams.Open(message, "f1");
        JsonElement first = Open(Receiver().Seal(stream.Answer, message, "nonce42"));
        Assert.Equal(("stream", stream.Id, false, "f1"), (first.GetProperty("msgtype").GetString(), first.GetProperty("stream").GetProperty("id").GetString(),
            first.GetProperty("stream").GetProperty("finish").GetBoolean(), first.GetProperty("stream").GetProperty("feedback").GetProperty("id").GetString()));
        stream.Append("一");
        stream.Append("二");
        AiBotDelivery poll = Deliver($$$"""{"msgid":"p1","aibotid":"b1","from":{"userid":"alice"},"msgtype":"stream","stream":{"id":"{{{stream.Id}}}"}}""");
        JsonElement second = Open(Receiver().Seal(streams.Poll((BotStreamPolled)poll.Content)!, poll, "n")).GetProperty("stream");
        Assert.Equal(("一二", false), (second.GetProperty("content").GetString(), second.GetProperty("finish").GetBoolean()));
        Assert.False(second.TryGetProperty("feedback", out _));
        stream.Finish("一二三", [new byte[] { 0xff, 0xd8, 0xff, 1 }]);
        JsonElement last = Open(Receiver().Seal(streams.Poll((BotStreamPolled)poll.Content)!, poll, "n")).GetProperty("stream");
        Assert.Equal(("一二三", true), (last.GetProperty("content").GetString(), last.GetProperty("finish").GetBoolean()));
        Assert.Equal(1, last.GetProperty("msg_item").GetArrayLength());
        Assert.Throws<InvalidOperationException>(() => stream.Append("x"));
        // The answer to the last poll may be lost: whoever asks again is told again.
        last = Open(Receiver().Seal(streams.Poll((BotStreamPolled)poll.Content)!, poll, "n")).GetProperty("stream");
        Assert.Equal(("一二三", true), (last.GetProperty("content").GetString(), last.GetProperty("finish").GetBoolean()));
        clock.Advance(TimeSpan.FromMinutes(7) + TimeSpan.FromSeconds(1));
        streams.Open(message);
        Assert.Null(streams.Poll((BotStreamPolled)poll.Content));
    }

    [Fact]
    public void The_limits_of_a_stream_are_told_and_its_poll_ends_it()
    {
        var clock = new ManualTimeProvider(CallbackRequests.Now);
        var streams = new AiBotStreams(clock);
        AiBotStream stream = streams.Open(Deliver(Message));
        stream.Write(new string('x', 20_480));
        Assert.Equal(AiBotLimit.ContentBytes, Assert.Throws<AiBotLimitException>(() => stream.Append("x")).Limit);
        clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(AiBotLimit.StreamLife, Assert.Throws<AiBotLimitException>(() => stream.Append("x")).Limit);
        AiBotAnswer end = streams.Poll(new BotStreamPolled(stream.Id))!;
        JsonElement json = Open(Receiver().Seal(end, Deliver(Message), "n")).GetProperty("stream");
        Assert.Equal((20_480, true), (json.GetProperty("content").GetString()!.Length, json.GetProperty("finish").GetBoolean()));
    }

    [Fact]
    public void An_answer_must_fit_what_it_answers()
    {
        AiBotDelivery message = Deliver(Message);
        AiBotDelivery entered = Deliver("""{"msgid":"e1","from":{"userid":"alice"},"msgtype":"event","event":{"eventtype":"enter_chat"}}""");
        AiBotDelivery click = Deliver("""{"msgid":"e1","from":{"userid":"alice"},"msgtype":"event","event":{"eventtype":"template_card_event","template_card_event":{"event_key":"k","task_id":"t-1"}}}""");
        AiBotDelivery feedback = Deliver("""{"msgid":"e1","from":{"userid":"alice"},"msgtype":"event","event":{"eventtype":"feedback_event","feedback_event":{"id":"f1","type":1}}}""");
        NoticeCard card = new() { TaskId = "t-2", MainTitle = new("t"), CardAction = CardAction.Open("https://a.example") };
        foreach ((AiBotAnswer answer, AiBotDelivery to) in new[]
        {
            (AiBotAnswer.Text("x"), message), (AiBotAnswer.Markdown("x"), message), (AiBotAnswer.Stream("s", "x", true), entered), (AiBotAnswer.Card(card), click),
            (AiBotAnswer.UpdateCard(card), click), (AiBotAnswer.Text("x"), feedback),
        })
        {
            Assert.Throws<WeComContentException>(() => Receiver().Seal(answer, to, "n"));
        }

        Assert.Equal("t-1", Open(Receiver().Seal(AiBotAnswer.UpdateCard(card with { TaskId = "t-1" }), click, "n")).GetProperty("template_card").GetProperty("task_id").GetString());
        Assert.Equal("欢迎", Open(Receiver().Seal(AiBotAnswer.Text("欢迎"), entered, "n")).GetProperty("text").GetProperty("content").GetString());
        Assert.Throws<WeComContentException>(() => AiBotAnswer.UpdateCard(card with { TaskId = null }));
        Assert.Throws<WeComContentException>(() => AiBotAnswer.Stream("s", "x", false, [new byte[] { 0xff, 0xd8, 0xff }]));
    }

    [Fact]
    public async Task A_later_answer_goes_to_the_response_address_once()
    {
        await using StubWeCom platform = await StubWeCom.StartAsync();
        int number = 0;
        platform.Post("/cgi-bin/aibot/response", c => c.Query["response_code"] == "RC" && Interlocked.Increment(ref number) == 1
            ? """{"errcode":0,"errmsg":"ok"}""" : """{"errcode":60140,"errmsg":"invalid code RC"}""");
        AiBotDelivery message = Deliver(Message.Replace("https://r.example", platform.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));
        var responses = new AiBotResponses(clock: new ManualTimeProvider(CallbackRequests.Now));
        await responses.SendAsync(message, AiBotAnswer.Markdown("好"), TestContext.Current.CancellationToken);
        Assert.Equal("""{"msgtype":"markdown","markdown":{"content":"好"}}""", platform.Requests.Single().Text);
        WeComApiException used = await Assert.ThrowsAsync<WeComApiException>(() => responses.SendAsync(message, AiBotAnswer.Markdown("好"), TestContext.Current.CancellationToken));
        Assert.DoesNotContain("RC", used.ErrorMessage, StringComparison.Ordinal);
        var late = new AiBotResponses(clock: new ManualTimeProvider(CallbackRequests.Now.AddHours(2)));
        await Assert.ThrowsAsync<AiBotLimitException>(() => late.SendAsync(message, AiBotAnswer.Markdown("好"), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<WeComContentException>(() => responses.SendAsync(message, AiBotAnswer.Text("x"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Too_many_answers_close_their_conversation_and_the_query_travels_as_it_came()
    {
        await using StubWeCom platform = await StubWeCom.StartAsync();
        string? query = null;
        platform.Post("/cgi-bin/aibot/response", c =>
        {
            query = c.Http.Request.QueryString.Value;
            return """{"errcode":45009,"errmsg":"freq out of limit"}""";
        });
        AiBotDelivery message = Deliver(Message.Replace("https://r.example", platform.Address.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal).Replace("response_code=RC", "response_code=a+b%2Fc%3D", StringComparison.Ordinal));
        var rateLimiter = new RecordingRateLimiter();
        var responses = new AiBotResponses(clock: new ManualTimeProvider(CallbackRequests.Now), rateLimiter: rateLimiter);
        await Assert.ThrowsAsync<WeComApiException>(() => responses.SendAsync(message, AiBotAnswer.Markdown("好"), TestContext.Current.CancellationToken));
        Assert.Equal("?response_code=a+b%2Fc%3D", query);
        Assert.All(rateLimiter.Pauses, p => Assert.Equal("wecom:aibot:b1:g1", p.Key));
        Assert.NotEmpty(rateLimiter.Pauses);
    }

    [Theory]
    [InlineData("https://r.example/x?response_code=RC", true)]
    [InlineData("http://127.0.0.1:8080/x?response_code=RC", true)]
    [InlineData("http://r.example/x?response_code=RC", false)]
    [InlineData("ftp://127.0.0.1/x?response_code=RC", false)]
    public void A_response_address_is_kept_where_its_code_does_not_travel_in_clear(string address, bool kept)
        => Assert.Equal(kept, Deliver($$"""{"msgid":"1","msgtype":"text","text":{"content":"a"},"response_url":"{{address}}"}""").ResponseUrl is not null);

    [Fact]
    public void A_file_is_opened_with_its_key()
    {
        using var aes = System.Security.Cryptography.Aes.Create();
        byte[] plain = Encoding.UTF8.GetBytes("hello file");
        byte[] padded = [.. plain, .. Enumerable.Repeat((byte)(32 - plain.Length), 32 - plain.Length)];
        byte[] encrypted = aes.EncryptCbc(padded, aes.Key.AsSpan(0, 16), System.Security.Cryptography.PaddingMode.None);
        var media = new AiBotMedia(new Uri("https://f.example/1?sig=secret"), Convert.ToBase64String(aes.Key));
        Assert.Equal(plain, media.Decrypt(encrypted));
        Assert.Equal(plain, (media with { AesKey = null }).Decrypt(encrypted, Convert.ToBase64String(aes.Key).TrimEnd('=')));
        encrypted[^1] ^= 1;
        Assert.Throws<CallbackCipherException>(() => media.Decrypt(encrypted));
        Assert.Throws<CallbackCipherException>(() => media.Decrypt(encrypted.AsSpan(0, 7)));
        Assert.DoesNotContain(media.AesKey!, media.ToString(), StringComparison.Ordinal);
    }

    private static AiBotCallbackReceiver Receiver(DateTimeOffset? now = null)
        => new(new AiBotOptions { Token = CallbackRequests.Token, EncodingAesKey = CallbackRequests.Key }, new ManualTimeProvider(now ?? CallbackRequests.Now));

    private static AiBotDelivery Deliver(string json)
    {
        string encrypted = Cipher.Encrypt(Encoding.UTF8.GetBytes(json));
        WeComReception<AiBotDelivery> reception = Receiver().Receive(CallbackRequests.Query(encrypted), Encoding.UTF8.GetBytes($$"""{"encrypt":"{{encrypted}}"}"""));
        Assert.Equal(WeComRefusal.None, reception.Refusal);
        return reception.Delivery!;
    }

    private static JsonElement Open(byte[] answer)
    {
        JsonElement json = JsonDocument.Parse(answer).RootElement;
        string encrypted = json.GetProperty("encrypt").GetString()!;
        Assert.True(Cipher.Verify(json.GetProperty("msgsignature").GetString(), json.GetProperty("timestamp").GetInt64().ToString(), json.GetProperty("nonce").GetString(), encrypted));
        return JsonDocument.Parse(Cipher.Decrypt(encrypted)).RootElement;
    }
}
