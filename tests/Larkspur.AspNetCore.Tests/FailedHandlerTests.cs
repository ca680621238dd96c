using System.Text.Json.Nodes;
using Larkspur.Feishu.Events;

namespace Larkspur.AspNetCore.Tests;

/// <summary>What becomes of a delivery whose handler throws, takes too long, or is stopped.</summary>
public sealed class FailedHandlerTests
{
    private const string Click =
        """{"operator":{"open_id":"ou_1"},"token":"c-1","action":{"tag":"button","value":{"k":"v"}},"context":{}}""";

    [Fact]
    public async Task The_platform_sends_an_event_again_whose_handler_threw()
    {
        var clock = ReceiverApp.StillTime();
        await using var emulator = await EmulatorApp.StartAsync(s => s with { RealTime = clock });
        var handled = new List<string>();
        var events = new FeishuEventDispatcher().On<ImMessageReceiveV1>((e, _) =>
        {
            handled.Add(e.Delivery.EventId);
            return handled.Count == 1 ? throw new InvalidOperationException("the database is away") : Task.CompletedTask;
        });
        await using var app = await ReceiverApp.StartAsync(events, clock);
        await emulator.SetCallbackAsync(app.Url);
        await emulator.ActAsync(new { @as = "alice", @do = "send", text = "hello" });
        Assert.Equal(500, await PushedAsync(emulator, 1));
        await emulator.AdvanceAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(200, await PushedAsync(emulator, 2));

        Assert.Equal(2, handled.Count);
        Assert.Single(handled.Distinct());
        Assert.Contains(app.Log.Lines, line => line.StartsWith("Error: The handler of im.message.receive_v1", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_event_whose_handler_throws_is_answered_with_500_and_handled_when_it_comes_again()
    {
        var tries = 0;
        var events = new FeishuEventDispatcher().OnUnknown((_, _) =>
            ++tries == 1 ? throw new InvalidOperationException("the database is away") : Task.CompletedTask);
        await using var app = await ReceiverApp.StartAsync(events);

        Assert.Equal((500, """{"error":"handler_failed"}"""), await app.PostAsync(ReceiverApp.Signed("e1")));
        Assert.Equal((200, "{}"), await app.PostAsync(ReceiverApp.Signed("e1")));
        Assert.Equal((200, "{}"), await app.PostAsync(ReceiverApp.Signed("e1")));
        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task A_click_whose_handler_throws_makes_a_toast_with_a_reference_that_the_log_has()
    {
        var events = new FeishuEventDispatcher().OnCardAction((_, _) => throw new InvalidOperationException("the database is away"));
        await using var app = await ReceiverApp.StartAsync(events);

        var (status, body) = await app.PostAsync(ReceiverApp.Signed("e1", "card.action.trigger", Click));

        Assert.Equal(200, status);
        var toast = JsonNode.Parse(body)!["toast"]!;
        Assert.Equal("error", (string)toast["type"]!);
        var words = (string)toast["i18n"]!["en_us"]!;
        var reference = words[(words.LastIndexOf(' ') + 1)..];
        Assert.EndsWith(reference, (string)toast["i18n"]!["zh_cn"]!, StringComparison.Ordinal);
        Assert.Contains(app.Log.Lines, line => line.Contains(reference, StringComparison.Ordinal));
        Assert.DoesNotContain("database", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_takes_longer_than_the_platform_waits_goes_on_and_is_handled_once()
    {
        var clock = new ManualTimeProvider();
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        var handled = 0;
        var events = new FeishuEventDispatcher().OnUnknown(async (_, _) =>
        {
            Interlocked.Increment(ref handled);
            begun.SetResult();
            await release.Task;
        });
        await using var app = await ReceiverApp.StartAsync(events, clock);

        var first = app.PostAsync(ReceiverApp.Signed("e1", clock: clock));
        await begun.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(2.5));
        Assert.Equal((503, """{"error":"still_at_work"}"""), await first);

        // The repetition joins the one at work, and both are done together.
        var again = app.PostAsync(ReceiverApp.Signed("e1", clock: clock));
        release.SetResult();
        Assert.Equal((200, "{}"), await again);
        Assert.Equal(1, handled);
    }

    [Fact]
    public async Task A_click_that_takes_longer_than_the_platform_waits_makes_a_toast()
    {
        var clock = new ManualTimeProvider();
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource<CardActionResponse>());
        var events = new FeishuEventDispatcher().OnCardAction((_, _) =>
        {
            begun.SetResult();
            return release.Task;
        });
        await using var app = await ReceiverApp.StartAsync(events, clock);

        var click = app.PostAsync(ReceiverApp.Signed("e1", "card.action.trigger", Click, clock));
        await begun.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(2.5));

        var (status, body) = await click;
        Assert.Equal(200, status);
        Assert.Contains("Still being done", body, StringComparison.Ordinal);
        release.SetResult(CardActionResponse.Nothing);
    }

    [Fact]
    public async Task A_handler_that_blocks_its_thread_does_not_hold_up_the_answer()
    {
        var clock = new ManualTimeProvider();
        var begun = new TaskCompletionSource();
        using var release = new ManualResetEventSlim();
        var events = new FeishuEventDispatcher().OnUnknown((_, _) =>
        {
            begun.SetResult();
            release.Wait(CancellationToken.None);
            return Task.CompletedTask;
        });
        await using var app = await ReceiverApp.StartAsync(events, clock);

        var first = app.PostAsync(ReceiverApp.Signed("e1", clock: clock));
        await begun.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(2.5));

        Assert.Equal(503, (await first).Status);
        release.Set();
    }

    [Fact]
    public async Task A_stopping_application_cancels_its_handlers_and_leaves_their_events_to_the_platform()
    {
        var begun = new TaskCompletionSource();
        var events = new FeishuEventDispatcher().OnUnknown(async (_, cancellation) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
        });
        await using var app = await ReceiverApp.StartAsync(events);

        var first = app.PostAsync(ReceiverApp.Signed("e1"));
        await begun.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        var stopped = app.StopAsync();

        Assert.Equal(500, (await first).Status);
        await stopped;
    }

    /// <summary>Waits until the message has been delivered as often.</summary>
    /// <returns>How the last delivery was answered.</returns>
    private static async Task<int> PushedAsync(EmulatorApp emulator, int count)
    {
        using var watch = emulator.State.Watch();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var pushes = emulator.State.Inspector.Pushes().Where(p => p.EventType == "im.message.receive_v1").ToArray();
            if (pushes.Length >= count) return pushes[0].Status;
            await watch.Changes.ReadAsync(deadline.Token);
        }
    }
}
