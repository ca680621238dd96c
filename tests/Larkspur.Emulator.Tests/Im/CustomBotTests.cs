using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Im;

/// <summary>The webhook of custom bots. HTTP is 200 whatever happens.</summary>
public sealed class CustomBotTests : ImTest
{
    protected override double RateLimitFactor => 1;

    [Fact]
    public async Task Every_type_shows_in_the_group_under_the_bots_name()
    {
        var bot = await BotAsync(new { chat = SeededCompany.FinanceChat, name = "监控", en_name = "Monitor" });
        var image = await UploadAsync("message");
        object[] bodies =
        [
            new { msg_type = "text", content = new { text = "<at user_id=\"bob\">Bob</at> look" } },
            new { msg_type = "post", content = new { post = new { zh_cn = new { title = "T", content = new[] { new[] { new { tag = "text", text = "a" } } } } } } },
            new { msg_type = "image", content = new { image_key = image } },
            new { msg_type = "share_chat", content = new { share_chat_id = SeededCompany.PurchasingChat } },
            new { msg_type = "interactive", card = new { elements = new[] { new { tag = "markdown", content = "card" } } } },
        ];
        foreach (var body in bodies)
        {
            await ExpectAsync(bot, body, 0);
            await Emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
        }

        var messages = Emulator.State.Messages(SeededCompany.FinanceChat);
        Assert.Equal(["text", "post", "image", "share_chat", "interactive"], messages.Select(m => m.MsgType));
        Assert.All(messages, m => Assert.Equal("监控", Emulator.State.CustomBotOf(m.SenderId)!.Name));
        Assert.Equal("bob", Assert.Single(messages[0].Mentions).Id);
        Assert.Equal("app", (await CallAsync(HttpMethod.Get, "messages/" + messages[0].MessageId)).Data["items"]![0]!["sender"]!["sender_type"]!.GetValue<string>());
    }

    [Fact]
    public async Task An_answer_has_both_shapes()
    {
        var reply = await PostAsync(await BotAsync(new { chat = SeededCompany.FinanceChat }), """{"msg_type":"text","content":{"text":"a"}}""");
        Assert.Equal("""{"StatusCode":0,"StatusMessage":"success","code":0,"data":{},"msg":"success"}""", reply.Json.ToJsonString());
    }

    [Fact]
    public async Task A_signature_is_checked_and_lives_for_an_hour()
    {
        const string path = "/open-apis/bot/v2/hook/" + SeededCompany.CustomBotToken;
        var now = Emulator.State.Clock.GetUtcNow().ToUnixTimeSeconds();
        object Signed(long at, string secret) => new { timestamp = $"{at}", sign = Sign(at, secret), msg_type = "text", content = new { text = "signed" } };
        await ExpectAsync(path, Signed(now, SeededCompany.CustomBotSecret), 0);
        await ExpectAsync(path, Signed(now - 3599, SeededCompany.CustomBotSecret), 0);
        await ExpectAsync(path, Signed(now - 3601, SeededCompany.CustomBotSecret), 19021);
        await ExpectAsync(path, Signed(now + 3700, SeededCompany.CustomBotSecret), 19021);
        await ExpectAsync(path, Signed(now, "wrong"), 19021);
        await ExpectAsync(path, new { msg_type = "text", content = new { text = "unsigned" } }, 19021);
        await ExpectAsync(path, new { timestamp = "9999999999999999", sign = "x", msg_type = "text", content = new { text = "odd" } }, 19021);
    }

    [Fact]
    public async Task A_keyword_must_stand_in_the_message()
    {
        var bot = await BotAsync(new { chat = SeededCompany.FinanceChat, keywords = new[] { "Alert", "告警" } });
        await ExpectAsync(bot, new { msg_type = "text", content = new { text = "all is well" } }, 19024);
        await ExpectAsync(bot, new { msg_type = "text", content = new { text = "告警：磁盘" } }, 0);
        await ExpectAsync(bot, new { msg_type = "interactive", card = new { header = new { title = new { tag = "plain_text", content = "Alert!" } }, elements = Array.Empty<object>() } }, 0);
    }

    [Theory]
    [InlineData("10.0.0.0/8", 19022)]
    [InlineData("192.0.2.7", 19022)]
    [InlineData("127.0.0.0/8", 0)]
    [InlineData("127.0.0.1", 0)]
    public async Task Only_allowed_addresses_may_call(string range, long code) =>
        await ExpectAsync(await BotAsync(new { chat = SeededCompany.FinanceChat, allowed_addresses = new[] { range } }), new { msg_type = "text", content = new { text = "a" } }, code);

    [Theory]
    [InlineData("{broken", 9499)]
    [InlineData("[]", 9499)]
    [InlineData("""{"content":{"text":"a"}}""", 19002)]
    [InlineData("""{"msg_type":"text"}""", 9499)]
    [InlineData("""{"msg_type":"text","content":{"text":""}}""", 9499)]
    [InlineData("""{"msg_type":"file","content":{"file_key":"k"}}""", 9499)]
    [InlineData("""{"msg_type":"image","content":{"image_key":"img_v3_none"}}""", 9499)]
    [InlineData("""{"msg_type":"interactive","card":{"schema":"2.0","body":{"elements":[{"tag":"note"}]}}}""", 11246)]
    public async Task A_bad_body_has_a_code_of_its_own(string body, long code)
    {
        await ExpectAsync(await BotAsync(new { chat = SeededCompany.FinanceChat }), body, code);
        Assert.Empty(Emulator.State.Messages(SeededCompany.FinanceChat));
    }

    [Fact]
    public async Task More_than_20_KB_and_unknown_bots_are_refused()
    {
        var bot = await BotAsync(new { chat = SeededCompany.FinanceChat });
        await ExpectAsync(bot, new { msg_type = "text", content = new { text = new string('x', 20 * 1024) } }, 19036);
        await ExpectAsync("/open-apis/bot/v2/hook/nobody", new { msg_type = "text", content = new { text = "a" } }, 19001);
        await Emulator.ControlAsync(HttpMethod.Delete, "custom-bots/" + bot.Split('/')[^1]);
        await ExpectAsync(bot, new { msg_type = "text", content = new { text = "a" } }, 19001);
    }

    [Fact]
    public async Task Five_a_second_and_100_a_minute_pass()
    {
        var bot = await BotAsync(new { chat = SeededCompany.FinanceChat });
        var body = new { msg_type = "text", content = new { text = "a" } };
        for (var i = 0; i < 5; i++) await ExpectAsync(bot, body, 0);
        await ExpectAsync(bot, body, 11232);
        for (var second = 1; second < 20; second++)
        {
            await Emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
            for (var i = 0; i < 5; i++) await ExpectAsync(bot, body, 0);
        }

        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
        await ExpectAsync(bot, body, 11232);
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(41));
        await ExpectAsync(bot, body, 0);
    }

    [Theory]
    [InlineData("""{"chat":"oc_none"}""")]
    [InlineData("""{"chat":"CHAT","keywords":["1","2","3","4","5","6","7","8","9","10","11"]}""")]
    [InlineData("""{"chat":"CHAT","allowed_addresses":["300.1.1.1"]}""")]
    [InlineData("""{"chat":"CHAT","colour":"red"}""")]
    public async Task A_bad_bot_is_not_made(string body)
    {
        var (status, _) = await Emulator.TryControlAsync(HttpMethod.Post, "custom-bots", JsonNode.Parse(body.Replace("CHAT", SeededCompany.FinanceChat, StringComparison.Ordinal)));
        Assert.Equal(400, status);
    }

    [Fact]
    public async Task Guards_are_changed_and_a_reset_brings_the_seeded_bot_back()
    {
        await Emulator.ControlAsync(HttpMethod.Patch, "custom-bots/" + SeededCompany.CustomBotToken, new { secret = (string?)null });
        await ExpectAsync("/open-apis/bot/v2/hook/" + SeededCompany.CustomBotToken, new { msg_type = "text", content = new { text = "a" } }, 0);
        await Emulator.ControlAsync(HttpMethod.Post, "reset");
        var bot = Assert.Single((await Emulator.ControlAsync(HttpMethod.Get, "custom-bots"))["custom_bots"]!.AsArray())!;
        Assert.True(bot["signed"]!.GetValue<bool>());
        Assert.DoesNotContain(SeededCompany.CustomBotSecret, bot.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task<string> BotAsync(object settings) => (await Emulator.ControlAsync(HttpMethod.Post, "custom-bots", settings))["path"]!.GetValue<string>();

    private Task<ApiReply> PostAsync(string path, object body) => Emulator.CallAsync(HttpMethod.Post, path, null, body);

    private async Task ExpectAsync(string path, object body, long code)
    {
        var reply = await PostAsync(path, body);
        Assert.Equal((200, code), (reply.Status, reply.Code));
    }

    private static string Sign(long at, string secret)
    {
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes($"{at}\n{secret}"));
        return Convert.ToBase64String(hmac.ComputeHash([]));
    }
}
