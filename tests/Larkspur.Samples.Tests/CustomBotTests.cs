namespace Larkspur.Samples.Tests;

public sealed class CustomBotTests
{
    private const string Path = "open-apis/bot/v2/hook/0f7c1a52-6d3e-4b88-9a51-2c4e8d90b613";

    [Fact]
    public async Task A_report_appears_in_the_group()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var bot = Start(emulator, "emulator-hook-secret");

        Assert.Equal(0, await bot.EndedAsync());
        Assert.Equal("sent\n", bot.Output);
        await emulator.WaitForMessageAsync("contains=" + Uri.EscapeDataString("Build 42 is green"));
        await CardTests.ShownAreGoodAsync(emulator);
    }

    [Fact]
    public async Task A_wrong_secret_is_explained()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var bot = Start(emulator, "another-secret");

        Assert.Equal(1, await bot.EndedAsync());
        Assert.StartsWith("The signature was not accepted", bot.Errors, StringComparison.Ordinal);
    }

    private static SampleProcess Start(EmulatorApp emulator, string secret) => SampleProcess.Start(
        "CustomBot", ["Build 42 is green", "31 tests"],
        ("FEISHU_CUSTOM_BOT_URL", new Uri(emulator.BaseUrl, Path).ToString()), ("FEISHU_CUSTOM_BOT_SECRET", secret));
}
