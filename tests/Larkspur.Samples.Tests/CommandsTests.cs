namespace Larkspur.Samples.Tests;

public sealed class CommandsTests
{
    [Fact]
    public async Task A_form_is_shown_checked_and_taken()
    {
        await using var emulator = await Tour.PatientEmulatorAsync();
        await using var bot = SampleProcess.Start("Commands", emulator);
        await bot.ConnectedAsync(emulator);

        await emulator.SayAsync("alice", "hello");
        await bot.ShowsAsync(emulator, "Write /leave");
        await emulator.SayAsync("alice", "/leave");
        await bot.ShowsAsync(emulator, "Reason");

        Assert.Equal("The last day must not be before the first.", await SendAsync(emulator, "2026-12-03", "2026-12-01"));
        Assert.Equal("Sent", await SendAsync(emulator, "2026-12-01", "2026-12-03"));
        await bot.ShowsAsync(emulator, "Skiing");
        await CardTests.ShownAreGoodAsync(emulator);
    }

    private static async Task<string?> SendAsync(EmulatorApp emulator, string first, string last)
    {
        var form_value = new { first, last, reason = "Skiing" };
        var click = await emulator.ActAsync(new { @as = "alice", @do = "click", name = "submit", form_value });
        return (string?)click["toast"]?["content"];
    }
}
