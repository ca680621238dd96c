using System.Diagnostics;
using System.Globalization;
using Larkspur.Bench.Running;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Bench.Backlog;

/// <summary>One database with a backlog, and a gateway in this process that works on it; the platform answers at once.</summary>
/// <param name="data">Its data folder.</param>
/// <param name="database">Its PostgreSQL database; empty: SQLite in the folder.</param>
internal sealed class BacklogRun(string data, string database)
{
    private const int FillAtOnce = 20_000;
    private const int RowsOfAPausedChat = 10;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly CountingChannel _channel = new();

    public async Task<BacklogResult> MeasureAsync(BacklogKind kind, int waiting, int messages, CancellationToken cancellation)
    {
        Directory.CreateDirectory(data);
        await using (var idle = Gateway(works: false))
        {
            await idle.StartAsync(cancellation);
            await FillAsync(idle.Services.GetRequiredService<IDatabase>(), kind, waiting, cancellation);
            await idle.StopAsync(cancellation);
        }

        await using var gateway = Gateway(works: true);
        await gateway.StartAsync(cancellation);
        using var metrics = new Metrics(gateway.Urls.First());
        var counter = kind == BacklogKind.DeepEvents ? "larkspur_inbox_rows_read_total" : "larkspur_outbox_rows_read_total";
        if (kind == BacklogKind.BesidePaused) await metrics.SettleAsync(counter, waiting, Patience, cancellation);
        else await _channel.UntilAsync(1, Patience, cancellation);

        var before = (Done: _channel.Count, Rows: await metrics.SumAsync(counter, cancellation), Cpu: Cpu(), At: Stopwatch.GetTimestamp());
        if (kind == BacklogKind.BesidePaused)
        {
            var outbox = gateway.Services.GetRequiredService<IOutbox>();
            for (var i = 0; i < messages; i++)
            {
                await outbox.QueueAsync(Message(i), cancellation);
                await _channel.UntilAsync(before.Done + i + 1, Patience, cancellation);
            }
        }

        await _channel.UntilAsync(before.Done + messages, Patience, cancellation);
        var done = _channel.Count - before.Done;
        var result = new BacklogResult(
            Stopwatch.GetElapsedTime(before.At).TotalMilliseconds / done, (Cpu() - before.Cpu).TotalMilliseconds / done,
            (await metrics.SumAsync(counter, cancellation) - before.Rows) / done, GC.GetTotalMemory(forceFullCollection: true) / 1e6);
        await gateway.StopAsync(cancellation);
        return result;
    }

    private WebApplication Gateway(bool works) => WorkingGateway.Build(data, database, _channel,
        new Dictionary<string, string?> { ["Larkspur:Dispatch:Enabled"] = $"{works}", ["Larkspur:Outbox:Enabled"] = $"{works}" },
        builder => builder.Services.AddSingleton(new EventRoute(CountingChannel.Name, "bench.counted", (_, _) =>
        {
            _channel.Counted();
            return ValueTask.FromResult(Reaction.Ignore("counted"));
        })));

    /// <summary>The rows as the gateway writes them, many at once: a million one by one would take longer than what is measured.</summary>
    private static async Task FillAsync(IDatabase database, BacklogKind kind, int waiting, CancellationToken cancellation)
    {
        var now = DateTimeOffset.UtcNow;
        for (var from = 0; from < waiting; from += FillAtOnce)
        {
            var (first, last) = (from, Math.Min(from + FillAtOnce, waiting) - 1);
            const string numbers = "WITH RECURSIVE n(i) AS (SELECT CAST($1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $2)";
            await database.TransactAsync(async unit =>
            {
                if (kind == BacklogKind.DeepEvents)
                {
                    await unit.ExecuteAsync($$"""
                        {{numbers}}
                        INSERT INTO inbox (platform, app, event_id, event_type, kind, ordering_key, payload, reference, received_at, partition)
                        SELECT 'bench', 'default', 'ev_' || i, 'bench.counted', 0, 'chat:deep', $3, 'R' || i, $4, 7 FROM n
                        """, first, last, "{}"u8.ToArray(), now.ToUnixTimeMilliseconds());
                    return;
                }

                var lane = kind == BacklogKind.DeepMessages ? "'oc_deep'" : $"'oc_paused_' || (i / {RowsOfAPausedChat})";
                var notBefore = kind == BacklogKind.DeepMessages ? now : now + CountingChannel.LongestPause / 2;
                await unit.ExecuteAsync($$"""
                    {{numbers}}
                    INSERT INTO outbox (platform, app, lane, operation, target_type, target, message_type, content, idempotency_key,
                                        inbox_id, reference, not_before, created_at, partition, rank)
                    SELECT 'bench', 'default', {{lane}}, 'create', 'chat_id', {{lane}}, 'text', $3, 'key_' || i, 0, 'R' || i, $4, $5, 7, 2 FROM n
                    """, first, last, """{"text":"waiting"}""", notBefore.ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
            }, cancellation);
        }
    }

    private static QueuedMessage Message(int number) => new(CountingChannel.Name, "default", $"beside {number}",
        OutboxMessage.ToChat($"oc_{number % 50}", "text", """{"text":"beside"}""") with { Priority = OutboxPriority.Bulk });

    private static TimeSpan Cpu()
    {
        using var self = Process.GetCurrentProcess();
        return self.TotalProcessorTime;
    }

    private sealed class Metrics(string address) : IDisposable
    {
        private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });

        public void Dispose() => _http.Dispose();

        public async Task<double> SumAsync(string metric, CancellationToken cancellation) =>
            (await _http.GetStringAsync(new Uri(address + "/metrics"), cancellation)).Split('\n')
            .Where(line => line.StartsWith(metric, StringComparison.Ordinal) && line.Length > metric.Length && line[metric.Length] is '{' or ' ')
            .Sum(line => double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));

        /// <summary>Waits until the start has read what waits, and reads no more.</summary>
        public async Task SettleAsync(string metric, double atLeast, TimeSpan atMost, CancellationToken cancellation)
        {
            var last = -1.0;
            for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < atMost; await Task.Delay(500, cancellation))
            {
                var rows = await SumAsync(metric, cancellation);
                if (rows >= atLeast && rows.Equals(last)) return;
                last = rows;
            }

            throw new BenchException($"the start has read {last:#,0} of {atLeast:#,0} rows in {atMost.TotalMinutes:0} minutes");
        }
    }
}

/// <summary>What waits.</summary>
internal enum BacklogKind
{
    /// <summary>Messages to one chat, of which some are sent.</summary>
    DeepMessages,

    /// <summary>Events of one chat, of which some are handled.</summary>
    DeepEvents,

    /// <summary>Messages of many chats whose next attempt is later, beside others that are sent at once.</summary>
    BesidePaused,
}

/// <summary>What was measured, for each message.</summary>
/// <param name="Milliseconds">Time.</param>
/// <param name="CpuMilliseconds">Processor time of the gateway.</param>
/// <param name="RowsRead">Rows read from the table into memory.</param>
/// <param name="Memory">Megabytes held at the end.</param>
internal sealed record BacklogResult(double Milliseconds, double CpuMilliseconds, double RowsRead, double Memory);
