using System.Security.Cryptography;
using System.Text;
using Larkspur.Bench.Load;
using Larkspur.Bench.Running;
using Larkspur.Bench.Targets;
using Larkspur.Feishu;
using Larkspur.Feishu.Events;

namespace Larkspur.Bench.Stages;

/// <summary>Where an event's time goes: requests that come differently far into the gateway, the steps alone, and the price of a durable append.</summary>
internal sealed class StagesBenchmark : IBenchmark
{
    private static readonly int[] Groups = [1, 16, 128, 512, 4096];

    public string Name => "stages";

    public string Summary => "where an event's time goes: by how far a request comes, by step, by size of a commit";

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        using var folder = new ScratchFolder();
        await ByDepthAsync(folder, options, report, cancellation);
        BySteps(options, report);
        ByCommit(folder, options, report);
    }

    /// <summary>Each line contains what the lines above it cost: the differences are the stages.</summary>
    private static async Task ByDepthAsync(ScratchFolder folder, BenchOptions options, Report report, CancellationToken cancellation)
    {
        await using var bare = await BareTarget.StartAsync(folder, cancellation);
        await using var accepting = await GatewayTarget.StartAsync("accepting", folder, dispatch: false, cancellation);
        await using var handling = await GatewayTarget.StartAsync("handling", folder, dispatch: true, cancellation);
        Depth[] depths =
        [
            new("bare Kestrel", "bare", bare, RequestKind.Fresh, 200),
            new("+ gateway's front, signature; refused", "signature", accepting, RequestKind.WrongSignature, 401),
            new("+ decryption, parsing; refused", "parsed", accepting, RequestKind.WrongToken, 401),
            new("duplicate: + a transaction that finds it", "duplicate", accepting, RequestKind.Duplicate, 200),
            new("new event: + its rows", "accepted", accepting, RequestKind.Fresh, 200),
            new("new event, handled as ignored", "handled", handling, RequestKind.Fresh, 200),
        ];
        var measured = depths.ToDictionary(d => d, _ => new List<Measurement>());
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var depth in depths)
            {
                var plan = new LoadPlan
                {
                    Port = depth.Target.Port, Connections = options.Connections, Seconds = options.Seconds, Events = (int)(30_000 * options.Seconds),
                    EventType = depth.Target.EventType, Run = Guid.NewGuid().ToString("N"), Kind = depth.Kind, Expect = depth.Expect,
                };
                var measurement = await Measurement.RunAsync(depth.Target, plan, cancellation);
                // The first round warms up.
                if (round > 0) measured[depth].Add(measurement);
            }
        }

        Report.Say("By how far a request comes (processor time of the target's process, microseconds per request; medians):");
        Report.Table(["", "CPU us", "requests/s"], measured.Select(pair => (IReadOnlyList<string>)
        [
            pair.Key.Name,
            Report.Number(Statistics.Median(pair.Value.Select(m => m.TargetMicroseconds))),
            Report.Number(Statistics.Median(pair.Value.Select(m => m.Load.Rate))),
        ]));
        foreach (var (depth, runs) in measured) report.Figure($"depth.{depth.Key}.cpu_us", Statistics.Median(runs.Select(m => m.TargetMicroseconds)));
    }

    private static void BySteps(BenchOptions options, Report report)
    {
        var length = TimeSpan.FromSeconds(options.Seconds);
        var plan = new LoadPlan { Port = 1, Connections = 1, Seconds = 1, Events = 1, EventType = "im.message.receive_v1", Run = "steps" };
        var forge = new RequestForge(plan);
        var body = forge.Body(0);
        var (timestamp, nonce, signature) = forge.Sign(body);
        var headers = new FeishuDeliveryHeaders(timestamp, nonce, signature, "application/json;charset=utf-8");
        var receiver = new FeishuEventReceiver(
            new FeishuOptions { AppId = RequestForge.AppId, AppSecret = RequestForge.AppSecret, EncryptKey = RequestForge.EncryptKey, VerificationToken = RequestForge.VerificationToken },
            TimeProvider.System);
        var plain = Encoding.UTF8.GetBytes(forge.Envelope(0));
        var cipher = new byte[(plain.Length / 16 + 1) * 16];
        var opened = new byte[cipher.Length];
        var key = RandomNumberGenerator.GetBytes(32);
        var iv = new byte[16];
        using var aes = Aes.Create();
        aes.Key = key;
        aes.EncryptCbc(plain, iv, cipher);
        var hash = new byte[32];

        (string Name, string Key, Action<int> Call)[] steps =
        [
            ("receiver: verified, decrypted, parsed", "receive", _ =>
            {
                if (receiver.Receive(headers, body).Delivery is null) throw new BenchException("the receiver refuses what the forge makes");
            }),
            ("  SHA-256 of the body, one call", "sha256", _ => SHA256.HashData(body, hash)),
            ("  SHA-256 of the body, a new IncrementalHash", "incremental", _ =>
            {
                using var incremental = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                incremental.AppendData(body);
                incremental.GetHashAndReset(hash);
            }),
            ("  AES-256-CBC, a new Aes", "aes_new", _ =>
            {
                using var fresh = Aes.Create();
                fresh.SetKey(key);
                fresh.DecryptCbc(cipher, iv, opened, PaddingMode.None);
            }),
            ("  AES-256-CBC, a kept Aes", "aes_kept", _ => aes.DecryptCbc(cipher, iv, opened, PaddingMode.None)),
        ];
        Report.Say($"By step, processor time on one thread (envelope {plain.Length} bytes, body {body.Length} bytes):");
        Report.Table(["", "CPU us"], steps.Select(step =>
        {
            var microseconds = Stopwatches.Microseconds(length, step.Call);
            report.Figure($"step.{step.Key}.cpu_us", microseconds);
            return (IReadOnlyList<string>)[step.Name, Report.Number(microseconds)];
        }));
    }

    private static void ByCommit(ScratchFolder folder, BenchOptions options, Report report)
    {
        var length = TimeSpan.FromSeconds(options.Seconds);
        var payload = RandomNumberGenerator.GetBytes(650);
        var record = new byte[1100];
        var rows = new List<IReadOnlyList<string>>();
        foreach (var group in Groups)
        {
            using var inbox = new InboxRows(folder.File($"rows-{group}.db"), payload, keys: true);
            using var alone = new InboxRows(folder.File($"alone-{group}.db"), payload, keys: false);
            using var growing = new JournalFile(folder.File($"growing-{group}"), 0);
            using var reused = new JournalFile(folder.File($"reused-{group}"), 64 << 20);
            var buffer = new byte[record.Length * group];
            var sqlite = Stopwatches.PerEvent(length, group, inbox.Commit);
            var unkeyed = Stopwatches.PerEvent(length, group, alone.Commit);
            var grown = Stopwatches.PerEvent(length, group, _ => growing.Append(buffer));
            var overwritten = Stopwatches.PerEvent(length, group, _ => reused.Append(buffer));
            inbox.WithoutSync();
            var unsynced = Stopwatches.PerEvent(length, group, inbox.Commit);
            rows.Add([group.ToString(), Report.Number(sqlite.Wall), Report.Number(sqlite.Cpu), Report.Number(unsynced.Wall), Report.Number(unkeyed.Wall), Report.Number(unkeyed.Cpu), Report.Number(grown.Wall), Report.Number(grown.Cpu), Report.Number(overwritten.Wall), Report.Number(overwritten.Cpu)]);
            report.Figure($"append.{group}.sqlite_us", sqlite.Wall);
            report.Figure($"append.{group}.sqlite_cpu_us", sqlite.Cpu);
            report.Figure($"append.{group}.row_us", unkeyed.Wall);
            report.Figure($"append.{group}.row_cpu_us", unkeyed.Cpu);
            report.Figure($"append.{group}.journal_us", overwritten.Wall);
            report.Figure($"append.{group}.journal_cpu_us", overwritten.Cpu);
        }

        Report.Say("By size of a commit, microseconds per event: a row and two keys in SQLite through its C interface; the row alone; 1,100 bytes in a file and one fdatasync:");
        Report.Table(["events", "SQLite", "CPU", "no sync", "row alone", "CPU", "growing file", "CPU", "reused file", "CPU"], rows);
    }

    private sealed record Depth(string Name, string Key, Target Target, RequestKind Kind, int Expect);
}
