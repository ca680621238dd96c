using System.Text.RegularExpressions;
using Larkspur.Emulator.State;

namespace Larkspur.EndToEnd.Tests.Processes;

public sealed partial class KilledGatewayTests
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
            for (var i = 0; i < count; i++)
            {
                try
                {
                    await emulator.WaitForMessageAsync($"chat={chat}&from=app&contains=message%20{i:00}.&timeout_ms=60000");
                }
                catch (TimeoutException)
                {
                    Assert.Fail(await DetailsAsync(emulator, gateway, $"message {i:00}."));
                }
            }

            var answers = emulator.State.Messages(chat).Where(m => m.SenderKind == SenderKind.App).Select(m => m.Rendered).ToArray();
            var numbers = answers.Select(a => Numbered().Match(a)).Where(m => m.Success).Select(m => int.Parse(m.Groups[1].Value)).ToArray();
            // Sorted: messages written while nobody listened come with the platform's first retry, after younger ones.
            Assert.Equal(Enumerable.Range(0, count), numbers.Order());
        }
        finally
        {
            await gateway.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    [GeneratedRegex(@"message (\d\d)\.")]
    private static partial Regex Numbered();

    /// <summary>What became of a message that has no answer: its pushes, and what the gateway recorded.</summary>
    private static async Task<string> DetailsAsync(EmulatorApp emulator, GatewayProcess gateway, string text)
    {
        var pushes = (await emulator.ControlAsync(HttpMethod.Get, "pushes?limit=500"))["pushes"]!.AsArray()
            .Where(p => p!["plain_body"]!.GetValue<string>().Contains(text, StringComparison.Ordinal))
            .Select(p => $"attempt {p!["attempt"]}: {p["status"]} {p["verdict"]}, next {p["next_attempt"]}").ToArray();
        var id = (await emulator.ControlAsync(HttpMethod.Get, "pushes?limit=500"))["pushes"]!.AsArray()
            .First(p => p!["plain_body"]!.GetValue<string>().Contains(text, StringComparison.Ordinal))!["event_id"]!.GetValue<string>();
        using var http = new HttpClient { BaseAddress = gateway.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", GatewayApp.ApiKey);
        var inbox = await http.GetStringAsync(new Uri($"/api/v1/inbox?event_id={id}", UriKind.Relative));
        return $"\"{text}\" has no answer.\npushes: {string.Join("; ", pushes)}\ninbox: {inbox}\ngateway:\n{gateway.Output}";
    }
}
