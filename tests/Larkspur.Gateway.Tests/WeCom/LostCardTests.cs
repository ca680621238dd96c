using Larkspur.Emulator.Control;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>A card whose answer was lost, and whose process ended: the next one finds its id used, and takes it for shown.</summary>
public sealed class LostCardTests
{
    private const string Send = "/cgi-bin/message/send";

    [Fact]
    public async Task A_card_that_is_there_is_no_dead_letter()
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with { WeCom = WeComFixture.Corp });
        var faults = emulator.Services.GetRequiredService<FaultRules>();
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        emulator.State.Inspector.Called += call =>
        {
            if (!call.Path.StartsWith(Send, StringComparison.Ordinal)) return;
            if (call.Verdict.Contains("dropped", StringComparison.Ordinal)) lost.TrySetResult();
            // After the answer's words come its buttons.
            else if (!lost.Task.IsCompleted) faults.Add(new FaultRule { Id = "lost", Path = Send, Kind = FaultKind.Drop, Remaining = 1 });
        };
        await using var first = await WeComFixture.StartAsync(Settings, emulator, scripted: false);
        await first.SayAsync("What is left?", "app");
        await lost.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        await first.Gateway.StopAsync();

        // The platform forgets what was said, and never which cards there were.
        await emulator.AdvanceAsync(TimeSpan.FromHours(5));
        await using var second = await WeComFixture.StartAsync(Settings, emulator, folder: first.Gateway.DataFolder, scripted: false);
        await second.UntilAsync(async () => await CountAsync(second, "open") == 0, "the rows to end");
        Assert.Equal(0, await CountAsync(second, "dead"));
        Assert.Single(await second.WrittenAsync("app"), m => m["msgtype"]!.GetValue<string>() == "template_card");
    }

    private static Dictionary<string, string?> Settings(Uri platform)
    {
        var settings = WeComFixture.WithDify(platform);
        settings.Remove("WECOM_AIBOT_ID");
        settings.Remove("WECOM_AIBOT_SECRET");
        // The process ends before it would try again.
        settings["Larkspur:Outbox:FirstPause"] = settings["Larkspur:Outbox:LongestPause"] = "00:00:03";
        return settings;
    }

    private static async Task<int> CountAsync(WeComFixture fixture, string status) =>
        (await fixture.Gateway.GetRestAsync("/outbox?status=" + status)).Body.GetProperty("items").GetArrayLength();
}
