namespace Larkspur.Samples.Tests;

public sealed class LongConnectionTests
{
    [Fact]
    public async Task The_sample_tells_states_and_events_and_ends_when_asked()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var sample = SampleProcess.Start("LongConnection", emulator);
        await sample.PrintedAsync("Unproven");
        await sample.ConnectedAsync(emulator);

        var sent = await emulator.ActAsync(new { @as = "alice", @do = "send", text = "hello" });
        await sample.PrintedAsync($"message {sent["message_id"]} in {sent["chat_id"]}");
        await sample.PrintedAsync("Proven");
        await emulator.ActAsync(new { @as = "alice", @do = "react", message_id = (string)sent["message_id"]!, emoji = "SMILE" });
        await sample.PrintedAsync("im.message.reaction.created_v1");

        Assert.Equal(0, await sample.StopAsync());
        Assert.Contains("Stopped", sample.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_is_lost_is_made_anew()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "configure", reconnect_interval = 1, reconnect_nonce = 0 });
        await using var sample = SampleProcess.Start("LongConnection", emulator);
        await sample.PrintedAsync("Unproven");
        await sample.ConnectedAsync(emulator);

        await emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "abort" });
        await sample.PrintedAsync("Connecting: ");
        await emulator.SayAsync("alice", "hello");

        await sample.PrintedAsync("message om_");
    }

    [Fact]
    public async Task A_wrong_secret_ends_it_with_a_sentence()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var sample = SampleProcess.Start("LongConnection", emulator, null, ("FEISHU_APP_SECRET", "another"));

        Assert.Equal(1, await sample.EndedAsync());
        Assert.DoesNotContain("   at ", sample.Output, StringComparison.Ordinal);
        Assert.NotEqual("", sample.Errors);
    }
}
