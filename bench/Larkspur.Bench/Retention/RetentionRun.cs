using System.Diagnostics;
using Larkspur.Bench.Backlog;
using Larkspur.Bench.Running;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Operations.Upkeep;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Bench.Retention;

/// <summary>One database whose oldest rows are due, and a gateway in this process that forgets them while it sends.</summary>
/// <param name="data">Its data folder.</param>
/// <param name="database">Its PostgreSQL database; empty: SQLite in the folder.</param>
internal sealed class RetentionRun(string data, string database)
{
    private const int MostOld = 300_000; // more than a round has time for
    private const int EventsAtOnce = 500;
    private const int FillAtOnce = 50_000;
    private const int Alone = 300;
    private const string Numbers = "WITH RECURSIVE n(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2)";
    private static readonly TimeSpan BetweenMessages = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly byte[] Payload = [.. Enumerable.Repeat((byte)'a', 500)];

    private readonly CountingChannel _channel = new();
    private int _sent;

    public async Task<RetentionResult> MeasureAsync(int rows, CancellationToken cancellation)
    {
        Directory.CreateDirectory(data);
        await using var gateway = WorkingGateway.Build(
            data, database, _channel, new Dictionary<string, string?> { ["Larkspur:Schedules:Enabled"] = "false" });
        await gateway.StartAsync(cancellation);
        await FillAsync(gateway.Services, rows, cancellation);

        var outbox = gateway.Services.GetRequiredService<IOutbox>();
        var alone = new List<double>();
        while (alone.Count < Alone) alone.Add(await SendAsync(outbox, cancellation));
        var begun = Stopwatch.GetTimestamp();
        var retention = gateway.Services.GetRequiredService<Gateway.Operations.Upkeep.Retention>();
        var forgetting = retention.RunAsync(cancellation);
        var meanwhile = new List<double>();
        while (!forgetting.IsCompleted) meanwhile.Add(await SendAsync(outbox, cancellation));
        var outcome = await forgetting;
        var took = Stopwatch.GetElapsedTime(begun);
        await gateway.StopAsync(cancellation);
        // "forgot 300000 messages and 300000 events": there is nothing else in this database.
        var forgotten = (outcome ?? "").Split(' ').Sum(static word => int.TryParse(word, out var count) ? count : 0);
        return new RetentionResult(forgotten, forgotten / took.TotalSeconds, Delays.Of(alone), Delays.Of(meanwhile));
    }

    private async Task<double> SendAsync(IOutbox outbox, CancellationToken cancellation)
    {
        await Task.Delay(BetweenMessages, cancellation);
        var at = Stopwatch.GetTimestamp();
        await outbox.QueueAsync(new(CountingChannel.Name, "default", $"beside {++_sent}",
            OutboxMessage.ToChat($"oc_{_sent % 50}", "text", """{"text":"beside"}""")), cancellation);
        await _channel.UntilAsync(_sent, Patience, cancellation);
        return Stopwatch.GetElapsedTime(at).TotalMilliseconds;
    }

    private static async Task FillAsync(IServiceProvider services, int rows, CancellationToken cancellation)
    {
        var database = services.GetRequiredService<IDatabase>();
        var store = services.GetRequiredService<IInboxStore>();
        var old = Math.Min(rows / 2, MostOld);
        var (longAgo, now) = (DateTimeOffset.UtcNow.AddDays(-31), DateTimeOffset.UtcNow);
        // As they came, so that their keys are what forgetting looks for.
        for (var from = 0; from < old; from += EventsAtOnce)
        {
            var events = Enumerable.Range(from, Math.Min(EventsAtOnce, old - from)).Select(i => Ended(i, longAgo)).ToArray();
            await database.TransactAsync(unit => store.AppendAsync(unit, events), cancellation);
        }

        await MessagesAsync(database, 0, old, longAgo, cancellation);
        Report.Say($"  {old:#,0} old rows in each table");
        await EventsAsync(database, old, rows, now, cancellation);
        await MessagesAsync(database, old, rows, now, cancellation);
        // As a server does by itself within a minute of such a load.
        if (database.Dialect == Dialect.Postgres) await database.TransactAsync(unit => unit.ExecuteAsync("ANALYZE"), cancellation);
        Report.Say($"  {rows:#,0} rows in each table");
    }

    private static NewEvent Ended(int number, DateTimeOffset at) => new(new InboundEvent
    {
        Platform = CountingChannel.Name,
        App = "default",
        EventId = $"old_{number}",
        EventType = "bench.old",
        OrderingKey = $"chat:oc_{number % 1000}",
        MessageId = $"om_{number}",
        ReceivedAt = at,
        Payload = Payload,
    }, null) { End = Outcome.Ignored("old") };

    private static async Task EventsAsync(IDatabase database, int from, int to, DateTimeOffset at, CancellationToken cancellation)
    {
        var key = database.Dialect == Dialect.Postgres ? "decode(md5(i::text), 'hex')" : "randomblob(16)";
        for (; from < to; from += FillAtOnce)
        {
            var (first, last) = (from, Math.Min(from + FillAtOnce, to) - 1);
            await database.TransactAsync(async unit =>
            {
                await unit.ExecuteAsync($$"""
                    {{Numbers}}
                    INSERT INTO inbox (platform, app, event_id, event_type, kind, ordering_key, payload, reference, received_at, partition,
                                       status, outcome, finished_at)
                    SELECT 'bench', 'default', 'ev_' || i, 'bench.new', 0, 'chat:oc_' || (i % 1000), $3, 'R' || i, $4, i % 64,
                           1, 'ignored', $4 FROM n
                    """, first, last, Payload, at.ToUnixTimeMilliseconds());
                await unit.ExecuteAsync($"{Numbers} INSERT INTO inbox_seen (seen, inbox_id) SELECT {key}, i FROM n", first, last);
            }, cancellation);
        }
    }

    private static async Task MessagesAsync(IDatabase database, int from, int to, DateTimeOffset at, CancellationToken cancellation)
    {
        for (; from < to; from += FillAtOnce)
        {
            var (first, last) = (from, Math.Min(from + FillAtOnce, to) - 1);
            await database.TransactAsync(async unit => await unit.ExecuteAsync($$"""
                {{Numbers}}
                INSERT INTO outbox (platform, app, lane, operation, target_type, target, message_type, content, idempotency_key,
                                    inbox_id, reference, not_before, created_at, partition, rank, status, finished_at)
                SELECT 'bench', 'default', 'oc_' || (i % 1000), 'create', 'chat_id', 'oc_' || (i % 1000), 'text', $3, 'key_' || i,
                       0, 'R' || i, $4, $4, i % 64, 2, 1, $4 FROM n
                """, first, last, """{"text":"a message that was sent, as long as such messages are, with a word or two for the length"}""",
                at.ToUnixTimeMilliseconds()), cancellation);
        }
    }
}

/// <summary>What was measured.</summary>
/// <param name="Forgotten">Rows of inbox and outbox.</param>
/// <param name="PerSecond">The same per second of the round, pauses included.</param>
/// <param name="Alone">Delays of messages before it.</param>
/// <param name="Meanwhile">Delays of messages during it.</param>
internal sealed record RetentionResult(int Forgotten, double PerSecond, Delays Alone, Delays Meanwhile);

/// <summary>Milliseconds.</summary>
internal sealed record Delays(double P50, double P99)
{
    public static Delays Of(List<double> delays)
    {
        delays.Sort();
        var sorted = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(delays);
        return new Delays(Statistics.Percentile(sorted, 0.5), Statistics.Percentile(sorted, 0.99));
    }
}
