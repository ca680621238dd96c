using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Emulator.State;
using Larkspur.Testing.Chaos;

namespace Larkspur.EndToEnd.Tests.Chaos;

/// <summary>The disk under SQLite is full for a while.</summary>
public sealed class FullDiskTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly string _data = Directory.CreateTempSubdirectory("larkspur-full-").FullName;

    [Fact]
    public async Task The_platform_is_asked_to_come_again_readiness_turns_red_and_with_room_everything_is_answered_once()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        var address = GatewayProcess.FreeAddress();
        // The runtime's own files (double-mapped code) shall not meet the bound.
        var settings = new Dictionary<string, string> { ["DOTNET_EnableWriteXorExecute"] = "0" };
        await using var gateway = GatewayProcess.Start(emulator, address, _data, settings, FullDisk.Through);
        await gateway.ReadyAsync(cancellation: TestContext.Current.CancellationToken);
        await emulator.SetCallbackAsync(new Uri(address, "/webhook/feishu").ToString(), verify: true);
        var chat = await SayAsync(emulator, "before");
        await emulator.WaitForMessageAsync($"chat={chat}&from=app&contains=before&timeout_ms=30000");

        // In the middle of the next page of the log: something is written, and not all of it.
        await FullDisk.BeginAsync(gateway.Id, new FileInfo(Path.Combine(_data, "larkspur.db-wal")).Length + 1000);
        string[] lost = ["first of the full disk", "second of the full disk", "third of the full disk"];
        foreach (var text in lost) await SayAsync(emulator, text);
        await ReadinessAsync(address, HttpStatusCode.ServiceUnavailable);
        var refused = await WaitForPushesAsync(emulator, pushes => pushes.Count(p => p.Status == 503) >= lost.Length);
        Assert.DoesNotContain(refused, p => p.Status == 200 && lost.Any(l => p.PlainBody.Contains(l, StringComparison.Ordinal)));

        await FullDisk.EndAsync(gateway.Id);
        await ReadinessAsync(address, HttpStatusCode.OK);
        await SayAsync(emulator, "after");
        await emulator.WaitForMessageAsync($"chat={chat}&from=app&contains=after&timeout_ms=30000");
        // Where the machine was so slow that the first retry met the full disk too, the second brings it, after 5 min.
        foreach (var wait in (TimeSpan[])[TimeSpan.FromSeconds(16), TimeSpan.FromMinutes(6)]) await emulator.AdvanceAsync(wait);
        foreach (var text in lost) await emulator.WaitForMessageAsync($"chat={chat}&from=app&contains={Uri.EscapeDataString(text)}&timeout_ms=30000");

        // The last word stands behind all that could still come twice.
        await SayAsync(emulator, "the end");
        await emulator.WaitForMessageAsync($"chat={chat}&from=app&contains={Uri.EscapeDataString("the end")}&timeout_ms=30000");
        var answers = emulator.State.Messages(chat).Where(m => m.SenderKind == SenderKind.App).Select(m => m.Rendered).ToArray();
        foreach (var text in (string[])["before", .. lost, "after", "the end"]) Assert.Single(answers, a => a.Contains(text, StringComparison.Ordinal));
        Assert.Equal(lost.Length + 3, answers.Length);
    }

    public void Dispose() => Directory.Delete(_data, recursive: true);

    private static async Task<string> SayAsync(EmulatorApp emulator, string text) =>
        (await emulator.ActAsync(new { @as = "alice", @do = "send", text }))["chat_id"]!.GetValue<string>();

    private static async Task<IReadOnlyList<PushAttempt>> WaitForPushesAsync(EmulatorApp emulator, Func<IReadOnlyList<PushAttempt>, bool> enough)
    {
        using var deadline = new CancellationTokenSource(Bound);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (true)
        {
            var pushes = emulator.State.Inspector.Pushes();
            if (enough(pushes)) return pushes;
            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static async Task ReadinessAsync(Uri address, HttpStatusCode wanted)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        using var deadline = new CancellationTokenSource(Bound);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            using var answer = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), deadline.Token);
            var checks = (await answer.Content.ReadFromJsonAsync<JsonElement>(deadline.Token)).GetProperty("checks").EnumerateArray();
            var database = checks.Single(c => c.GetProperty("name").GetString() == "database").GetProperty("ok").GetBoolean();
            if (answer.StatusCode == wanted && database == (wanted == HttpStatusCode.OK)) return;
            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }
}
