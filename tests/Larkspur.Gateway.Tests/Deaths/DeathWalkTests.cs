using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Dify;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Notifications;
using Larkspur.Gateway.Tests.Payments;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Deaths;

/// <summary>
/// A process that dies between any two durable steps of its work: the next one does what was left, and nothing has its effect twice.
/// </summary>
[Trait("Database", "PostgreSQL")]
public sealed class DeathWalkTests
{
    private readonly FeishuPush _push = new();

    [Fact]
    public async Task A_persons_message_is_answered_once()
    {
        // The same event, whoever it is pushed to.
        var (eventId, message) = (FeishuPush.NewId("ev_"), FeishuPush.Message("hello"));
        // Recorded, handled, begun, sent; each before and after.
        await WalkAsync(8, Stub(
            async (gateway, _) => (await _push.SendAsync(gateway, "im.message.receive_v1", message, eventId)).Status == 200,
            fixture =>
            {
                Assert.Single(fixture.Feishu.Calls.Select(c => c.Uuid).Distinct());
                Assert.All(fixture.Feishu.Calls, c => Assert.Contains("hello", c.Content, StringComparison.Ordinal));
            }));
    }

    [Fact]
    public Task A_programs_message_is_sent_once() => WalkAsync(6, Stub(
        async (gateway, _) =>
        {
            var message = new { to = new { chat_id = "oc_1" }, text = "paid" };
            return (await gateway.PostRestAsync("/messages", message, "order-7")).Status == 202;
        },
        fixture => Assert.Single(fixture.Feishu.Calls.Select(c => c.Uuid).Distinct())));

    [Fact]
    public async Task An_event_is_forwarded_under_one_id()
    {
        var eventId = FeishuPush.NewId("ev_");
        await WalkAsync(8, Stub(
            async (gateway, _) => (await _push.SendAsync(gateway, "larkspur.probe_v1", """{"note":"hello"}""", eventId)).Status == 200,
            fixture =>
            {
                // The receiver knows a repeat by it.
                Assert.Single(fixture.Erp.Calls.Select(c => c.Id).Distinct());
                Assert.All(fixture.Erp.Calls, c => Assert.Contains(eventId, c.Text, StringComparison.Ordinal));
            },
            events: "*"));
    }

    [Fact]
    public Task A_notification_comes_as_one_card() => WalkAsync(6, Stub(
        async (gateway, _) =>
        {
            await NotifyAsync(gateway);
            return true;
        },
        fixture =>
        {
            Assert.Single(fixture.Feishu.Calls.Select(c => c.Uuid).Distinct());
            Assert.All(fixture.Feishu.Calls, c => Assert.Contains("Laptops", c.Content, StringComparison.Ordinal));
        },
        prepare: (gateway, _) => SwitchOnAsync(gateway)));

    [Fact]
    public async Task A_decision_is_told_once_and_shown()
    {
        var eventId = FeishuPush.NewId("ev_");
        var card = "";
        await WalkAsync(8, Stub(
            async (gateway, _) =>
            {
                var sent = (await gateway.GetRestAsync("/notifications?subject=PR-7")).Body.GetProperty("items")[0];
                var notification = sent.GetProperty("id").GetString();
                var value = JsonSerializer.SerializeToElement(new { kind = "larkspur.notification", card = notification, action = "approve" });
                return (await _push.SendAsync(gateway, "card.action.trigger", FeishuPush.Click(value, card), eventId)).Status == 200;
            },
            fixture =>
            {
                var told = fixture.Erp.Calls.Where(c => c.Text.Contains("approval.decided", StringComparison.Ordinal)).ToArray();
                Assert.Single(told.Select(c => c.Id).Distinct());
                Assert.All(told, c => Assert.Contains("\"decision\":\"approved\"", c.Text, StringComparison.Ordinal));
                var changes = fixture.Feishu.Calls.Where(c => c.Method == "PATCH");
                Assert.All(changes, c => Assert.Contains("Approved by ", c.Content, StringComparison.Ordinal));
            },
            events: "approval.decided",
            prepare: async (gateway, fixture) =>
            {
                await SwitchOnAsync(gateway);
                await NotifyAsync(gateway);
                card = (await fixture.Feishu.NextAsync()).MessageId;
                using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
                while ((await gateway.GetRestAsync("/outbox?status=open")).Body.GetProperty("items").GetArrayLength() > 0)
                    await ticks.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }));
    }

    [Fact]
    public Task A_payment_is_asked_for_once() => WalkAsync(8, Emulated(
        async (gateway, _) => (await gateway.PostRestAsync("/payments", PaymentFixture.Order(), "order-7")).Status == 202,
        async emulator => Assert.Single((await emulator.StateAsync())["approvals"]!["instances"]!.AsArray()),
        (gateway, _) => gateway.Services.GetRequiredService<ISettings>().ChangeAsync(Actor.System, new Dictionary<string, string?>
        {
            [FeishuIntegration.Enabled] = "true", [FeishuIntegration.PaymentWorkflow] = "true",
            [FeishuIntegration.ApprovalCode] = PaymentFixture.ApprovalCode,
        })));

    [Fact]
    public Task A_question_has_one_answer_or_says_that_it_broke_off() =>
        AskAsync(10, DifyApp.Echo, (answer, pictures) =>
        {
            string[] ends = ["Approver: Bob", "This answer was interrupted"];
            Assert.True(ends.Any(end => answer.Contains(end, StringComparison.Ordinal)), answer);
            Assert.Equal(0, pictures);
        });

    [Fact]
    public Task A_picture_of_an_answer_comes_once_where_the_answer_is_whole() =>
        AskAsync(12, DifyApp.Echo with { Makes = ["spending-en.png"] }, (answer, pictures) =>
        {
            var isWhole = !answer.Contains("This answer was interrupted", StringComparison.Ordinal);
            Assert.Equal(isWhole ? 1 : 0, pictures);
            Assert.DoesNotContain("cannot be shown", answer, StringComparison.Ordinal);
        });

    /// <param name="least">Deaths that there must be.</param>
    /// <param name="backend">Who answers.</param>
    /// <param name="judge">Judges the answer's card, and how many pictures came.</param>
    private async Task AskAsync(int least, DifyApp backend, Action<string, int> judge)
    {
        var eventId = FeishuPush.NewId("ev_");
        await WalkAsync(least, Emulated(
            async (gateway, emulator) =>
            {
                var said = emulator.State.Messages(ChatOf(emulator)).Single(m => m.SenderKind != SenderKind.App);
                var alice = WireIds.OpenId(EmulatorApp.AppId, SeededCompany.Alice);
                var message = FeishuPush.Message("What is left?", said.ChatId, said.MessageId, alice);
                return (await _push.SendAsync(gateway, "im.message.receive_v1", message, eventId)).Status == 200;
            },
            emulator =>
            {
                var sent = emulator.State.Messages(ChatOf(emulator)).Where(m => m.SenderKind == SenderKind.App).ToArray();
                judge(Assert.Single(sent, m => m.MsgType != "image").Card!.Json, sent.Count(m => m.MsgType == "image"));
                return Task.CompletedTask;
            },
            (_, emulator) => emulator.ActAsync(new { @as = SeededCompany.Alice, @do = "send", text = "What is left?" }),
            emulator => new Dictionary<string, string?>
            {
                ["DIFY_BASE_URL"] = new Uri(emulator.BaseUrl, "v1").ToString(), ["DIFY_API_KEY"] = DifyApp.DefaultKey,
            },
            backend));
    }

    [Fact]
    public Task A_written_card_is_whole() => WalkAsync(8, Emulated(
        async (gateway, emulator) =>
        {
            var to = new { to = new { type = "chat_id", id = ChatOf(emulator) }, title = "Report", language = "en_us" };
            var opened = await gateway.PostRestAsync("/streams", to, "report-7");
            var stream = "/streams/" + opened.Text("id");
            await gateway.PostRestAsync(stream, new { append = "Sales rose ", offset = 0 });
            await gateway.PostRestAsync(stream, new { append = "and fell.", offset = 11 });
            return (await gateway.PostRestAsync(stream + "/finish", new { })).Status == 200;
        },
        emulator =>
        {
            var card = Assert.Single(emulator.State.Messages(ChatOf(emulator)), m => m.SenderKind == SenderKind.App);
            Assert.Contains("Sales rose and fell.", card.Card!.Json, StringComparison.Ordinal);
            return Task.CompletedTask;
        }));

    [Fact]
    public async Task A_click_changes_its_card()
    {
        const string click = """
            {"operator":{"open_id":"ou_bob"},"action":{"tag":"button","value":{}},
             "context":{"open_message_id":"om_card","open_chat_id":"oc_1"}}
            """;
        var eventId = FeishuPush.NewId("ev_");
        // A request of a life that is over may end late: it only ever adds.
        var answers = 0;
        await WalkAsync(4, Stub(
            async (gateway, _) =>
            {
                var (status, answer) = await _push.SendAsync(gateway, "url.preview.get", click, eventId);
                if (answer.TryGetProperty("card", out JsonElement _)) Interlocked.Increment(ref answers);
                return status == 200;
            },
            fixture =>
            {
                Assert.All(fixture.Feishu.Calls, c => Assert.Equal(("PATCH", "om_card", CardAnswers.Card), (c.Method, c.Target, c.Content)));
                Assert.True(Interlocked.Exchange(ref answers, 0) > 0 || !fixture.Feishu.Calls.IsEmpty,
                    "Neither the answer nor a message changed the card.");
            },
            configure: CardAnswers.AnswerWithCard));
    }

    /// <param name="least">Deaths that there must be, or the walk ended before the work.</param>
    /// <param name="walk">The work.</param>
    private static async Task WalkAsync<T>(int least, DeathWalk<T> walk)
        where T : IAsyncDisposable
    {
        Assert.SkipWhen(GatewayApp.IsPostgres, "The next process works on a copy of the file.");
        Assert.InRange(await walk.GoAsync(), least, 120);
    }

    /// <summary>On the few endpoints of the stub, and with a business system that hears of some events.</summary>
    private static DeathWalk<WebClientFixture> Stub(Func<GatewayApp, WebClientFixture, Task<bool>> act, Action<WebClientFixture> judge,
        string? events = null, Func<GatewayApp, WebClientFixture, Task>? prepare = null, Action<WebApplicationBuilder>? configure = null) => new()
    {
        Start = async () => new WebClientFixture(await FeishuStub.StartAsync(), await WebhookReceiver.StartAsync()),
        Settings = fixture => new Dictionary<string, string?>(events is null ? [] : fixture.Erp.Settings(events: events))
        {
            ["FEISHU_BASE_URL"] = fixture.Feishu.Address,
        },
        Configure = configure,
        Prepare = prepare,
        Act = act,
        Judge = fixture =>
        {
            judge(fixture);
            return Task.CompletedTask;
        },
    };

    /// <summary>On the emulated platforms; no event reaches a gateway but those of the test.</summary>
    private static DeathWalk<EmulatorApp> Emulated(Func<GatewayApp, EmulatorApp, Task<bool>> act, Func<EmulatorApp, Task> judge,
        Func<GatewayApp, EmulatorApp, Task>? prepare = null, Func<EmulatorApp, Dictionary<string, string?>>? settings = null,
        DifyApp? backend = null) => new()
    {
        Start = () => EmulatorApp.StartAsync(s => backend is null ? s : s with { DifyApps = [backend] }),
        Settings = emulator => new Dictionary<string, string?>(settings?.Invoke(emulator) ?? [])
        {
            ["FEISHU_BASE_URL"] = emulator.BaseUrl.ToString(),
        },
        Prepare = prepare,
        Act = act,
        Judge = judge,
    };

    /// <summary>Alice's own chat with the bot.</summary>
    private static string ChatOf(EmulatorApp emulator) => emulator.State.P2pChat(SeededCompany.Alice, EmulatorApp.AppId)!.ChatId;

    private static Task SwitchOnAsync(GatewayApp gateway) => gateway.Services.GetRequiredService<ISettings>().ChangeAsync(Actor.System,
        new Dictionary<string, string?> { [FeishuIntegration.Enabled] = "true", [FeishuIntegration.NotifyOnPr] = "true" });

    private static async Task NotifyAsync(GatewayApp gateway)
    {
        var requisition = NotificationFixture.Requisition("PR-7", new JsonObject { ["open_id"] = "ou_bob" });
        requisition["variables"]!["applicant"] = new JsonObject { ["open_id"] = "ou_alice" };
        var answer = await gateway.PostRestAsync("/notifications", requisition.ToJsonString(), "order-7");
        Assert.True(answer.Status == 202, answer.ToString());
    }

    /// <summary>Of one pair of lives: what another pair still sends does not come here.</summary>
    private sealed record WebClientFixture(FeishuStub Feishu, WebhookReceiver Erp) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await Feishu.DisposeAsync();
            await Erp.DisposeAsync();
        }
    }
}
