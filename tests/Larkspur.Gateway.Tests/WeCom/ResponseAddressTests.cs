using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.WeCom;

/// <summary>The address at which a message of a bot by callback may be answered once more: readable to nobody, called nowhere else, and used when the stream is not asked for.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ResponseAddressTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await EmulatorApp.StartAsync(s => s with { WeCom = WeComFixture.Corp });

    public async ValueTask DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task A_stream_whose_first_answer_never_arrived_is_not_waited_for_until_its_time_is_over()
    {
        await using var fixture = await StartAsync();
        await using var lossy = await LoseAnswersAsync(fixture);
        fixture.Assistant.Script = (_, answer) => fixture.Assistant.FinishAsync(answer, new AnswerEnd("答案"));
        await fixture.SayAsync("听得到吗");
        await WholeAsync(fixture);
        Assert.Empty(await fixture.WrittenAsync());

        await _emulator.AdvanceAsync(TimeSpan.FromSeconds(31));
        var written = Assert.Single(await fixture.WaitAsync("aibot", all => all.Count > 0, "the answer by the response address"));
        Assert.Equal(("markdown", "答案"), (written["msgtype"]!.GetValue<string>(), WeComFixture.TextOf(written)));
        Assert.Empty(await fixture.WrittenAsync("app"));
        // Who asks after all is told that it came another way.
        var stream = await fixture.Assistant.Database.ReadAsync(sql => sql.FirstAsync("SELECT stream_id FROM wecom_reply", row => row.GetString(0)), TestContext.Current.CancellationToken);
        var poll = await PushAsync("stream", new JsonObject { ["stream"] = new JsonObject { ["id"] = stream } }, fixture);
        Assert.Contains("\"finish\":true", poll["reply"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain("答案", poll["reply"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrLarkspurPurchasing0000000000001")]
    public async Task An_answer_whose_acknowledgement_was_lost_is_shown_once_and_counts_as_sent(string? chat)
    {
        await using var fixture = await StartAsync();
        await using var lossy = await LoseAnswersAsync(fixture);
        await FaultAsync(new { path = Response, reply = "drop", count = 1 });
        fixture.Assistant.Script = (_, answer) => fixture.Assistant.FinishAsync(answer, new AnswerEnd("答案"));
        await fixture.SayAsync("@Larkspur 听得到吗", chat: chat);
        await WholeAsync(fixture);

        await _emulator.AdvanceAsync(TimeSpan.FromSeconds(31));
        await fixture.UntilAsync(async () => (await OutboxAsync(fixture)).All(status => status != 0), "the end of the answer's row");
        Assert.Equal([1], await OutboxAsync(fixture));
        Assert.Equal("答案", WeComFixture.TextOf(Assert.Single(await fixture.WrittenAsync())));
        Assert.Empty(await fixture.WrittenAsync("app"));
    }

    [Fact]
    public async Task A_refusal_that_nothing_was_in_doubt_before_is_no_answer()
    {
        await using var fixture = await StartAsync();
        await using var lossy = await LoseAnswersAsync(fixture);
        await FaultAsync(new { path = Response, reply = 400, code = 45009, count = 1 });
        await FaultAsync(new { path = Response, reply = 400, code = 60140, count = 1 });
        fixture.Assistant.Script = (_, answer) => fixture.Assistant.FinishAsync(answer, new AnswerEnd("答案"));
        await fixture.SayAsync("听得到吗");
        await WholeAsync(fixture);

        await _emulator.AdvanceAsync(TimeSpan.FromSeconds(31));
        await fixture.UntilAsync(async () =>
        {
            // What was too fast waits for a minute.
            await _emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
            return (await fixture.WrittenAsync("app")).Count == 1;
        }, "the answer by the application");
        Assert.Empty(await fixture.WrittenAsync());
    }

    [Fact]
    public async Task No_row_holds_the_address_in_readable_form()
    {
        const string secret = "a-code-that-nobody-may-read";
        await using var fixture = await StartAsync(scripted: false);
        await PushAsync("text", Message($"{_emulator.BaseUrl}cgi-bin/aibot/response?response_code={secret}"), fixture);
        await WholeAsync(fixture);

        var database = fixture.Gateway.Services.GetRequiredService<IDatabase>();
        var tables = await database.ReadAsync(sql => sql.QueryAsync(database.Dialect == Dialect.Sqlite
            ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'" : "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'", row => row.GetString(0)), TestContext.Current.CancellationToken);
        var (readable, sealedIn) = (new List<string>(), new List<string>());
        foreach (var table in tables)
        {
            var rows = await database.ReadAsync(sql => sql.QueryAsync($"SELECT * FROM {table}", row => string.Join('\n', Enumerable.Range(0, row.FieldCount).Select(i => TextOf(row.GetValue(i))))), TestContext.Current.CancellationToken);
            if (rows.Any(r => r.Contains(secret, StringComparison.Ordinal))) readable.Add(table);
            if (rows.Any(r => r.Contains("response_seal", StringComparison.Ordinal))) sealedIn.Add(table);
        }

        Assert.Empty(readable);
        Assert.Superset(new HashSet<string> { "inbox", "assistant_turn", "outbox" }, sealedIn.ToHashSet());
        Assert.DoesNotContain(secret, fixture.Gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/cgi-bin/aibot/response?response_code=x")]
    [InlineData("http://localhost:{0}/cgi-bin/aibot/response?response_code=x")]
    [InlineData("http://qyapi.weixin.qq.com@127.0.0.1:{0}/cgi-bin/aibot/response?response_code=x")]
    public async Task An_address_elsewhere_is_not_called(string address)
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        await using var fixture = await StartAsync();
        fixture.Assistant.Script = (_, answer) => fixture.Assistant.FinishAsync(answer, new AnswerEnd("答案"));
        await PushAsync("text", Message(string.Format(System.Globalization.CultureInfo.InvariantCulture, address, ((IPEndPoint)elsewhere.LocalEndpoint).Port)), fixture);
        await WholeAsync(fixture);

        await _emulator.AdvanceAsync(TimeSpan.FromSeconds(31));
        var written = Assert.Single(await fixture.WaitAsync("app", all => all.Count > 0, "the answer by the application"));
        Assert.Equal("答案", WeComFixture.TextOf(written));
        Assert.False(elsewhere.Pending(), "Somebody else's address was called.");
    }

    [Fact]
    public async Task A_seal_that_was_tampered_with_is_not_called()
    {
        await using var fixture = await StartAsync();
        await using var lossy = await LoseAnswersAsync(fixture);
        fixture.Assistant.Arrives = message =>
        {
            var extra = JsonNode.Parse(message.Reply.Extra!)!;
            var seal = extra["response_seal"]!.GetValue<string>();
            extra["response_seal"] = seal[..^8] + (seal[^8] == 'A' ? 'B' : 'A') + seal[^7..];
            return message with { Reply = message.Reply with { Extra = extra.ToJsonString() } };
        };
        fixture.Assistant.Script = (_, answer) => fixture.Assistant.FinishAsync(answer, new AnswerEnd("答案"));
        await fixture.SayAsync("听得到吗");
        await WholeAsync(fixture);

        await _emulator.AdvanceAsync(TimeSpan.FromSeconds(31));
        await fixture.WaitAsync("app", all => all.Count > 0, "the answer by the application");
        Assert.Empty(await fixture.WrittenAsync());
    }

    private const string Response = "/cgi-bin/aibot/response";

    private Task FaultAsync(object fault) => _emulator.ControlAsync(HttpMethod.Post, "faults", fault);

    private static Task<List<int>> OutboxAsync(WeComFixture fixture) => fixture.Assistant.Database.ReadAsync(sql => sql.QueryAsync("SELECT status FROM outbox", row => row.GetInt32(0)));

    private Task<WeComFixture> StartAsync(bool scripted = true) =>
        WeComFixture.StartAsync(scripted ? WeComFixture.Polled : WeComFixture.PolledWithDify, _emulator, _emulator.State.Clock, scripted: scripted);

    private static async Task<OneWayAddress> LoseAnswersAsync(WeComFixture fixture)
    {
        var lossy = await OneWayAddress.StartAsync(fixture.Gateway.Address);
        await fixture.ActAsync(new { platform = "wecom", @do = "set_callback", of = "aibot", url = new Uri(lossy.Address, "/webhook/wecom").ToString(), verify = false });
        return lossy;
    }

    /// <summary>By hand, so that nobody asks for the stream.</summary>
    private Task<JsonObject> PushAsync(string type, JsonObject happened, WeComFixture fixture) => _emulator.ControlAsync(HttpMethod.Post, "push",
        new { platform = "wecom-aibot", transport = "webhook", callback_url = new Uri(fixture.Gateway.Address, "/webhook/wecom").ToString(), type, @event = happened });

    private static JsonObject Message(string address) => new() { ["response_url"] = address, ["text"] = new JsonObject { ["content"] = "预算还有多少？" } };

    /// <summary>Waits until the answer is whole; its row then waits to be asked for.</summary>
    private static Task WholeAsync(WeComFixture fixture) => fixture.UntilAsync(async () =>
        await fixture.Gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.NumberAsync("SELECT COUNT(*) FROM wecom_reply WHERE state = 1")) == 1, "the whole answer");

    private static string TextOf(object? value) => value switch { byte[] bytes => Encoding.UTF8.GetString(bytes), _ => value?.ToString() ?? "" };
}
