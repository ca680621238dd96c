namespace Larkspur.Samples.Tests;

public sealed class LunchBotTests
{
    [Fact]
    public async Task The_bot_asks_takes_the_click_and_writes_while_one_reads()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var bot = SampleProcess.Start(
            "LunchBot", [EmulatorApp.AppId, EmulatorApp.DefaultApp.AppSecret, emulator.BaseUrl.ToString()]);
        await bot.ConnectedAsync(emulator);

        await emulator.SayAsync("alice", "hello");
        await bot.ShowsAsync(emulator, "Noodles");
        var click = await emulator.ActAsync(new { @as = "alice", @do = "click", text = "Noodles" });
        Assert.Equal("Noodles, noted", (string?)click["toast"]?["content"]);
        await bot.ShowsAsync(emulator, "Lunch: Noodles");
        await emulator.SayAsync("alice", "why?");
        await bot.ShowsAsync(emulator, "empty stomach");
    }
}
