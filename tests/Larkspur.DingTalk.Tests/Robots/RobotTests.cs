using System.Text.Json;
using Larkspur.DingTalk.Media;
using Larkspur.DingTalk.Robots;
using Microsoft.AspNetCore.Http;

namespace Larkspur.DingTalk.Tests.Robots;

public sealed class RobotTests : IAsyncLifetime
{
    private DingTalkStub _stub = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _stub = await DingTalkStub.StartAsync();

    public ValueTask DisposeAsync() => _stub.DisposeAsync();

    [Fact]
    public async Task People_are_written_to_by_twenties_and_those_who_got_nothing_are_named()
    {
        _stub.OnCall = (c, r, n) => DingTalkStub.Json(c, 200, $$"""{"processQueryKey":"k{{n}}","invalidStaffIdList":["bad{{n}}"],"flowControlledStaffIdList":["slow{{n}}"]}""");
        OneToOneSent sent = await _stub.Client().Robot.SendToPeopleAsync(Enumerable.Range(0, 41).Select(i => $"u{i}").Append("u0"), RobotContent.Text("你好"), Cancel);
        Assert.Equal([20, 20, 1], _stub.Calls.Select(c => c.Json.GetProperty("userIds").GetArrayLength()));
        Assert.Equal(["k1", "k2", "k3"], sent.Batches.Select(b => b.ProcessQueryKey));
        Assert.Equal(["bad1", "bad2", "bad3"], sent.InvalidUserIds);
        Assert.Equal(["slow1", "slow2", "slow3"], sent.FlowControlledUserIds);
        StubRequest first = _stub.Calls.First();
        Assert.Equal(("POST", "/v1.0/robot/oToMessages/batchSend", "dingrobot01", "sampleText", """{"content":"你好"}"""),
            (first.Method, first.Path, first.Json.GetProperty("robotCode").GetString(), first.Json.GetProperty("msgKey").GetString(), first.Json.GetProperty("msgParam").GetString()));
    }

    [Fact]
    public async Task What_was_sent_before_a_failure_is_told_with_it()
    {
        _stub.OnCall = (c, _, n) =>
        {
            if (n == 1) return DingTalkStub.Json(c, 200, """{"processQueryKey":"k1"}""");
            c.Abort();
            return Task.CompletedTask;
        };
        var partly = await Assert.ThrowsAsync<PartlySentException>(() => _stub.Client().Robot.SendToPeopleAsync(Enumerable.Range(0, 50).Select(i => $"u{i}"), RobotContent.Text("x"), Cancel));
        Assert.Equal((20, 20, 10), (partly.Sent.Batches[0].UserIds.Count, partly.Unsure.Count, partly.Unsent.Count));
        Assert.IsType<PlatformNetworkException>(partly.InnerException);
        Assert.Equal(2, _stub.Calls.Count());
    }

    [Fact]
    public async Task A_send_whose_answer_is_lost_is_not_sent_again()
    {
        _stub.OnCall = (c, _, _) =>
        {
            c.Abort();
            return Task.CompletedTask;
        };
        var lost = await Assert.ThrowsAsync<PlatformNetworkException>(() => _stub.Client().Robot.SendToGroupAsync("cid", RobotContent.Text("x"), Cancel));
        Assert.True(lost.EffectUnknown);
        Assert.Single(_stub.Calls);
    }

    [Fact]
    public async Task A_group_is_written_to_and_the_message_taken_back()
    {
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 200, r.Path switch
        {
            "/v1.0/robot/groupMessages/send" => """{"processQueryKey":"g1"}""",
            "/v1.0/robot/groupMessages/recall" => """{"successResult":["g1"],"failedResult":{"g2":"too old"}}""",
            "/v1.0/robot/otoMessages/batchRecall" => """{"successResult":["k1"]}""",
            "/v1.0/robot/oToMessages/readStatus" => """{"sendStatus":"SUCCESS","messageReadInfoList":[{"name":"A","userId":"alice","readStatus":"READ","readTimestamp":1},{"userId":"bob","readStatus":"unread"}]}""",
            "/v1.0/robot/groupMessages/query" => """{"sendStatus":"SUCCESS","readUserIds":["alice"],"hasMore":true,"nextToken":"n2"}""",
            _ => throw new InvalidOperationException(r.Path),
        });
        DingTalkRobot robot = _stub.Client().Robot;
        string key = await robot.SendToGroupAsync("cid1", RobotContent.Markdown("t", "**x**"), Cancel);
        Recalled recalled = await robot.RecallFromGroupAsync("cid1", [key, "g2"], Cancel);
        Assert.Equal(["g1"], recalled.Done);
        Assert.Equal("too old", recalled.Failed["g2"]);
        Assert.Equal(["k1"], (await robot.RecallFromPeopleAsync(["k1"], Cancel)).Done);
        OneToOneReadState read = await robot.GetReadersAsync("k1", Cancel);
        Assert.Equal([true, false], read.Readers.Select(r => r.HasRead));
        StubRequest asked = _stub.Calls.Last();
        Assert.Equal(("GET", "dingrobot01", "k1"), (asked.Method, asked.Query["robotCode"], asked.Query["processQueryKey"]));
        GroupReadState group = await robot.GetGroupReadersAsync("cid1", "g1", cancellationToken: Cancel);
        Assert.Equal("n2", group.NextToken);
    }

    [Fact]
    public void Contents_have_the_names_of_their_templates_and_a_bound()
    {
        Is("sampleActionCard", """{"title":"t","text":"x","singleTitle":"a","singleURL":"u"}""", RobotContent.ActionCard("t", "x", new LinkButton("a", "u")));
        Is("sampleActionCard2", """{"title":"t","text":"x","actionTitle1":"a","actionURL1":"u","actionTitle2":"b","actionURL2":"v"}""", RobotContent.ActionCard("t", "x", new("a", "u"), new("b", "v")));
        Is("sampleActionCard6", """{"title":"t","text":"x","buttonTitle1":"a","buttonUrl1":"u","buttonTitle2":"b","buttonUrl2":"v"}""", RobotContent.ActionCardSideBySide("t", "x", new("a", "u"), new("b", "v")));
        Is("sampleImageMsg", """{"photoURL":"@m"}""", RobotContent.Image("@m"));
        Is("sampleLink", """{"text":"x","title":"t","picUrl":"p","messageUrl":"u"}""", RobotContent.Link("t", "x", "u", "p"));
        Is("sampleAudio", """{"mediaId":"@m","duration":"1500"}""", RobotContent.Audio("@m", TimeSpan.FromSeconds(1.5)));
        Is("sampleFile", """{"mediaId":"@m","fileName":"a.pdf","fileType":"pdf"}""", RobotContent.File("@m", "a.pdf", "pdf"));
        Is("sampleVideo", """{"duration":"9","videoMediaId":"@v","videoType":"mp4","picMediaId":"@p"}""", RobotContent.Video("@v", "@p", TimeSpan.FromSeconds(9)));
        Assert.Throws<ArgumentException>(() => RobotContent.ActionCard("t", "x"));
        Assert.Throws<ArgumentException>(() => RobotContent.Text(new string('长', 5001)));
        Assert.Throws<ArgumentException>(() => RobotContent.Text(""));
    }

    [Fact]
    public async Task Without_a_robot_code_nothing_is_sent()
    {
        var missing = await Assert.ThrowsAsync<InvalidOperationException>(() => _stub.Client(o => o.RobotCode = null).Robot.SendToGroupAsync("cid", RobotContent.Text("x"), Cancel));
        Assert.Contains("RobotCode", missing.Message, StringComparison.Ordinal);
        Assert.Empty(_stub.Calls);
    }

    [Fact]
    public async Task A_reply_goes_to_the_session_webhook_without_a_token()
    {
        var clock = new ManualTimeProvider();
        DingTalkClient client = _stub.Client(clock: clock);
        await client.Robot.ReplyAsync(Received(clock, 90), WebhookMessage.Text("ok", At.Users("alice")), Cancel);
        StubRequest sent = Assert.Single(_stub.Calls);
        Assert.Equal(("/robot/sendBySession", "session-secret"), (sent.Path, sent.Query["session"]));
        Assert.Empty(_stub.TokenCalls);
        Assert.False(sent.Json.TryGetProperty("msgUuid", out _));
        Assert.Equal((1, 0), (client.Usage[DingTalkUseKind.Webhook], client.Usage[DingTalkUseKind.Call]));

        _stub.Answers("""{"errcode":40035,"errmsg":"session-secret is bad"}""");
        var refused = await Assert.ThrowsAsync<DingTalkApiException>(() => client.Robot.ReplyAsync(Received(clock, 90), WebhookMessage.Text("ok"), Cancel));
        Assert.DoesNotContain("session-secret", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_webhook_that_is_over_or_somebody_else_s_is_not_called()
    {
        var clock = new ManualTimeProvider();
        DingTalkRobot robot = _stub.Client(clock: clock).Robot;
        RobotMessage message = Received(clock, 90);
        clock.Advance(TimeSpan.FromMinutes(90));
        await Assert.ThrowsAsync<SessionWebhookExpiredException>(() => robot.ReplyAsync(message, WebhookMessage.Text("x"), Cancel));
        foreach (string address in (string[])["http://169.254.169.254/robot/sendBySession?session=s", $"{_stub.Address}latest/meta-data", "no address", $"http://evil@{_stub.Address.Authority}/robot/sendBySession?session=s"])
            await Assert.ThrowsAsync<ArgumentException>(() => robot.ReplyAsync(Received(clock, 90) with { SessionWebhook = address }, WebhookMessage.Text("x"), Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => robot.ReplyAsync(Received(clock, 90) with { SessionWebhook = null }, WebhookMessage.Text("x"), Cancel));
        Assert.Empty(_stub.Calls);
    }

    [Fact]
    public async Task A_file_is_uploaded_with_its_kind_and_its_name()
    {
        _stub.Answers("""{"errcode":0,"errmsg":"ok","media_id":"@abc","created_at":1,"type":"file"}""");
        using var content = new MemoryStream("file bytes"u8.ToArray());
        Assert.Equal("@abc", await _stub.Client().Media.UploadAsync(MediaKind.File, new DingTalkFile(content, "合同.pdf", "application/pdf"), cancellationToken: Cancel));
        string body = Assert.Single(_stub.Calls).Body;
        Assert.Contains("name=\"type\"\r\n\r\nfile\r\n", body, StringComparison.Ordinal);
        Assert.Contains("name=\"media\"; filename=\"__.pdf\"; filename*=UTF-8''%E5%90%88%E5%90%8C.pdf", body, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\nfile bytes\r\n", body, StringComparison.Ordinal);
        using var large = new MemoryStream(new byte[(2 << 20) + 1]);
        await Assert.ThrowsAsync<ArgumentException>(() => _stub.Client().Media.UploadAsync(MediaKind.Voice, new DingTalkFile(large, "a.amr"), cancellationToken: Cancel));
        await Assert.ThrowsAsync<ArgumentException>(() => _stub.Client().Media.UploadAsync(MediaKind.File, new DingTalkFile(content, " "), cancellationToken: Cancel));
    }

    [Fact]
    public async Task A_file_that_somebody_sent_is_copied_within_a_bound_and_without_our_token()
    {
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 200, JsonSerializer.Serialize(new { downloadUrl = $"{_stub.Address}files/1" }));
        bool token = true;
        _stub.OnOther = async c =>
        {
            if (c.Request.Path != "/files/1") return false;
            token = c.Request.Headers.ContainsKey("x-acs-dingtalk-access-token");
            await c.Response.WriteAsync("0123456789", Cancel);
            return true;
        };
        DingTalkRobot robot = _stub.Client().Robot;
        using var target = new MemoryStream();
        Assert.Equal(10, await robot.DownloadAsync("code", target, cancellationToken: Cancel));
        Assert.Equal("0123456789", System.Text.Encoding.UTF8.GetString(target.ToArray()));
        Assert.False(token);
        await Assert.ThrowsAsync<DingTalkApiException>(() => robot.DownloadAsync("code", target, maxBytes: 9, cancellationToken: Cancel));
        _stub.Answers("{}");
        await Assert.ThrowsAsync<DingTalkApiException>(() => robot.GetDownloadUrlAsync("code", Cancel));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_store_that_falls_silent_is_given_up(bool begins)
    {
        var clock = new ManualTimeProvider();
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 200, JsonSerializer.Serialize(new { downloadUrl = $"{_stub.Address}files/1" }));
        var reached = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        _stub.OnOther = async c =>
        {
            if (c.Request.Path != "/files/1") return false;
            if (begins)
            {
                await c.Response.WriteAsync("01234", Cancel);
                await c.Response.Body.FlushAsync(Cancel);
            }

            reached.SetResult();
            await release.Task;
            return true;
        };
        using var target = new MemoryStream();
        Task<long> copying = _stub.Client(clock: clock).Robot.DownloadAsync("code", target, cancellationToken: Cancel);
        await reached.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        if (begins) await Wait.Until(() => target.Length == 5);
        await Wait.Passing(clock, TimeSpan.FromSeconds(1), copying);
        release.SetResult();
        var lost = await Assert.ThrowsAsync<PlatformNetworkException>(() => copying);
        Assert.Equal((true, false), (lost.TimedOut, lost.EffectUnknown));
    }

    [Fact]
    public async Task A_file_that_breaks_off_is_no_file()
    {
        _stub.OnCall = (c, r, _) => DingTalkStub.Json(c, 200, JsonSerializer.Serialize(new { downloadUrl = $"{_stub.Address}files/1" }));
        _stub.OnOther = async c =>
        {
            if (c.Request.Path != "/files/1") return false;
            c.Response.ContentLength = 10;
            await c.Response.WriteAsync("01234", Cancel);
            await c.Response.Body.FlushAsync(Cancel);
            c.Abort();
            return true;
        };
        using var target = new MemoryStream();
        var lost = await Assert.ThrowsAsync<PlatformNetworkException>(() => _stub.Client().Robot.DownloadAsync("code", target, cancellationToken: Cancel));
        Assert.False(lost.TimedOut);
    }

    private static void Is(string key, string parameters, RobotContent content) => Assert.Equal((key, parameters), (content.Key, content.Parameters));

    private RobotMessage Received(ManualTimeProvider clock, int minutes) => new()
    {
        MsgId = "m1", SessionWebhook = $"{_stub.Address}robot/sendBySession?session=session-secret", SessionWebhookExpiredTime = clock.GetUtcNow().AddMinutes(minutes).ToUnixTimeMilliseconds(),
    };
}
