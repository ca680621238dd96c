using Larkspur.Emulator.State;

namespace Larkspur.EndToEnd.Tests.Chaos;

/// <summary>Somebody sets the machine's clock while messages wait for another attempt.</summary>
public sealed class MovedClockTests
{
    [Theory]
    [InlineData(-1, false)]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task What_waits_is_answered_soon_and_once_although_the_clock_jumps_by_an_hour(int hours, bool restarted)
    {
        var data = Directory.CreateTempSubdirectory("larkspur-clock-").FullName;
        try
        {
            await JumpAsync(hours, restarted, data);
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task JumpAsync(int hours, bool restarted, string data)
    {
        // Emulator and gateway stand on one machine: both see the jump, and events stay fresh.
        var clock = new ShiftingClock();
        await using var emulator = await EmulatorApp.StartAsync(settings => settings with { RealTime = clock });
        await using var first = await StartAsync(emulator, clock, data);
        var chat = await SayAsync(emulator, "before");
        await AnsweredAsync(emulator, chat, "before");

        // A plain no, as often as one attempt of the outbox asks: the next attempt is written down for a time of day.
        await emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/im/v1/messages*", reply = 429, count = 2 });
        await SayAsync(emulator, "waiting");
        using (var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2)))
        using (var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10)))
        {
            while (await first.CounterAsync("larkspur_outbox_retries_total") < 1) await ticks.WaitForNextTickAsync(deadline.Token);
        }

        // The next life has nothing but the time of day that was written down.
        if (restarted) await first.DisposeAsync();
        clock.Shift(TimeSpan.FromHours(hours));
        await using var second = restarted ? await StartAsync(emulator, clock, data) : null;
        await AnsweredAsync(emulator, chat, "waiting");

        // The same event again, after the jump: it is remembered.
        await emulator.ControlAsync(HttpMethod.Post, "faults", new { @event = "im.message.receive_v1", reply = "duplicate", count = 1 });
        await SayAsync(emulator, "after");
        await AnsweredAsync(emulator, chat, "after");
        clock.Shift(TimeSpan.FromHours(-hours));
        await SayAsync(emulator, "put right");
        await AnsweredAsync(emulator, chat, "put right");
        var answers = emulator.State.Messages(chat).Where(m => m.SenderKind == SenderKind.App).Select(m => m.Rendered).ToArray();
        Assert.Equal(4, answers.Length);
        foreach (var (answer, text) in answers.Zip((string[])["before", "waiting", "after", "put right"])) Assert.Contains(text, answer, StringComparison.Ordinal);
    }

    private static async Task<GatewayApp> StartAsync(EmulatorApp emulator, ShiftingClock clock, string data)
    {
        var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), clock: clock, dataFolder: data);
        await emulator.SetCallbackAsync(new Uri(gateway.Address, "/webhook/feishu").ToString(), verify: true);
        return gateway;
    }

    private static async Task<string> SayAsync(EmulatorApp emulator, string text) =>
        (await emulator.ActAsync(new { @as = "alice", @do = "send", text }))["chat_id"]!.GetValue<string>();

    private static Task AnsweredAsync(EmulatorApp emulator, string chat, string text) =>
        emulator.WaitForMessageAsync($"chat={chat}&from=app&contains={Uri.EscapeDataString(text)}&timeout_ms=30000");
}
