using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Larkspur.Bench.Running;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.State;
using Larkspur.Testing;
using Larkspur.Testing.Chaos;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Bench.Effects;

/// <summary>
/// The platform in this process, the gateway in one of its own with a SQLite file on the real disk, and people who write to the bot. What they wrote is
/// pushed, signed and encrypted, over HTTP; an effect is the reply that the emulator has taken.
/// </summary>
internal sealed class EffectsFixture : IAsyncDisposable
{
    private const int MostUnderWay = 400; // deliveries; one at a time for each chat
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Stall = TimeSpan.FromMinutes(1); // longer than the platform's first retry, 15 s

    private readonly EmulatorApp _emulator;
    private readonly ChildProcess _gateway;
    private readonly EventPusher _pusher;
    private readonly Deliveries _deliveries;
    private readonly Crowd _crowd;

    private EffectsFixture(EmulatorApp emulator, ChildProcess gateway, int chats)
    {
        (_emulator, _gateway) = (emulator, gateway);
        _pusher = emulator.Services.GetRequiredService<EventPusher>();
        _deliveries = new Deliveries(emulator.State.Inspector);
        _crowd = new Crowd(emulator, chats, new Random(1));
    }

    /// <summary>Pushes that were not acknowledged at their first attempt.</summary>
    public int Unacknowledged => _deliveries.Unacknowledged;

    public static async Task<EffectsFixture> StartAsync(EffectLimits limits, int chats, ScratchFolder folder, CancellationToken cancellation)
    {
        var emulator = await EmulatorApp.StartAsync(settings => settings with { RateLimitFactor = limits.PlatformFactor, MinuteLimitFactor = limits.PlatformMinuteFactor });
        ChildProcess? gateway = null;
        try
        {
            var data = Directory.CreateDirectory(folder.File(Path.GetRandomFileName())).FullName;
            var port = FreePort();
            gateway = ChildProcess.Start(Path.Combine(data, "gateway.log"), Settings(limits, emulator, data, port), "dotnet", Running.Repository.Cli, "run");
            await gateway.ReadyAsync(new Uri($"http://127.0.0.1:{port}/health/ready"), cancellation);
            // Groups are made before the app has a callback address: the bot is not told and does not greet.
            var fixture = new EffectsFixture(emulator, gateway, chats);
            await emulator.SetCallbackAsync($"http://127.0.0.1:{port}/webhook/feishu", verify: true);
            return fixture;
        }
        catch
        {
            if (gateway is not null) await gateway.DisposeAsync();
            await emulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>People say so many things; waits until each has its reply.</summary>
    /// <param name="perSecond">On a fixed schedule; null: as fast as they are accepted.</param>
    /// <exception cref="BenchException">No reply came for a minute.</exception>
    public async Task<EffectsResult> RunAsync(int events, double? perSecond, CancellationToken cancellation)
    {
        var first = _crowd.Count;
        var cpu = _gateway.Cpu;
        var machine = CpuShare.Now();
        var own = Environment.CpuUsage.TotalTime;
        var started = Stopwatch.GetTimestamp();
        while (_crowd.Count < first + events)
        {
            var due = perSecond is { } rate ? Math.Min(events, (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * rate) + 1) : events;
            while (_crowd.Count < first + due && _pusher.Pending < MostUnderWay) _crowd.Speak();
            await Task.Delay(Tick, cancellation);
        }

        await EndAsync(first, cancellation);
        var used = _gateway.Cpu - cpu;
        var others = machine.OthersSince(used + (Environment.CpuUsage.TotalTime - own));
        var said = _crowd.Said.Skip(first).ToArray();
        return new EffectsResult(
            events,
            said.Count(s => s.InGroup),
            Stopwatch.GetElapsedTime(started, said.Max(s => _deliveries.AnsweredAt(s.Number)!.Value)).TotalSeconds,
            Stopwatch.GetElapsedTime(started, said.Max(s => _deliveries.Of(s.MessageId)!.AcknowledgedAt!.Value)).TotalSeconds,
            [.. said.Select(s => Stopwatch.GetElapsedTime(_deliveries.Of(s.MessageId)!.BeganAt!.Value, _deliveries.AnsweredAt(s.Number)!.Value).TotalMilliseconds).Order()],
            used.TotalMicroseconds / events,
            others);
    }

    /// <summary>Holds the chats against what was said in them.</summary>
    /// <exception cref="BenchException">A reply is missing, there twice, or in the wrong place.</exception>
    public void Judge()
    {
        var (answers, _, findings) = Judgement.Judge(_emulator.State, _crowd.Said, _deliveries, null);
        if (findings.Count > 0) throw new BenchException($"{findings.Count} findings in the chats, such as:\n  {string.Join("\n  ", findings.Take(5))}");
        if (answers != _crowd.Count) throw new BenchException($"{_crowd.Count} messages have {answers} replies");
    }

    public async ValueTask DisposeAsync()
    {
        _deliveries.Dispose();
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    private async Task EndAsync(int first, CancellationToken cancellation)
    {
        var (progress, since) = (_deliveries.Progress, Stopwatch.GetTimestamp());
        while (_pusher.Pending > 0 || _deliveries.Answered < _crowd.Count)
        {
            await Task.Delay(Tick, cancellation);
            if (_deliveries.Progress != progress) (progress, since) = (_deliveries.Progress, Stopwatch.GetTimestamp());
            if (Stopwatch.GetElapsedTime(since) > Stall)
                throw new BenchException($"{_deliveries.Answered - first} of {_crowd.Count - first} messages have a reply, and nothing moved for {Stall.TotalSeconds:0} s");
        }
    }

    private static Dictionary<string, string> Settings(EffectLimits limits, EmulatorApp emulator, string data, int port)
    {
        var settings = new Dictionary<string, string>
        {
            ["LARKSPUR_GATEWAY_URLS"] = $"http://127.0.0.1:{port}",
            ["LARKSPUR_DATA"] = data, ["LARKSPUR_MASTER_KEY"] = Larkspur.Testing.GatewayApp.MasterKey,
            ["LARKSPUR_DB"] = "",
            // Each message is answered by a card, as in the figures of docs/performance.md.
            ["Larkspur__Plugins__0"] = Larkspur.Testing.GatewayProcess.DemoBot,
            ["FEISHU_BASE_URL"] = emulator.BaseUrl.ToString(),
            ["FEISHU_ACCOUNTS_URL"] = emulator.BaseUrl.ToString(),
            ["FEISHU_APP_ID"] = EmulatorApp.DefaultApp.AppId,
            ["FEISHU_APP_SECRET"] = EmulatorApp.DefaultApp.AppSecret,
            ["FEISHU_ENCRYPT_KEY"] = EmulatorApp.DefaultApp.EncryptKey,
            ["FEISHU_VERIFICATION_TOKEN"] = EmulatorApp.DefaultApp.VerificationToken,
            ["FEISHU_RATE_FACTOR"] = limits.GatewayFactor.ToString(CultureInfo.InvariantCulture),
            ["FEISHU_MINUTE_RATE_FACTOR"] = limits.GatewayMinuteFactor.ToString(CultureInfo.InvariantCulture),
        };
        if (limits.PerLane is { } perLane) settings["Larkspur__Outbox__PerLane"] = perLane.ToString(CultureInfo.InvariantCulture);
        return settings;
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

/// <summary>What was measured.</summary>
/// <param name="Events">Messages of people, each with its reply.</param>
/// <param name="InGroups">Of these, the ones in groups, which are answered by the API that replies; the others have an API and a limit of their own.</param>
/// <param name="Seconds">From the first message to the last reply.</param>
/// <param name="AcceptedSeconds">From the first message to the last acknowledgement.</param>
/// <param name="Delays">Milliseconds from the begin of the push to the reply in the emulator, sorted.</param>
/// <param name="CpuMicroseconds">Processor time of the gateway per event.</param>
/// <param name="Others">Share of the machine that neither the gateway nor this process used, 0 to 1.</param>
internal sealed record EffectsResult(int Events, int InGroups, double Seconds, double AcceptedSeconds, double[] Delays, double CpuMicroseconds, double Others)
{
    public double Rate => Events / Seconds;

    public double P50 => Statistics.Percentile(Delays, 0.5);

    public double P99 => Statistics.Percentile(Delays, 0.99);
}
