namespace Larkspur.Samples.Tests;

public sealed class LunchBotTests
{
    /// <summary>As docs/samples.md says it: the demo's app keeps its messages.</summary>
    [Fact]
    public async Task With_an_app_of_its_own_it_takes_nobodys_messages_and_it_says_at_the_start_what_it_would_take()
    {
        const string own = "cli_1b0c4b0700000001";
        await using var emulator = await EmulatorApp.StartAsync();
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "samples.md"));
        var asked = System.Text.RegularExpressions.Regex.Match(page,
            @"_emulator/apps -H [^\n]*\n\s+-d '(?<body>\{.*?\})'").Groups["body"].Value;
        await emulator.ControlAsync(HttpMethod.Post, "apps",
            System.Text.Json.JsonSerializer.Deserialize<System.Text.Json.JsonElement>(asked));
        await using var bot = SampleProcess.Start("LunchBot", [own, "lunchbot-secret", emulator.BaseUrl.ToString()]);
        Assert.Contains("a gateway with the same app", await bot.PrintedAsync("a gateway with the same app"), StringComparison.Ordinal);
        await bot.ConnectedAsync(emulator);

        await emulator.ActAsync(new { @as = "alice", @do = "send", text = "hello, demo" });
        await emulator.ActAsync(new { @as = "alice", @do = "send", app_id = own, text = "hello, LunchBot" });
        await bot.ShowsAsync(emulator, "Noodles");
        var answers = (await emulator.StateAsync())["messages"]!.AsArray().Where(
            m => m!["sender"]!["type"]!.GetValue<string>() == "app").ToArray();
        Assert.Equal([own], answers.Select(m => m!["sender"]!["id"]!.GetValue<string>()).Distinct());
    }

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
        await CardTests.ShownAreGoodAsync(emulator);
    }
}
