using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Larkspur.Emulator.State;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur events tail</c>, over a restart of the gateway.</summary>
public sealed class EventsTailTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-tail-").FullName;
    private readonly Uri _address = GatewayProcess.FreeAddress();
    private readonly List<JsonElement> _seen = [];
    private EmulatorApp _emulator = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _gateway = await StartGatewayAsync();
        await _emulator.SetCallbackAsync(new Uri(_address, "/webhook/feishu").ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Every_event_comes_once_and_CtrlC_is_a_good_end()
    {
        var first = await SayAsync("first");
        using var tail = Cli.Start("dotnet", [Cli.Program, "events", "tail", "--since", "1h", "--type", "im.message.receive_v1", "--payload", "--json"], _folder, _address.ToString());
        List<string> said = [];
        try
        {
            // Whoever looks at it knows that it waits, and for what; that the gateway was away and came back; and that it ended well.
            await SaysAsync(tail, said, $"^larkspur: waiting for im\\.message\\.receive_v1 events at {Regex.Escape(_address.ToString())}, from .* on\\. Ctrl\\+C ends it\\.$");
            await SeesAsync(tail, first);
            await _gateway.StopAsync();
            await SaysAsync(tail, said, "Waiting for it to come back\\.$");
            _gateway = await StartGatewayAsync();
            var second = await SayAsync("second");
            var third = await SayAsync("third");
            await SeesAsync(tail, third);
            Assert.Equal([first, second, third], _seen.Select(e => e.GetProperty("message_id").GetString()));
            Assert.Equal(3, _seen.Select(e => e.GetProperty("event_id").GetString()).Distinct().Count());
            Assert.All(_seen, e => Assert.Equal(JsonValueKind.Object, e.GetProperty("event").ValueKind));

            using var interrupt = Process.Start("kill", ["-s", "INT", $"{tail.Id}"]);
            await tail.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
            Assert.Equal(0, tail.ExitCode);
            await SaysAsync(tail, said, "^larkspur: ended after 3 events\\.$");
            Assert.Contains("larkspur: the gateway is back.", said);
            Assert.Equal(4, said.Count);
        }
        finally
        {
            if (!tail.HasExited) tail.Kill();
        }

        var plain = (await Cli.RunAsync(["events", "tail", "--since", "1h", "--limit", "1"], _folder, _address.ToString())).Is(0, first);
        Assert.Single(plain.Output.Trim().Split('\n'));
        (await Cli.RunAsync(["events", "tail"], _folder, GatewayProcess.FreeAddress().ToString())).Is(3, "cannot be reached");
        (await Cli.RunAsync(["events", "tail"], _folder, _address.ToString(), key: "a-wrong-key-0123456789")).Is(3, "does not take");
    }

    [Fact]
    public async Task The_cursor_is_of_now_without_a_beginning_and_only_grows()
    {
        await UntilAsync("since=2020-01-01", await SayAsync("before"));
        var now = await AskAsync("");
        Assert.Equal(0, now.GetProperty("items").GetArrayLength());
        var said = await SayAsync("after");
        var page = await UntilAsync("cursor=" + now.GetProperty("cursor").GetString(), said);
        Assert.Equal([said], page.GetProperty("items").EnumerateArray().Where(i => i.GetProperty("event_type").GetString() == "im.message.receive_v1").Select(i => i.GetProperty("message_id").GetString()));
        var after = await AskAsync("cursor=" + page.GetProperty("cursor").GetString());
        Assert.True(long.Parse(after.GetProperty("cursor").GetString()!) >= long.Parse(page.GetProperty("cursor").GetString()!));

        var one = await AskAsync("since=2020-01-01&limit=1");
        Assert.True(one.GetProperty("more").GetBoolean());
        Assert.Equal(1, one.GetProperty("items").GetArrayLength());
        foreach (var bad in (string[])["cursor=x", "limit=0", "limit=201", "since=yesterday"])
        {
            using var refused = await _gateway.Http.GetAsync(new Uri("/api/v1/events?" + bad, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(400, (int)refused.StatusCode);
        }
    }

    private Task<GatewayApp> StartGatewayAsync() => GatewayApp.StartAsync(_emulator.BaseUrl.ToString(), new Dictionary<string, string?> { ["LARKSPUR_GATEWAY_URLS"] = _address.ToString() }, _folder);

    private async Task<string> SayAsync(string text) =>
        (await _emulator.ActAsync(new { @as = "alice", @do = "send", chat = SeededCompany.PurchasingChat, text }))["message_id"]!.GetValue<string>();

    private async Task<JsonElement> AskAsync(string query) =>
        JsonSerializer.Deserialize<JsonElement>(await _gateway.Http.GetStringAsync(new Uri("/api/v1/events?" + query, UriKind.Relative), TestContext.Current.CancellationToken));

    private async Task<JsonElement> UntilAsync(string query, string messageId)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromMinutes(2));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await ticks.WaitForNextTickAsync(deadline.Token))
        {
            var page = await AskAsync(query);
            if (page.GetProperty("items").EnumerateArray().Any(i => i.GetProperty("message_id").GetString() == messageId)) return page;
        }

        throw new TimeoutException();
    }

    private async Task SeesAsync(Process tail, string messageId)
    {
        while (_seen.All(e => e.GetProperty("message_id").GetString() != messageId))
        {
            var line = await tail.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken)
                ?? throw new InvalidOperationException("The tail has ended.");
            _seen.Add(JsonSerializer.Deserialize<JsonElement>(line));
        }
    }

    /// <summary>Reads the error stream until a line is as it is to be.</summary>
    private static async Task SaysAsync(Process tail, List<string> said, string pattern)
    {
        do
        {
            said.Add(await tail.StandardError.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken)
                ?? throw new InvalidOperationException($"The tail has ended without saying {pattern}: {string.Join('\n', said)}"));
        }
        while (!Regex.IsMatch(said[^1], pattern));
    }
}
