using System.Text.Json;
using Larkspur.WeCom.Cards;
using Larkspur.WeCom.GroupRobots;
using Larkspur.WeCom.Media;

namespace Larkspur.WeCom.Tests.GroupRobots;

/// <summary>A group's webhook: the key is the credential and appears nowhere else.</summary>
public sealed class GroupRobotTests : IAsyncLifetime
{
    private const string Key = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa";

    private StubWeCom _platform = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<RobotContent, string> Contents => new()
    {
        { new RobotText("x", ["alice", "@all"], ["13800000000"]), """{"msgtype":"text","text":{"content":"x","mentioned_list":["alice","@all"],"mentioned_mobile_list":["13800000000"]}}""" },
        { new RobotMarkdown("<@alice>"), """{"msgtype":"markdown","markdown":{"content":"<@alice>"}}""" },
        { new RobotMarkdownV2("|a|"), """{"msgtype":"markdown_v2","markdown_v2":{"content":"|a|"}}""" },
        { new RobotImage(new byte[] { 0xff, 0xd8, 0xff }), """{"msgtype":"image","image":{"base64":"/9j/","md5":"ae2bf00bf4adfdb1577bd6ab00b2d56f"}}""" },
        { new RobotNews([new("t", "https://a.example", PictureUrl: "https://p")]), """{"msgtype":"news","news":{"articles":[{"title":"t","url":"https://a.example","picurl":"https://p"}]}}""" },
        { new RobotFile("M"), """{"msgtype":"file","file":{"media_id":"M"}}""" },
        { new RobotVoice("M"), """{"msgtype":"voice","voice":{"media_id":"M"}}""" },
    };

    public async ValueTask InitializeAsync()
    {
        _platform = await StubWeCom.StartAsync();
        _platform.Post("/cgi-bin/webhook/send", c => c.Query.Count == 1 && c.Query["key"] == Key ? """{"errcode":0,"errmsg":"ok"}""" : $$"""{"errcode":93000,"errmsg":"invalid webhook url, hint: {{c.Query["key"]}}"}""");
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Theory]
    [MemberData(nameof(Contents), DisableDiscoveryEnumeration = true)]
    public async Task Each_kind_has_its_wire_shape(RobotContent content, string expected)
    {
        if (content is RobotImage image)
        {
#pragma warning disable CA5351
            expected = expected.Replace("ae2bf00bf4adfdb1577bd6ab00b2d56f", Convert.ToHexStringLower(System.Security.Cryptography.MD5.HashData(image.Content.Span)), StringComparison.Ordinal);
#pragma warning restore CA5351
        }

        await Robot().SendAsync(content, cancellationToken: Cancel);
        JsonElement body = Assert.Single(_platform.Requests).Json;
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(expected).RootElement, body), body.GetRawText());
    }

    [Fact]
    public async Task A_notice_goes_and_what_can_be_clicked_does_not()
    {
        var notice = new NoticeCard { MainTitle = new("t"), CardAction = CardAction.Open("https://a.example") };
        await Robot().SendAsync(new RobotCard(notice), cancellationToken: Cancel);
        Assert.Equal("text_notice", _platform.Requests.Last().Json.GetProperty("template_card").GetProperty("card_type").GetString());
        await Refused(new RobotCard(notice with { TaskId = "t", ActionMenu = new("m", [new("a", "a")]) }));
        await Refused(new RobotCard(new ButtonCard { MainTitle = new("t"), TaskId = "t", ButtonList = [new("a", "k")] }));
        await Refused(new RobotMarkdown(new string('x', 4097)));
        await Refused(new RobotText(new string('好', 683)));
        await Refused(new RobotImage(new byte[(2 << 20) + 1]));
        await Refused(new RobotNews([new("t", "")]));
        Assert.Single(_platform.Requests);
    }

    [Fact]
    public async Task A_wrong_key_is_an_error_that_does_not_show_it()
    {
        WeComApiException refused = await Assert.ThrowsAsync<WeComApiException>(() => Robot("wrong-key-value").SendAsync(new RobotText("x"), cancellationToken: Cancel));
        Assert.Equal((93000, FailureKind.NotFound), (refused.Code, refused.FailureKind));
        Assert.DoesNotContain("wrong-key-value", refused.ToString() + Robot("wrong-key-value"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_answer_is_never_followed_by_another_try()
    {
        _platform.On("POST", "/cgi-bin/webhook/send", c =>
        {
            c.Http.Abort();
            return Task.CompletedTask;
        });
        Assert.True((await Assert.ThrowsAsync<PlatformNetworkException>(() => Robot().SendAsync(new RobotText("x"), cancellationToken: Cancel))).EffectUnknown);
        Assert.Single(_platform.Requests);
    }

    [Fact]
    public async Task Twenty_a_minute_are_the_limit_of_the_key()
    {
        var rateLimiter = new RecordingRateLimiter();
        var robot = new GroupRobot(Address(Key), rateLimiter: rateLimiter);
        await robot.SendAsync(new RobotText("x"), cancellationToken: Cancel);
        (string key, RateLimit limit) = Assert.Single(rateLimiter.Permits);
        Assert.Equal(new RateLimit(null, 20), limit);
        Assert.DoesNotContain(Key, key, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_are_uploaded_with_the_key()
    {
        _platform.Post("/cgi-bin/webhook/upload_media", c => c.Query["key"] == Key && c.Query["type"] == "file"
            ? """{"errcode":0,"errmsg":"ok","type":"file","media_id":"M-9","created_at":"1380000000"}""" : """{"errcode":40004,"errmsg":"invalid media type"}""");
        Assert.Equal("M-9", (await Robot().UploadAsync(MediaKind.File, new WeComFile("a.txt", "hello world"u8.ToArray()), Cancel)).MediaId);
        await Assert.ThrowsAsync<WeComContentException>(() => Robot().UploadAsync(MediaKind.Image, new WeComFile("a.png", new byte[10]), Cancel));
    }

    [Theory]
    [InlineData("https://qyapi.weixin.qq.com/cgi-bin/webhook/send")]
    [InlineData("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=")]
    [InlineData("https://qyapi.weixin.qq.com/cgi-bin/message/send?key=secret-key")]
    [InlineData("http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret-key")]
    [InlineData("ftp://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=secret-key")]
    public void An_address_that_is_none(string address)
        => Assert.DoesNotContain("secret-key", Assert.Throws<ArgumentException>(() => new GroupRobot(new Uri(address))).Message, StringComparison.Ordinal);

    private async Task Refused(RobotContent content) => await Assert.ThrowsAsync<WeComContentException>(() => Robot().SendAsync(content, cancellationToken: Cancel));

    private Uri Address(string key) => new(_platform.Address, $"/cgi-bin/webhook/send?key={key}");

    private GroupRobot Robot(string key = Key) => new(Address(key), random: new NoJitter());
}
