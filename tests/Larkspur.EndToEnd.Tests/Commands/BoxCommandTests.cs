using System.Text.Json;
using Larkspur.EndToEnd.Tests.Processes;

namespace Larkspur.EndToEnd.Tests.Commands;

/// <summary><c>larkspur inbox</c> and <c>larkspur outbox</c> as processes, against a real gateway with one event that failed and one message that was refused.</summary>
public sealed class BoxCommandTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-box-").FullName;
    private EmulatorApp _emulator = null!;
    private GatewayApp _gateway = null!;
    private long _event;
    private long _message;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString(), new Dictionary<string, string?>
        {
            ["FEISHU_APP_ID"] = EmulatorApp.DefaultApp.AppId,
            ["FEISHU_APP_SECRET"] = EmulatorApp.DefaultApp.AppSecret,
            ["FEISHU_ENCRYPT_KEY"] = EmulatorApp.DefaultApp.EncryptKey,
            ["FEISHU_VERIFICATION_TOKEN"] = EmulatorApp.DefaultApp.VerificationToken,
        });
        // No attempt can read it; and the chat in which that is to be told does not exist.
        var pushed = await _emulator.ControlAsync(HttpMethod.Post, "push", new
        {
            type = "im.message.receive_v1", callback_url = new Uri(_gateway.Address, "/webhook/feishu").ToString(), @event = new { chat_id = "oc_nowhere", message = "no object" },
        });
        _event = (await _gateway.OutcomeAsync(pushed["event_id"]!.GetValue<string>())).GetProperty("id").GetInt64();
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (_message == 0)
        {
            await ticks.WaitForNextTickAsync(deadline.Token);
            var dead = JsonSerializer.Deserialize<JsonElement>(await _gateway.Http.GetStringAsync(new Uri("/api/v1/outbox?status=dead", UriKind.Relative), deadline.Token)).GetProperty("items");
            if (dead.GetArrayLength() > 0) _message = dead[0].GetProperty("id").GetInt64();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_dead_letter_is_found_looked_at_replayed_and_discarded()
    {
        var (code, list) = await RunAsync("inbox", "list", "--status", "dead");
        Assert.Equal(0, code);
        Assert.Matches($@"(?m)^\s*{_event}\s+\d\d-\d\d \d\d:\d\d:\d\d\s+dead\s+im\.message\.receive_v1\s+1\s+failed_told", list);

        (code, var details) = await RunAsync("inbox", "show", $"{_event}");
        Assert.Equal(0, code);
        Assert.Contains("dead, attempt 1", details, StringComparison.Ordinal);
        Assert.Contains("UnreadableEventException", details, StringComparison.Ordinal);
        Assert.Contains($"outbox row {_message}", details, StringComparison.Ordinal);
        Assert.DoesNotContain("no object", details, StringComparison.Ordinal);
        Assert.Contains("no object", (await RunAsync("inbox", "show", $"{_event}", "--payload")).Output, StringComparison.Ordinal);

        Assert.Equal((0, $"Inbox row {_event} is open again."), await LineAsync("inbox", "replay", $"{_event}"));
        await _gateway.Http.GetStringAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken);
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await _gateway.CounterAsync("larkspur_inbox_dead_total") < 2) await ticks.WaitForNextTickAsync(deadline.Token);
        Assert.Equal((0, "1 dead letter is open again."), await LineAsync("inbox", "replay", "--all", "--type", "im.message.receive_v1", "--since", "2020-01-01"));
        while (await _gateway.CounterAsync("larkspur_inbox_dead_total") < 3) await ticks.WaitForNextTickAsync(deadline.Token);
        Assert.Equal((0, $"Inbox row {_event} is discarded."), await LineAsync("inbox", "discard", $"{_event}"));
        (code, var json) = await RunAsync("inbox", "show", $"{_event}", "--json");
        Assert.Equal(0, code);
        var what = JsonSerializer.Deserialize<JsonElement>(json).GetProperty("history").EnumerateArray().Select(l => l.GetProperty("what").GetString());
        Assert.Equal(["dead", "replayed", "dead", "replayed", "dead", "discarded"], what);
    }

    [Fact]
    public async Task A_message_that_did_not_leave_is_found_and_discarded()
    {
        var (code, json) = await RunAsync("outbox", "list", "--status", "overdue", "--json");
        Assert.Equal(0, code);
        Assert.Contains(_message, Ids(json));
        (code, var table) = await RunAsync("outbox", "list");
        Assert.Equal(0, code);
        Assert.Contains("oc_nowhere", table, StringComparison.Ordinal);
        Assert.Equal((0, $"Outbox row {_message} is discarded."), await LineAsync("outbox", "discard", $"{_message}"));
        var (refused, sentence) = await LineAsync("outbox", "replay", $"{_message}");
        Assert.Equal(1, refused);
        Assert.StartsWith("larkspur: only dead", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain(_message, Ids((await RunAsync("outbox", "list", "--status", "dead", "--json")).Output));
        Assert.Equal((0, "None."), await LineAsync("outbox", "list", "--app", "nobody"));
    }

    [Theory]
    [InlineData(1, "there is no such row", "inbox", "show", "424242")]
    [InlineData(1, "there is no such row", "outbox", "replay", "424242")]
    [InlineData(2, "--all", "inbox", "replay")]
    [InlineData(2, "--all", "inbox", "replay", "1", "--all")]
    [InlineData(2, "--all", "inbox", "replay", "1", "--app", "hr")]
    [InlineData(2, "lost", "inbox", "list", "--status", "lost")]
    [InlineData(2, "not a time", "inbox", "list", "--since", "yesterday")]
    [InlineData(2, "--limit is", "outbox", "list", "--limit", "0")]
    [InlineData(2, "seven", "outbox", "discard", "seven")]
    public async Task What_cannot_be_done_is_said_with_its_exit_code(int code, string sentence, params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(arguments);
        Assert.Contains(sentence, output, StringComparison.Ordinal);
        Assert.Equal(code, exitCode);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_there_and_a_wrong_key_are_said_apart()
    {
        var (code, output) = await RunAsync(["inbox", "list", "--url", GatewayProcess.FreeAddress().ToString()]);
        Assert.Equal(3, code);
        Assert.Contains("cannot be reached", output, StringComparison.Ordinal);
        (code, output) = await RunAsync(["inbox", "list"], key: "a-wrong-key-0123456789");
        Assert.Equal(3, code);
        Assert.Contains("does not take this LARKSPUR_API_KEY", output, StringComparison.Ordinal);
        (code, output) = await RunAsync(["outbox", "list"], key: "");
        Assert.Equal(3, code);
        Assert.Contains("set LARKSPUR_API_KEY", output, StringComparison.Ordinal);
    }

    private static IEnumerable<long> Ids(string json) => JsonSerializer.Deserialize<JsonElement>(json).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetInt64());

    private Task<(int ExitCode, string Output)> RunAsync(params string[] arguments) => RunAsync(arguments, GatewayApp.ApiKey);

    private Task<(int ExitCode, string Output)> RunAsync(string[] arguments, string key) =>
        ToolProcess.AnyAsync("dotnet", [Path.Combine(AppContext.BaseDirectory, "larkspur.dll"), .. arguments],
            new Dictionary<string, string> { ["LARKSPUR_GATEWAY_URLS"] = _gateway.Address.ToString() + ";http://127.0.0.1:1", ["LARKSPUR_API_KEY"] = key }, _folder);

    private async Task<(int ExitCode, string Line)> LineAsync(params string[] arguments)
    {
        var (exitCode, output) = await RunAsync(arguments);
        return (exitCode, output.Trim());
    }
}
