namespace Larkspur.Samples.Tests;

public sealed class HelloFeishuTests
{
    [Fact]
    public async Task Alice_is_greeted_and_the_chats_are_listed()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        emulator.CreateGroup("alice", "Sample group");
        await using var hello = SampleProcess.Start(
            "HelloFeishu", [EmulatorApp.AppId, EmulatorApp.DefaultApp.AppSecret, emulator.BaseUrl.ToString()]);

        Assert.Equal(0, await hello.EndedAsync());
        await emulator.WaitForMessageAsync("from=app&contains=" + Uri.EscapeDataString("Hello, Alice!"));
        Assert.StartsWith("sent om_", hello.Output, StringComparison.Ordinal);
        Assert.Contains("Sample group", hello.Output, StringComparison.Ordinal);
    }
}
