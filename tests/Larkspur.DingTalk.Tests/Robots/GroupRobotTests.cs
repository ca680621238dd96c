using System.Text.Json;
using Larkspur.DingTalk.Robots;
using Microsoft.AspNetCore.Http;

namespace Larkspur.DingTalk.Tests.Robots;

public sealed class GroupRobotTests : IAsyncLifetime
{
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000));
    private DingTalkStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await DingTalkStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task A_message_is_signed_and_has_an_id()
    {
        await Robot("SECtest123").SendAsync(WebhookMessage.Text("hi", At.Users("alice")), cancellationToken: Cancel);
        StubRequest sent = Assert.Single(_stub.Calls);
        Assert.Equal(("group-token-1", "1700000000000", "w3RMHXzixTMdzr8OHJUmVLS4IoPJVdu+Ut1LE48MePE="), (sent.Query["access_token"], sent.Query["timestamp"], sent.Query["sign"]));
        Assert.Equal("""{"content":"hi"}""", sent.Json.GetProperty("text").GetRawText());
        Assert.Equal("""{"atMobiles":[],"atUserIds":["alice"],"isAtAll":false}""", sent.Json.GetProperty("at").GetRawText());
        Assert.Equal(32, sent.Json.GetProperty("msgUuid").GetString()!.Length);
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_under_the_same_id()
    {
        _stub.OnCall = (c, _, n) =>
        {
            if (n > 1) return DingTalkStub.Json(c, 200, """{"errcode":0,"errmsg":"ok"}""");
            c.Abort();
            return Task.CompletedTask;
        };
        await new GroupRobot(Webhook(), random: new NoJitter()).SendAsync(WebhookMessage.Text("hi"), cancellationToken: Cancel);
        Assert.Equal(2, _stub.Calls.Count());
        Assert.Single(_stub.Calls.Select(c => c.Json.GetProperty("msgUuid").GetString()).Distinct());
    }

    [Fact]
    public async Task The_nineteenth_of_a_minute_waits_so_that_the_robot_is_never_silenced()
    {
        GroupRobot robot = Robot();
        Task[] sending = [.. Enumerable.Range(0, 19).Select(_ => robot.SendAsync(WebhookMessage.Text("hi"), options: new() { Timeout = TimeSpan.FromMinutes(5) }, cancellationToken: Cancel))];
        await Wait.Until(() => sending.Count(s => s.IsCompletedSuccessfully) == 18);
        Assert.Equal(18, _stub.Calls.Count());
        _clock.Advance(TimeSpan.FromSeconds(62));
        await Task.WhenAll(sending).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
        Assert.Equal(19, robot.Usage[DingTalkUseKind.Webhook]);
        Assert.Equal(0, robot.Usage[DingTalkUseKind.Call]);
    }

    [Theory]
    [InlineData(410100)]
    [InlineData(130101)]
    public async Task A_silenced_robot_is_left_alone_for_ten_minutes(int code)
    {
        GroupRobot robot = Robot();
        _stub.OnCall = (c, _, n) => DingTalkStub.Json(c, 200, n == 1 ? $$"""{"errcode":{{code}},"errmsg":"send too fast"}""" : """{"errcode":0}""");
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => robot.SendAsync(WebhookMessage.Text("hi"), cancellationToken: Cancel));
        Assert.Equal((FailureKind.RateLimited, TimeSpan.FromMinutes(10), true), (refused.FailureKind, refused.RetryAfter, refused.NothingHappened));
        Task next = robot.SendAsync(WebhookMessage.Text("hi"), options: new() { Timeout = TimeSpan.FromHours(1) }, cancellationToken: Cancel);
        await Wait.Until(() => _clock.PendingTimers >= 2);
        _clock.Advance(TimeSpan.FromMinutes(9.9));
        Assert.Single(_stub.Calls);
        _clock.Advance(TimeSpan.FromMinutes(0.2));
        await next.WaitAsync(TimeSpan.FromSeconds(30), Cancel);
    }

    [Theory]
    [InlineData("keywords not in content")]
    [InlineData("sign not match")]
    [InlineData("ip 1.2.3.4 not in whitelist")]
    public async Task Its_security_says_in_words_what_is_wrong(string words)
    {
        _stub.Answers(JsonSerializer.Serialize(new { errcode = 310000, errmsg = $"{words} group-token-1" }));
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => Robot().SendAsync(WebhookMessage.Text("hi"), cancellationToken: Cancel));
        Assert.Equal(("310000", $"{words} ***", FailureKind.Invalid), (refused.ErrorCode, refused.Msg, refused.FailureKind));
        Assert.DoesNotContain("group-token", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_kind_has_its_own_case_of_letters()
    {
        Is("""{"msgtype":"link","link":{"title":"t","text":"x","messageUrl":"u","picUrl":"p"}}""", WebhookMessage.Link("t", "x", "u", "p"));
        Is("""{"msgtype":"link","link":{"title":"t","text":"x","messageUrl":"u"}}""", WebhookMessage.Link("t", "x", "u"));
        Is("""{"msgtype":"actionCard","actionCard":{"title":"t","text":"x","singleTitle":"a","singleURL":"u"}}""", WebhookMessage.ActionCard("t", "x", [new("a", "u")]));
        Is("""{"msgtype":"actionCard","actionCard":{"title":"t","text":"x","btnOrientation":"1","btns":[{"title":"a","actionURL":"u"},{"title":"b","actionURL":"v"}]}}""",
            WebhookMessage.ActionCard("t", "x", [new("a", "u"), new("b", "v")], sideBySide: true));
        Is("""{"msgtype":"feedCard","feedCard":{"links":[{"title":"t","messageURL":"u","picURL":"p"}]}}""", WebhookMessage.FeedCard(new FeedLink("t", "u", "p")));
        Is("""{"msgtype":"markdown","markdown":{"title":"t","text":"x @138 y\n\n@bob"},"at":{"atMobiles":["138"],"atUserIds":["bob"],"isAtAll":false}}""",
            WebhookMessage.Markdown("t", "x @138 y", new At { Mobiles = ["138"], UserIds = ["bob"] }));
        Is("""{"msgtype":"empty"}""", WebhookMessage.Empty);
        Assert.Throws<ArgumentException>(() => WebhookMessage.Text("x", At.Users([.. Enumerable.Range(0, 51).Select(i => $"u{i}")])));
        Assert.Throws<ArgumentException>(() => WebhookMessage.ActionCard("t", "x", []));
        Assert.Throws<ArgumentException>(() => WebhookMessage.Text(" "));
    }

    [Theory]
    [InlineData("http://oapi.dingtalk.com/robot/send?access_token=secret-1")]
    [InlineData("https://oapi.dingtalk.com/robot/other?access_token=secret-1")]
    [InlineData("https://oapi.dingtalk.com/robot/send")]
    [InlineData("https://oapi.dingtalk.com/robot/send?access_token=")]
    [InlineData("https://oapi.dingtalk.com/robot/send?access_token=secret-1&timestamp=1")]
    public void What_is_no_webhook_is_said_without_showing_it(string address)
        => Assert.DoesNotContain("secret-1", Assert.Throws<ArgumentException>(() => new GroupRobot(new Uri(address))).ToString(), StringComparison.Ordinal);

    private static void Is(string expected, WebhookMessage message) => Assert.Equal(expected, System.Text.Encoding.UTF8.GetString(message.ToUtf8Json()));

    private Uri Webhook() => new(_stub.Address, "/robot/send?access_token=group-token-1");

    private GroupRobot Robot(string? secret = null) => new(Webhook(), secret, clock: _clock, random: new NoJitter());
}
