using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Gateway.Tests;

/// <summary>One visible message per wish, whatever the network does.</summary>
public sealed class OutboxTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Fast = new() { ["Larkspur:Outbox:FirstPause"] = "00:00:00.020" };
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task An_answer_lost_after_the_effect_is_asked_for_again_under_the_same_uuid()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast);
        var calls = 0;
        _feishu.Fault = _ => ++calls <= 3 ? (0, "") : null;
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"), eventId);
        await _feishu.NextAsync();
        await gateway.SentAsync();

        Assert.True(_feishu.Calls.Count >= 4);
        Assert.Single(_feishu.Calls.Select(c => c.Uuid).Distinct());
        Assert.True(_feishu.IsQuiet);
    }

    [Fact]
    public async Task Whoever_fails_at_the_news_that_a_message_was_sent_does_not_have_it_sent_again()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast, configure: builder => builder.Services.AddSingleton<IOutboxCompletion>(new Forgetful()));
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"), FeishuPush.NewId("ev_"));
        await _feishu.NextAsync();
        await gateway.SentAsync();
        Assert.Single(_feishu.Calls);
        Assert.Contains("failed at the news", gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_platform_refuses_for_good_becomes_a_dead_letter_and_the_next_message_still_goes()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast);
        _feishu.Fault = call => call.Content.Contains("first", StringComparison.Ordinal) ? (400, """{"code":230002,"msg":"Bot/User can NOT be out of the chat."}""") : null;
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("first"));
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("second"));
        // Before or after it, as the death falls, the notification that an answer was lost.
        var next = await _feishu.NextAsync();
        if (!next.Content.Contains("second", StringComparison.Ordinal)) next = await _feishu.NextAsync();
        Assert.Contains("second", next.Content, StringComparison.Ordinal);
        await gateway.CountsAsync(1, "larkspur_outbox_dead_total", "230002");
    }

    [Fact]
    public async Task An_answer_that_the_platform_refuses_for_its_content_is_replaced_by_a_short_message_with_the_reference()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast);
        // The card, and the text with the same facts that is tried in its place.
        _feishu.Fault = call => call.Content.Contains("/whoami", StringComparison.Ordinal) ? (400, """{"code":230099,"msg":"Failed to create card content, ext=ErrCode: 11310; ErrMsg: element exceeds the limit;"}""") : null;
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"), eventId);
        var told = await _feishu.NextAsync();
        var reference = (await gateway.OutcomeAsync(eventId)).GetProperty("reference").GetString()!;
        Assert.Contains(reference, told.Content, StringComparison.Ordinal);
        Assert.Contains(gateway.Logs.Lines, l => l.Level == LogLevel.Error && l.Scope.Contains(reference, StringComparison.Ordinal));
        await gateway.CountsAsync(2, "larkspur_outbox_dead_total");
    }

    [Fact]
    public async Task A_message_that_tells_of_a_loss_and_is_lost_itself_tells_nothing_more()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast);
        _feishu.Fault = call => call.Content.Contains("last", StringComparison.Ordinal) ? null : (400, """{"code":230001,"msg":"invalid"}""");
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"));
        await gateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_outbox_dead_total") == 3); // the card, its text, the notification
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("last"));
        Assert.Contains("last", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.Equal(4, _feishu.Calls.Count);
    }

    [Fact]
    public async Task While_the_app_secret_is_refused_messages_wait_and_leave_once_it_is_right()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast);
        var calls = 0;
        _feishu.Fault = _ => ++calls <= 4 ? (400, """{"code":99991543,"msg":"app id or secret is invalid"}""") : null;
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"));
        await _feishu.NextAsync();
        Assert.Equal(0, await gateway.CounterAsync("larkspur_outbox_dead_total"));
    }

    [Fact]
    public async Task A_clock_set_back_keeps_no_message_waiting_for_the_old_hour()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-clock-").FullName;
        try
        {
            var eventId = FeishuPush.NewId("ev_");
            var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
            var first = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?> { ["Larkspur:Outbox:Enabled"] = "false" }, folder, clock);
            await _push.SendAsync(first, "im.message.receive_v1", FeishuPush.Message("/help"), eventId);
            await first.OutcomeAsync(eventId);
            await first.StopAsync();

            await using var second = await GatewayApp.StartAsync(_feishu.Address, dataFolder: folder, clock: new ManualTimeProvider(DateTimeOffset.UtcNow.AddHours(-3)));
            Assert.Equal("oc_p2p", (await _feishu.NextAsync()).Target);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Messages_that_could_not_leave_before_a_stop_leave_after_the_next_start_under_their_keys()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-outbox-").FullName;
        try
        {
            _feishu.Fault = _ => (503, """{"code":2200,"msg":"internal"}""");
            var first = await GatewayApp.StartAsync(_feishu.Address, Fast, folder);
            var eventId = FeishuPush.NewId("ev_");
            await _push.SendAsync(first, "im.message.receive_v1", FeishuPush.Message("/help"), eventId);
            await first.OutcomeAsync(eventId);
            await first.UntilAsync(() => Task.FromResult(!_feishu.Calls.IsEmpty));
            await first.StopAsync();

            _feishu.Fault = null;
            await using var second = await GatewayApp.StartAsync(_feishu.Address, Fast, folder);
            var sent = await _feishu.NextAsync();
            Assert.All(_feishu.Calls, c => Assert.Equal(sent.Uuid, c.Uuid));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Log_lines_lead_from_the_event_to_the_sent_message()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address);
        var eventId = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message("/help"), eventId);
        var sent = await _feishu.NextAsync();
        await gateway.SentAsync();
        var row = await gateway.OutcomeAsync(eventId);

        var handled = Assert.Single(gateway.Logs.Lines, l => l.Scope.Contains($"EventId={eventId}", StringComparison.Ordinal) && l.Message.Contains("answered", StringComparison.Ordinal));
        var left = Assert.Single(gateway.Logs.Lines, l => l.Message.Contains(sent.MessageId, StringComparison.Ordinal));
        var tie = $"Reference={row.GetProperty("reference").GetString()} InboxId={row.GetProperty("id").GetInt64()}";
        Assert.Contains(tie, handled.Scope, StringComparison.Ordinal);
        Assert.Contains(tie, left.Scope, StringComparison.Ordinal);
        Assert.Contains($"log id log-{sent.MessageId}", left.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(GatewayApp.AppSecret, gateway.Logs.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("t-stub", gateway.Logs.Text, StringComparison.Ordinal);
    }

    private sealed class Forgetful : IOutboxCompletion
    {
        public IReadOnlyCollection<OutboxOperation> Operations { get; } = [MessageOperations.Create, MessageOperations.Reply];

        public ValueTask SentAsync(IUnitOfWork unit, OutboxEntry entry, SendReceipt receipt, DateTimeOffset at) => throw new InvalidOperationException("It forgot what for.");

        public ValueTask DeadAsync(IUnitOfWork unit, OutboxEntry entry, string reason, string message, DateTimeOffset at) => ValueTask.CompletedTask;
    }
}
