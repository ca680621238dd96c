using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Larkspur.Bench.Running;
using Larkspur.Emulator;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Hosting;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Bench.Shaping;

/// <summary>One run: the emulator refuses what is too fast, the gateway sends as fast as it may. Both hosts run here, and speak over HTTP.</summary>
internal static class ShapingRun
{
    private const int Receivers = 200;
    private const int AnswersPerHundred = 1;

    public static async Task<ShapingResult> RunAsync(Tenant tenant, int messages, string data, CancellationToken cancellation)
    {
        Directory.CreateDirectory(data);
        await using var emulator = StartEmulator(tenant);
        await emulator.StartAsync(cancellation);
        var chats = Chats(emulator);
        await using var gateway = StartGateway(tenant, emulator.Urls.First(), data);
        await gateway.StartAsync(cancellation);
        await SettleAsync(gateway, cancellation);

        var outbox = gateway.Services.GetRequiredService<IOutbox>();
        var database = gateway.Services.GetRequiredService<IDatabase>();
        var started = Stopwatch.GetTimestamp();
        await QueueAsync(outbox, database, chats, messages, cancellation);
        var answers = messages * AnswersPerHundred / 100;
        await AnswerAsync(outbox, chats, answers, TimeSpan.FromSeconds(messages / tenant.PerSecond / (answers + 1)), cancellation);
        await EndAsync(database, messages + answers, cancellation);

        // From the first to the last: when the rows were recorded is the database's business.
        var took = (await RowsAsync(database, "SELECT MAX(finished_at) - MIN(created_at) FROM outbox", cancellation))[0];
        var delays = await RowsAsync(database, "SELECT finished_at - created_at FROM outbox WHERE rank = 0 ORDER BY 1", cancellation);
        Check(emulator, messages + answers, Stopwatch.GetElapsedTime(started), took);
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var page = await http.GetStringAsync(new Uri(gateway.Urls.First() + "/metrics"), cancellation);
        return new ShapingResult(messages + answers, took / 1000.0, [.. delays.Select(ms => (double)ms)], Sum(page, "larkspur_outbox_retries_total", "99991400"),
            Sum(page, "larkspur_outbox_retries_total", "230020"), 1000 * Sum(page, "larkspur_outbox_call_seconds_sum", "") / Sum(page, "larkspur_outbox_call_seconds_count", ""));
    }

    private static WebApplication StartEmulator(Tenant tenant)
    {
        var app = EmulatorHost.Build([], builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton(new EmulatorSettings
            {
                Apps =
                [
                    new BotApp
                    {
                        AppId = EmulatorSettings.DefaultAppId, AppSecret = EmulatorSettings.DefaultAppSecret, EncryptKey = EmulatorSettings.DefaultEncryptKey,
                        VerificationToken = EmulatorSettings.DefaultVerificationToken, Name = "Larkspur", EnName = "Larkspur",
                    },
                ],
                MinuteLimitFactor = tenant.MinuteFactor,
            });
        });
        return app;
    }

    private static string[] Chats(WebApplication emulator)
    {
        var people = emulator.Services.GetRequiredService<IPersonActions>();
        var owner = emulator.Services.GetRequiredService<EmulatorState>().People[0].UserId;
        return [.. Enumerable.Range(0, Receivers).Select(i =>
            people.CreateGroup(owner, $"group {i}", [], [EmulatorSettings.DefaultAppId]).ChatId ?? throw new BenchException("the emulator makes no groups"))];
    }

    private static WebApplication StartGateway(Tenant tenant, string feishu, string data) => GatewayHost.Build([], builder =>
    {
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["LARKSPUR_GATEWAY_URLS"] = "http://127.0.0.1:0",
            ["LARKSPUR_DATA"] = data, ["LARKSPUR_MASTER_KEY"] = Larkspur.Testing.GatewayApp.MasterKey,
            ["LARKSPUR_DB"] = "",
            ["FEISHU_BASE_URL"] = feishu,
            ["FEISHU_ACCOUNTS_URL"] = feishu,
            ["FEISHU_APP_ID"] = EmulatorSettings.DefaultAppId,
            ["FEISHU_APP_SECRET"] = EmulatorSettings.DefaultAppSecret,
            ["FEISHU_ENCRYPT_KEY"] = EmulatorSettings.DefaultEncryptKey,
            ["FEISHU_VERIFICATION_TOKEN"] = EmulatorSettings.DefaultVerificationToken,
            ["FEISHU_MINUTE_RATE_FACTOR"] = tenant.MinuteFactor.ToString(CultureInfo.InvariantCulture),
        });
        builder.Logging.ClearProviders();
    });

    private static async Task SettleAsync(WebApplication gateway, CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        for (var deadline = DateTime.UtcNow.AddSeconds(30); DateTime.UtcNow < deadline; await Task.Delay(50, cancellation))
        {
            using var answer = await http.GetAsync(new Uri(gateway.Urls.First() + "/health/ready"), cancellation);
            if (answer.IsSuccessStatusCode) return;
        }

        throw new BenchException("the gateway did not become ready");
    }

    private static async Task QueueAsync(IOutbox outbox, IDatabase database, string[] chats, int messages, CancellationToken cancellation)
    {
        foreach (var batch in Enumerable.Range(0, messages).Chunk(500))
        {
            await database.TransactAsync(async unit =>
            {
                foreach (var i in batch) await outbox.QueueAsync(unit, Message($"notification {i}", chats[i % chats.Length], OutboxPriority.Bulk));
                return true;
            }, cancellation);
        }
    }

    private static async Task AnswerAsync(IOutbox outbox, string[] chats, int answers, TimeSpan every, CancellationToken cancellation)
    {
        for (var i = 0; i < answers; i++)
        {
            await Task.Delay(every, cancellation);
            await outbox.QueueAsync(Message($"answer {i}", chats[i * 7 % chats.Length], OutboxPriority.Answer), cancellation);
        }
    }

    private static QueuedMessage Message(string text, string chat, OutboxPriority priority) =>
        new("feishu", "default", text, OutboxMessage.ToChat(chat, "text", JsonSerializer.Serialize(new { text })) with { Priority = priority });

    private static Task<List<long>> RowsAsync(IDatabase database, string sql, CancellationToken cancellation) =>
        database.ReadAsync(async connection => await connection.QueryAsync(sql, static row => row.GetInt64(0)), cancellation);

    private static async Task EndAsync(IDatabase database, int messages, CancellationToken cancellation)
    {
        long before = -1;
        for (var changed = DateTime.UtcNow; DateTime.UtcNow - changed < TimeSpan.FromMinutes(2); await Task.Delay(100, cancellation))
        {
            var sent = (await RowsAsync(database, "SELECT COUNT(*) FROM outbox WHERE status = 1", cancellation))[0];
            if (sent == messages) return;
            if (sent > before) (before, changed) = (sent, DateTime.UtcNow);
        }

        throw new BenchException($"{before} of {messages} messages were sent, and no more for two minutes");
    }

    private static void Check(WebApplication emulator, int messages, TimeSpan watched, long recorded)
    {
        var world = emulator.Services.GetRequiredService<EmulatorState>();
        var arrived = world.Chats().Sum(chat => world.Messages(chat.ChatId).Count(m => m.SenderKind == SenderKind.App));
        if (arrived != messages) throw new BenchException($"{messages} messages were sent and {arrived} are in the emulator's chats");
        if (recorded > watched.TotalMilliseconds + 1000) throw new BenchException("the clock was moved while this ran");
    }

    private static double Sum(string page, string metric, string label) => page.Split('\n')
        .Where(line => line.StartsWith(metric, StringComparison.Ordinal) && line.Length > metric.Length && line[metric.Length] is '{' or ' ')
        .Where(line => line.Contains(label, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}

/// <summary>What was measured.</summary>
/// <param name="Messages">Notifications and answers.</param>
/// <param name="Seconds">From the first commit to the last acceptance.</param>
/// <param name="AnswerDelays">Milliseconds from commit to acceptance, sorted.</param>
/// <param name="EndpointRefusals">Refused with 99991400.</param>
/// <param name="ReceiverRefusals">Refused with 230020.</param>
/// <param name="CallMilliseconds">Mean time of a call.</param>
internal sealed record ShapingResult(int Messages, double Seconds, double[] AnswerDelays, double EndpointRefusals, double ReceiverRefusals, double CallMilliseconds)
{
    public double Ideal(Tenant tenant) => Messages / tenant.PerSecond;
}
