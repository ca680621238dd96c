namespace Larkspur.Samples.Tests;

public sealed class EchoBotTests
{
    [Fact]
    public async Task The_bot_repeats_what_somebody_writes_once_though_the_event_comes_twice()
    {
        await using var emulator = await Tour.PatientEmulatorAsync();
        var twice = new { reply = "duplicate", @event = "im.message.receive_v1", new_id = true };
        await emulator.ControlAsync(HttpMethod.Post, "faults", twice);
        await using var bot = SampleProcess.Start("EchoBot", emulator);
        await bot.ConnectedAsync(emulator);

        await emulator.SayAsync("alice", "one");
        await bot.ShowsAsync(emulator, "one");
        await emulator.SayAsync("alice", "two");
        await bot.ShowsAsync(emulator, "two");

        Assert.Equal(0, await bot.StopAsync());
        var said = (await emulator.StateAsync())["messages"]!.AsArray().Where(m => (string)m!["sender"]!["type"]! == "app");
        Assert.Equal(["""{"text":"one"}""", """{"text":"two"}"""], said.Select(m => (string)m!["content"]!));
    }

    [Fact]
    public async Task The_bot_says_that_it_has_no_words_for_a_picture()
    {
        await using var emulator = await Tour.PatientEmulatorAsync();
        await using var bot = SampleProcess.Start("EchoBot", emulator);
        await bot.ConnectedAsync(emulator);

        await emulator.ActAsync(new { @as = "alice", @do = "send", msg_type = "image", base64 = OnePixel, name = "dot.gif" });

        await bot.ShowsAsync(emulator, "I can only repeat words.");
    }

    private const string OnePixel = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
}
