using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>
/// A WeCom bot has one connection, and another process writes: its answer grows all the same, and whichever of the two is killed, the reader has one answer that is whole or says that it was interrupted.
/// </summary>
public sealed class KilledRelayTests : IAsyncLifetime
{
    private static readonly WeComSettings Corp = new();
    private readonly string[] _folders = [Directory.CreateTempSubdirectory("larkspur-relay-").FullName, Directory.CreateTempSubdirectory("larkspur-relay-").FullName];
    private EmulatorApp _emulator = null!;
    private PostgresServer _server = null!;
    private string _database = "";
    private GatewayProcess _holder = null!;
    private GatewayProcess _writer = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync(s => s with { WeCom = Corp });
        _server = await PostgresServer.SharedAsync();
        _database = await _server.CreateMigratedDatabaseAsync();
        // The first takes everything, the bot's connection too; the second gets the upper half of the partitions, where the first conversation is.
        _holder = await GatewayProcess.StartAsync(_emulator, GatewayProcess.FreeAddress(), _folders[0], Settings());
        _writer = await GatewayProcess.StartAsync(_emulator, GatewayProcess.FreeAddress(), _folders[1], Settings());
        await UntilAsync(async () => await SqlAsync("SELECT COUNT(DISTINCT node) FROM lease WHERE node IS NOT NULL") == "2"
            && (await WeComAsync())["connections"]!.AsArray().Any(c => c!["subscribed"]!.GetValue<bool>() && c["ended"] is null), "two at work, and the bot's connection");
    }

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        await _holder.DisposeAsync();
        await _emulator.DisposeAsync();
        foreach (var folder in _folders) Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task An_answer_grows_over_the_connection_of_the_other_process_and_says_that_it_was_interrupted_when_its_writer_is_killed()
    {
        await GrowsAsync();
        await _writer.KillAsync();
        await UntilAsync(async () => await AnswersAsync() is [var answer, ..] && IsFinished(answer) && TextOf(answer).Contains("interrupted", StringComparison.Ordinal), "an end that says what happened");
        await EndedOnceAsync();
        Assert.Equal("interrupted", await SqlAsync("SELECT ending FROM assistant_turn"));
    }

    [Fact]
    public async Task An_answer_is_whole_when_the_process_with_the_connection_is_killed()
    {
        await GrowsAsync();
        await _holder.KillAsync();
        await UntilAsync(async () => await AnswersAsync() is [var answer, ..] && IsFinished(answer) && TextOf(answer).EndsWith("Approver: Bob", StringComparison.Ordinal), "the whole answer");
        await EndedOnceAsync();
        Assert.Equal("finished", await SqlAsync("SELECT ending FROM assistant_turn"));
    }

    /// <summary>Asks, and sees the answer grow while the process without the connection writes it.</summary>
    private async Task GrowsAsync()
    {
        await _emulator.ActAsync(new { platform = "wecom", @as = "alice", @do = "send", text = "slowly please", to = "aibot" });
        var seen = new HashSet<string>();
        await UntilAsync(async () =>
        {
            if (await AnswersAsync() is [var answer] && !IsFinished(answer) && TextOf(answer).StartsWith("Questi", StringComparison.Ordinal)) seen.Add(TextOf(answer));
            return seen.Count >= 2;
        }, "an answer that grows");
        Assert.Equal("t", await SqlAsync("SELECT (SELECT begun_by FROM assistant_turn) <> (SELECT node FROM lease WHERE partition = 20)"));
        Assert.Equal("1", await SqlAsync("SELECT COUNT(*) FROM wecom_reply WHERE relay IS NOT NULL AND state = 0"));
    }

    /// <summary>The answer's stream, and the card with its buttons: once each, when nothing is left to be sent.</summary>
    private async Task EndedOnceAsync()
    {
        await UntilAsync(async () => await SqlAsync("SELECT COUNT(*) FROM wecom_reply WHERE state = 3") == "1", "nothing left to be sent");
        var answers = await AnswersAsync();
        Assert.Equal(["stream", "template_card"], answers.Select(a => a["msgtype"]!.GetValue<string>()));
    }

    private Dictionary<string, string> Settings() => new()
    {
        ["LARKSPUR_DB"] = _database, ["DIFY_BASE_URL"] = new Uri(_emulator.BaseUrl, "v1").ToString(), ["DIFY_API_KEY"] = "app-emulator-slow",
        ["WECOM_CORP_ID"] = Corp.CorpId, ["WECOM_AIBOT_ID"] = Corp.AiBotId, ["WECOM_AIBOT_SECRET"] = Corp.AiBotSecret, ["WECOM_BASE_URL"] = _emulator.BaseUrl.ToString(),
    };

    private Task<string> SqlAsync(string sql) => _server.SqlAsync(sql, _database[(_database.LastIndexOf('=') + 1)..]);

    private async Task<JsonObject> WeComAsync() => (await _emulator.StateAsync())["wecom"]!.AsObject();

    private async Task<JsonObject[]> AnswersAsync() => [.. (await WeComAsync())["messages"]!.AsArray().Select(m => m!.AsObject()).Where(m => m["sender"]!["type"]!.GetValue<string>() == "aibot")];

    private static bool IsFinished(JsonObject message) => message["stream"] is JsonObject stream && stream["finished"]!.GetValue<bool>();

    private static string TextOf(JsonObject message) => message["text"]!.GetValue<string>();

    private async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!await holds()) await ticks.WaitForNextTickAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            var answers = string.Join('\n', (await AnswersAsync()).Select(a => a.ToJsonString()));
            throw new TimeoutException($"Waited in vain for {what}.\n{answers}\n--- holder\n{Last(_holder.Output)}\n--- writer\n{Last(_writer.Output)}");
        }

        static string Last(string output) => output.Length <= 6000 ? output : output[^6000..];
    }
}
