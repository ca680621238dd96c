using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Messaging.Tests.CustomBots;

public sealed class CustomBotTests : EmulatorTests
{
    [Fact]
    public void The_sign_is_that_of_the_published_vector()
        => Assert.Equal("9nxw44BYFqLId3YDAt3hLwRtcLlmdqIxMtemCu1LJXk=", FeishuSignatures.SignCustomBot(DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), "bot-secret"));

    [Fact]
    public async Task Everything_that_a_hook_takes_arrives()
    {
        FeishuCustomBot bot = await BotAsync(new { chat = Purchasing, name = "CI", secret = "s3cret" }, "s3cret");
        string image = await Feishu.Uploads.ImageAsync(new MemoryStream(Files.Png(1, 1)), cancellationToken: Stop);
        await bot.SendAsync("built", Stop);
        await bot.SendAsync(MessageContent.Text(t => t.MentionAll().Text(" built")), Stop);
        await bot.SendAsync(MessageContent.Post(p => p.English("Build", b => b.Paragraph("ok"))), Stop);
        await bot.SendAsync(MessageContent.Image(image), Stop);
        await bot.SendAsync(MessageContent.ShareChat(Purchasing), Stop);
        await bot.SendAsync(MessageContent.Card("""{"schema":"2.0","body":{"elements":[{"tag":"markdown","content":"card"}]}}"""), Stop);
        JsonArray messages = (await Emulator.StateAsync())["messages"]!.AsArray();
        Assert.Equal(["text", "text", "post", "image", "share_chat", "interactive"], messages.Select(m => m!["msg_type"]!.GetValue<string>()).TakeLast(6));
    }

    [Fact]
    public async Task Failures_of_security_are_told_apart()
    {
        await ReasonAsync(CustomBotRefusal.SignatureRejected, 19021, new { chat = Purchasing, secret = "right" }, "wrong");
        await ReasonAsync(CustomBotRefusal.SignatureRejected, 19021, new { chat = Purchasing, secret = "right" }, null);
        await ReasonAsync(CustomBotRefusal.KeywordMissing, 19024, new { chat = Purchasing, keywords = new[] { "alarm" } }, null);
        await ReasonAsync(CustomBotRefusal.AddressNotAllowed, 19022, new { chat = Purchasing, allowed_addresses = new[] { "203.0.113.0/24" } }, null);
    }

    [Fact]
    public async Task A_hook_that_is_gone_is_told_and_never_named()
    {
        JsonObject made = await Emulator.ControlAsync(HttpMethod.Post, "custom-bots", new { chat = Purchasing });
        FeishuCustomBot bot = Bot(made, null);
        await Emulator.ControlAsync(HttpMethod.Delete, "custom-bots/" + made["token"]!.GetValue<string>());
        CustomBotException refused = await Assert.ThrowsAsync<CustomBotException>(() => bot.SendAsync("x", Stop));
        Assert.NotEqual(CustomBotRefusal.TooFast, refused.Reason);
        Assert.DoesNotContain(made["token"]!.GetValue<string>(), refused.ToString() + bot, StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_than_20_KB_and_other_types_are_errors_before_the_call()
    {
        FeishuCustomBot bot = await BotAsync(new { chat = Purchasing }, null);
        Assert.Equal(MessageContentProblem.TooLarge, (await Assert.ThrowsAsync<MessageContentException>(() => bot.SendAsync(new string('x', 20 << 10), Stop))).Problem);
        Assert.Equal(MessageContentProblem.WrongType, (await Assert.ThrowsAsync<MessageContentException>(() => bot.SendAsync(MessageContent.File("file_1"), Stop))).Problem);
        Assert.Equal(MessageContentProblem.WrongType, (await Assert.ThrowsAsync<MessageContentException>(() => bot.SendAsync(MessageContent.CardEntity("73"), Stop))).Problem);
    }

    [Fact]
    public void A_hook_is_https_save_on_this_machine()
    {
        Assert.DoesNotContain("t0ken", Assert.Throws<ArgumentException>(() => new FeishuCustomBot(new("http://open.feishu.cn/open-apis/bot/v2/hook/t0ken"))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new FeishuCustomBot(new("https://open.feishu.cn/")));
        Assert.DoesNotContain("t0ken", new FeishuCustomBot(new("https://open.feishu.cn/open-apis/bot/v2/hook/t0ken"), new() { Secret = "s" }).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_message_takes_a_permit_under_the_documented_limit()
    {
        var permits = new Permits();
        var hook = new Hook();
        var bot = new FeishuCustomBot(new("https://hooks.example/open-apis/bot/v2/hook/t0ken"), new() { RateLimiter = permits, Http = new(hook) });
        for (int i = 0; i < 3; i++) await bot.SendAsync($"{i}", Stop);
        Assert.Equal([new RateLimit(5, 100), new RateLimit(5, 100), new RateLimit(5, 100)], permits.Waits.Select(w => w.Limit));
        Assert.DoesNotContain("t0ken", Assert.Single(permits.Waits.Select(w => w.Key).Distinct()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_fast_is_waited_for_and_other_refusals_are_not_repeated()
    {
        var permits = new Permits();
        var hook = new Hook("""{"code":11232,"msg":"create message trigger rate limit"}""", """{"code":9499,"msg":"too many request"}""");
        await new FeishuCustomBot(new("https://hooks.example/hook/1"), new() { RateLimiter = permits, Http = new(hook) }).SendAsync("x", Stop);
        Assert.Equal((3, 3, 2), (hook.Asked, permits.Waits.Count, permits.Pauses.Count));

        var stubborn = new Hook(Enumerable.Repeat("""{"code":11232,"msg":"limit"}""", 9).ToArray());
        CustomBotException given = await Assert.ThrowsAsync<CustomBotException>(
            () => new FeishuCustomBot(new("https://hooks.example/hook/1"), new() { RateLimiter = new Permits(), Http = new(stubborn) }).SendAsync("x", Stop));
        Assert.Equal((CustomBotRefusal.TooFast, 4, true), (given.Reason, stubborn.Asked, given.IsTransient));

        var bad = new Hook("""{"code":9499,"msg":"Bad Request"}""");
        CustomBotException refused = await Assert.ThrowsAsync<CustomBotException>(() => new FeishuCustomBot(new("https://hooks.example/hook/1"), new() { Http = new(bad) }).SendAsync("x", Stop));
        Assert.Equal((CustomBotRefusal.BadRequest, 200, 1), (refused.Reason, refused.HttpStatus, bad.Asked));
    }

    [Fact]
    public async Task A_proxys_page_is_no_success()
    {
        CustomBotException refused = await Assert.ThrowsAsync<CustomBotException>(
            () => new FeishuCustomBot(new("https://hooks.example/hook/t0ken"), new() { Http = new(new Hook("<html>https://hooks.example/hook/t0ken</html>")) }).SendAsync("x", Stop));
        Assert.Equal(CustomBotRefusal.Unknown, refused.Reason);
        Assert.DoesNotContain("t0ken", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_that_are_cut_within_a_character_hide_no_refusal()
    {
        CustomBotException refused = await Assert.ThrowsAsync<CustomBotException>(
            () => new FeishuCustomBot(new("https://hooks.example/hook/1"), new() { Http = new(new Hook("""{"code":19024,"msg":"no \ud83d"}""")) }).SendAsync("x", Stop));
        Assert.Equal((CustomBotRefusal.KeywordMissing, 19024), (refused.Reason, refused.Code));
    }

    private async Task ReasonAsync(CustomBotRefusal reason, int code, object settings, string? secret)
    {
        CustomBotException refused = await Assert.ThrowsAsync<CustomBotException>(async () => await (await BotAsync(settings, secret)).SendAsync("x", Stop));
        Assert.Equal((reason, code, 200), (refused.Reason, refused.Code, refused.HttpStatus));
        Assert.NotEmpty(refused.Explanation.Chinese);
        if (secret is not null) Assert.DoesNotContain(secret, refused.ToString(), StringComparison.Ordinal);
    }

    private async Task<FeishuCustomBot> BotAsync(object settings, string? secret) => Bot(await Emulator.ControlAsync(HttpMethod.Post, "custom-bots", settings), secret);

    private FeishuCustomBot Bot(JsonObject made, string? secret)
        => new(new(Emulator.BaseUrl, made["path"]!.GetValue<string>()), new() { Secret = secret, Clock = new ManualTimeProvider(), RateLimiter = new Permits() });

    private sealed class Permits : IRateLimiter
    {
        public List<(string Key, RateLimit Limit)> Waits { get; } = [];

        public List<TimeSpan> Pauses { get; } = [];

        public ValueTask<TimeSpan> WaitAsync(string key, RateLimit limit, CancellationToken cancellationToken = default)
        {
            Waits.Add((key, limit));
            return ValueTask.FromResult(TimeSpan.Zero);
        }

        public void Pause(string key, TimeSpan pause) => Pauses.Add(pause);
    }

    private sealed class Hook(params string[] answers) : HttpMessageHandler
    {
        public int Asked { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            string answer = Asked < answers.Length ? answers[Asked] : """{"code":0,"msg":"success","data":{}}""";
            Asked++;
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer, Encoding.UTF8, "application/json") });
        }
    }
}
