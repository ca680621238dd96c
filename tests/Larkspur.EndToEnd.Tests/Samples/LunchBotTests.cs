using System.Diagnostics;

namespace Larkspur.EndToEnd.Tests.Samples;

/// <summary><c>samples/LunchBot</c> as its reader starts it: a process beside the emulator, with nothing but an app's id and secret.</summary>
public sealed class LunchBotTests
{
    [Fact]
    public async Task The_bot_asks_takes_the_click_and_writes_while_one_reads()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        using var bot = Process.Start(new ProcessStartInfo("dotnet",
            [Path.Combine(AppContext.BaseDirectory, "LunchBot.dll"), EmulatorApp.AppId, EmulatorApp.DefaultApp.AppSecret, emulator.BaseUrl.ToString()]))!;
        try
        {
            await ConnectedAsync(emulator);
            await emulator.ActAsync(new { @as = "alice", @do = "send", text = "hello" });
            await emulator.WaitForMessageAsync("from=app&contains=Noodles&timeout_ms=30000");
            var click = await emulator.ActAsync(new { @as = "alice", @do = "click", text = "Noodles" });
            Assert.Contains("noted", click.ToJsonString(), StringComparison.Ordinal);
            await emulator.WaitForMessageAsync("from=app&contains=" + Uri.EscapeDataString("Lunch: Noodles") + "&timeout_ms=30000");
            await emulator.ActAsync(new { @as = "alice", @do = "send", text = "why?" });
            await emulator.WaitForMessageAsync("from=app&contains=" + Uri.EscapeDataString("empty stomach") + "&timeout_ms=30000");
        }
        finally
        {
            bot.Kill();
            await bot.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
    }

    private static async Task ConnectedAsync(EmulatorApp emulator)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await emulator.ControlAsync(HttpMethod.Get, "connections"))["connections"]!.AsArray().Count == 0) await ticks.WaitForNextTickAsync(deadline.Token);
    }
}
