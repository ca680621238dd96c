using Larkspur.Emulator.World;

namespace Larkspur.EndToEnd.Tests.Processes;

public sealed class KilledGatewayTests
{
    [Fact]
    public async Task Every_message_is_answered_exactly_once_although_the_gateway_is_killed_three_times()
    {
        const int count = 24;
        var data = Directory.CreateTempSubdirectory("larkspur-killed-").FullName;
        await using var emulator = await EmulatorApp.StartAsync();
        var address = GatewayProcess.FreeAddress();
        var gateway = await GatewayProcess.StartAsync(emulator, address, data);
        try
        {
            await emulator.SetCallbackAsync(new Uri(address, "/webhook/feishu").ToString(), verify: true);
            var chat = "";
            for (var i = 0; i < count; i++)
            {
                var said = await emulator.ActAsync(new { @as = "alice", @do = "send", text = $"message {i:00}." });
                chat = said["chat_id"]!.GetValue<string>();
                if (i % 8 != 5) continue;

                // In the middle of whatever it is doing with the last few.
                await gateway.KillAsync();
                await gateway.DisposeAsync();
                gateway = await GatewayProcess.StartAsync(emulator, address, data);
            }

            // What was not acknowledged comes again, as the platform does it: after 15 s, 5 min, 1 h and 6 h.
            foreach (var wait in (TimeSpan[])[TimeSpan.FromSeconds(16), TimeSpan.FromMinutes(6), TimeSpan.FromHours(2)]) await emulator.AdvanceAsync(wait);
            for (var i = 0; i < count; i++) await emulator.WaitForMessageAsync($"chat={chat}&from=app&contains=message%20{i:00}.&timeout_ms=30000");

            var answers = emulator.World.Messages(chat).Where(m => m.SenderKind == SenderKind.App).Select(m => m.Rendered).ToArray();
            Assert.All(Enumerable.Range(0, count), i => Assert.Single(answers, a => a.Contains($"message {i:00}.", StringComparison.Ordinal)));
        }
        finally
        {
            await gateway.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }
}
