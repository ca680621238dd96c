using System.Text.RegularExpressions;
using Larkspur.Emulator.State;

namespace Larkspur.EndToEnd.Tests.LongConnection;

/// <summary>The gateway as a process, its events over the long connection, killed while events are in its hands.</summary>
public sealed partial class KilledConnectionTests
{
    [Fact]
    public async Task Every_message_is_answered_exactly_once_although_the_process_is_killed_and_the_connection_cut_in_between()
    {
        const int count = 24;
        var data = Directory.CreateTempSubdirectory("larkspur-killed-ws-").FullName;
        await using var emulator = await EmulatorApp.StartAsync();
        await emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "configure", ping_interval = 60, reconnect_interval = 1, reconnect_nonce = 0 });
        await emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { event_mode = "long_connection", callback_mode = "long_connection" });
        var address = GatewayProcess.FreeAddress();
        // Without comparison of history: the platform's repetitions alone have to bring everything.
        var settings = new Dictionary<string, string>
        {
            ["FEISHU_EVENT_MODE"] = "long_connection", ["FEISHU_ENCRYPT_KEY"] = "", ["FEISHU_VERIFICATION_TOKEN"] = "", ["Larkspur__Gaps__Enabled"] = "false",
        };
        var gateway = await GatewayProcess.StartAsync(emulator, address, data, settings);
        try
        {
            var chat = "";
            for (var i = 0; i < count; i++)
            {
                chat = (await emulator.ActAsync(new { @as = "alice", @do = "send", text = $"message {i:00}." }))["chat_id"]!.GetValue<string>();
                if (i % 8 == 2) await emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "abort" });
                if (i % 8 != 5) continue;

                // In the middle of whatever it is doing with the last few.
                await gateway.KillAsync();
                await gateway.DisposeAsync();
                gateway = await GatewayProcess.StartAsync(emulator, address, data, settings);
            }

            foreach (var wait in (TimeSpan[])[TimeSpan.FromSeconds(16), TimeSpan.FromMinutes(6), TimeSpan.FromHours(2), TimeSpan.FromHours(7)])
            {
                await ConnectedAsync(emulator);
                await emulator.AdvanceAsync(wait);
            }

            for (var i = 0; i < count; i++)
            {
                var found = await emulator.ControlAsync(HttpMethod.Get, $"wait?chat={chat}&from=app&contains=message%20{i:00}.&timeout_ms=20000");
                Assert.True(found["found"]!.GetValue<bool>(), $"message {i:00} has no answer; gateway:\n{gateway.Output}");
            }

            var answers = emulator.State.Messages(chat).Where(m => m.SenderKind == SenderKind.App).Select(m => Numbered().Match(m.Rendered)).Where(m => m.Success).Select(m => int.Parse(m.Groups[1].Value));
            Assert.Equal(Enumerable.Range(0, count), answers.Order());
        }
        finally
        {
            await gateway.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task ConnectedAsync(EmulatorApp emulator)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while ((await emulator.ControlAsync(HttpMethod.Get, "connections"))["connections"]!.AsArray().Count == 0) await ticks.WaitForNextTickAsync(deadline.Token);
    }

    [GeneratedRegex(@"message (\d\d)\.")]
    private static partial Regex Numbered();
}
