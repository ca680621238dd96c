using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Testing.Chaos.Loads;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Testing.Chaos;

/// <summary>
/// Chaos: people write, the platform delivers as it does (again what was not acknowledged, twice, out of order), its API stumbles, and the gateway's
/// processes are killed, or stand still, at random moments. At the end every message must have exactly one answer, each chat its order,
/// each card its newest face, and nothing is left open.
/// </summary>
public sealed class ChaosRun : IDisposable
{
    private const int LongestLine = 400; // events on their way at once
    private const int MostOwed = 600; // recorded and not answered, at a kill: or a row's key could grow old on the platform's fast clock
    private const int MostKills = 500; // 16 s each; with the longer steps the platform's clock stays short of its last retry, 7 h on
    private const int LongSteps = 180;
    private const int CalmLooks = 5;
    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(16);
    private static readonly TimeSpan SecondRetry = TimeSpan.FromMinutes(5.1);
    private static readonly TimeSpan[] LastRetries = [FirstRetry, SecondRetry, TimeSpan.FromHours(1.01), TimeSpan.FromHours(6.01)];
    private static readonly TimeSpan SameKey = TimeSpan.FromHours(1); // of the platform's memory for idempotency keys
    private const long MessageText = 16 << 10; // characters for a message and its answer, generously: none may be forgotten
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2); // for what follows an answer: ends of rows, callbacks whose first tries failed

    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(20); // of a lease, generously

    private readonly ChaosPlan _plan;
    private readonly EmulatorApp _emulator;
    private readonly GatewayGroup _gateways;
    private readonly Deliveries _deliveries;
    private readonly EventPusher _pusher;
    private readonly Crowd _crowd;
    private readonly Random _moments;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private readonly KeyedCalls _keyed;
    private readonly Company _company;
    private readonly Blows _blows = new();
    private readonly List<long> _killed = [];
    private readonly List<string> _findings = [];
    private int _killedInStart;
    private int _disturbed;
    private int _frozen;
    private int _cutOff;
    private volatile int _allowed;
    private volatile int _allowedWhileDown;

    private ChaosRun(ChaosPlan plan, EmulatorApp emulator, GatewayGroup gateways, Crowd crowd, Company company, Deliveries deliveries)
    {
        (_plan, _emulator, _gateways, _crowd, _company, _deliveries) = (plan, emulator, gateways, crowd, company, deliveries);
        _pusher = emulator.Services.GetRequiredService<EventPusher>();
        _moments = new Random(plan.Seed + 1);
        _keyed = new KeyedCalls(emulator.State.Inspector);
    }

    /// <summary>Runs the plan to its end.</summary>
    /// <exception cref="ArgumentException">The plan makes no sense.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or <see cref="ChaosPlan.AtMost"/> is over.</exception>
    public static async Task<ChaosReport> RunAsync(ChaosPlan plan, CancellationToken cancellation = default)
    {
        if (plan.Processes > 1 && plan.Database.Length == 0) throw new ArgumentException("Several processes need PostgreSQL: one process owns an SQLite file.", nameof(plan));
        if (plan.LetRecover && plan.Processes < 2) throw new ArgumentException("A single process has nobody who could take over.", nameof(plan));
        if (plan.Kills < 0 || plan.Freezes < 0 || plan.NetworkFaults < 0 || plan.Steps > MostKills)
            throw new ArgumentException($"At most {MostKills} kills, freezes and network faults: the platform's clock advances with each, and would pass its last retry.", nameof(plan));
        if (plan.LetRecover && plan.Freezes + plan.NetworkFaults > 0)
            throw new ArgumentException("Who is frozen or cut off comes back by itself: nobody waits for its work to be taken over.", nameof(plan));
        if (plan.Disturbances.Count > 0 && plan.Steps == 0)
            throw new ArgumentException("Disturbances are spread over the kills, freezes and network faults; there are none.", nameof(plan));
        if (plan.HasQuestions && plan.Events > 0)
            throw new ArgumentException("Where there is an assistant, nothing is echoed: a run with questions has no other messages.", nameof(plan));
        if (plan.Events < 2 * plan.Chats) throw new ArgumentException("At least two messages for each chat: the last two rounds go through all of them.", nameof(plan));
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(plan.AtMost);
        await using var emulator = await EmulatorApp.StartAsync(settings => settings with
        {
            RateLimitFactor = plan.RateFactor,
            Seed = plan.Seed,
            MostMessageText = Math.Max(settings.MostMessageText, plan.Events * MessageText),
            // Of a click: as long as the platform waits, for who stands still does not answer.
            CallbackPatience = TimeSpan.FromSeconds(3),
        });
        await using var gateways = new GatewayGroup(plan, emulator);
        var crowd = new Crowd(emulator, plan.Chats, new Random(plan.Seed));
        await using var company = await Company.StartAsync(plan, emulator, gateways, crowd);
        gateways.Configure(company.Settings);
        using var deliveries = new Deliveries(emulator.State.Inspector);
        using var run = new ChaosRun(plan, emulator, gateways, crowd, company, deliveries);
        return await run.RunAsync(bounded.Token);
    }

    public void Dispose() => _keyed.Dispose();

    private async Task<ChaosReport> RunAsync(CancellationToken cancellation)
    {
        for (var i = 0; i < _gateways.Count; i++) _gateways.Start(i);
        for (var i = 0; i < _gateways.Count; i++) await _gateways.ReadyAsync(i, cancellation);
        await _emulator.SetCallbackAsync(new Uri(_gateways.Address, "/webhook/feishu").ToString(), verify: true);
        var weather = new Weather(_emulator);
        await _company.PrepareAsync(cancellation);
        await weather.BeginAsync(_plan);

        using var enough = new CancellationTokenSource();
        var speaking = SpeakAsync(_plan.Events - 2 * _plan.Chats, cancellation);
        var working = _company.WorkAsync(enough.Token, cancellation);
        Func<int, CancellationToken, Task>[] steps =
        [
            .. Enumerable.Repeat(LiveAndFreezeAsync, _plan.Freezes), .. Enumerable.Repeat(LiveAndDieAsync, _plan.Kills),
            .. Enumerable.Repeat(LiveAndBeCutOffAsync, _plan.NetworkFaults),
        ];
        _moments.Shuffle(steps);
        for (var step = 1; step <= steps.Length; step++)
        {
            await steps[step - 1](step, cancellation);
            for (; _disturbed < _plan.Disturbances.Count * step / steps.Length; _disturbed++)
            {
                using var blow = _blows.Begin();
                await _plan.Disturbances[_disturbed](cancellation);
            }
        }

        _allowed = _plan.Events;
        await speaking;
        await enough.CancelAsync();
        await working;
        // WeCom's answers have minutes: the platform's clock stands until they are given.
        if (_plan.HasQuestions) await _company.FindWrongAsync(Patience, Tell, cancellation);
        var settled = await QuietAsync("the end of the speeches", cancellation);
        var faults = await weather.EndAsync();
        // The first round releases what is held back to be overtaken. The second stands behind all that might still come twice.
        settled = settled && await RoundAsync("the last retries", cancellation) && await RoundAsync("the last words", cancellation);
        return await ReportAsync(faults, cancellation);
    }

    /// <summary>Lets the people write on, up to a random moment.</summary>
    private async Task LiveAsync(int step, CancellationToken cancellation)
    {
        var quota = (_plan.Events - 2 * _plan.Chats) / (_plan.Steps + 1);
        _allowed = quota * step;
        await UntilAsync(() => CountOwed() < MostOwed, _plan.Stall, cancellation);
        var acknowledged = _deliveries.Acknowledged + _moments.Next(1, quota + 1);
        var answered = _deliveries.Answered + _moments.Next(1, quota + 1);
        var byAnswers = _moments.Next(2) == 0;
        // In the middle of its work, as far as that can be seen from outside; or later, when nothing more comes.
        await UntilAsync(
            () => byAnswers ? _deliveries.Answered >= answered : _deliveries.Acknowledged >= acknowledged, TimeSpan.FromSeconds(1.5), cancellation);
    }

    /// <summary>A process stands still in the middle of its work, for less or more than its leases last, and wakes.</summary>
    private async Task LiveAndFreezeAsync(int step, CancellationToken cancellation)
    {
        await LiveAsync(step, cancellation);
        // While it stands, people write as much as they would before the next blow.
        _allowedWhileDown = _allowed += _moments.Next(30, 100);
        var time = _plan.LongestFreeze * (0.3 + 0.7 * _moments.NextDouble());
        using (_blows.Begin()) await _gateways.FreezeAsync(_moments.Next(_gateways.Count), time, cancellation);
        _frozen++;
        await _emulator.AdvanceAsync(FirstRetry);
        Tell($"blow {step}, stood still for {time.TotalSeconds:0.0} s");
    }

    /// <summary>The network of a process fails, and comes back.</summary>
    private async Task LiveAndBeCutOffAsync(int step, CancellationToken cancellation)
    {
        await LiveAsync(step, cancellation);
        _allowedWhileDown = _allowed += _moments.Next(30, 100);
        string what;
        using (_blows.Begin()) what = await _gateways.FailNetworkAsync(_moments.Next(_gateways.Count), _cutOff++, _moments, cancellation);
        await _emulator.AdvanceAsync(FirstRetry);
        Tell($"blow {step}, a process {what}");
    }

    /// <summary>One life of a process, up to a random moment, and its next start.</summary>
    private async Task LiveAndDieAsync(int step, CancellationToken cancellation)
    {
        await LiveAsync(step, cancellation);
        var member = _moments.Next(_gateways.Count);
        using var blow = _blows.Begin();
        _killed.Add(Stopwatch.GetTimestamp());
        await _gateways.KillAsync(member);
        if (_plan.LetRecover)
        {
            if (!await QuietAsync("taken over", cancellation)) return;
            if (_plan.Recovered is { } recovered) await recovered(cancellation);
        }

        if (_moments.Next(6) == 0)
        {
            _gateways.Start(member);
            await Task.Delay(_moments.Next(20, 1200), cancellation);
            await _gateways.KillAsync(member);
            _killedInStart++;
        }

        _allowedWhileDown = _crowd.Count + _moments.Next(30);
        _gateways.Start(member);
        await _gateways.ReadyAsync(member, cancellation);
        // The platform's clock runs ahead, so that its retries come now and not in a quarter of a minute; seldom far, for a second failure makes the next wait long.
        await _emulator.AdvanceAsync(step % 6 == 0 && step <= LongSteps && !_plan.HasQuestions ? SecondRetry : FirstRetry);
        Tell($"blow {step}, a kill");
    }

    /// <summary>Speaks as fast as deliveries go, up to what the present life is given.</summary>
    private async Task SpeakAsync(int count, CancellationToken cancellation)
    {
        await Task.Yield();
        while (_crowd.Count < count)
        {
            cancellation.ThrowIfCancellationRequested();
            var said = _crowd.Count;
            var may = said < _allowed && _pusher.Pending - _pusher.Waiting < LongestLine && (_gateways.AnyReady || said < _allowedWhileDown);
            if (may) _crowd.Speak();
            else await Task.Delay(Tick, cancellation);
        }
    }

    /// <summary>
    /// One message in every chat, its answer, and every retry that the platform still has. A chat's answers leave one after the other: once the message of
    /// the round is answered, nothing that stood before it is unclear any more, and the clock may pass the platform's memory for idempotency keys.
    /// </summary>
    private async Task<bool> RoundAsync(string what, CancellationToken cancellation)
    {
        _crowd.SpeakEverywhere();
        if (!await QuietAsync(what, cancellation)) return false;
        foreach (var advance in LastRetries)
        {
            if (_pusher.Waiting == 0) return true;
            if (advance >= SameKey) _crowd.SpeakEverywhere();
            if (!await QuietAsync(what, cancellation)) return false;
            await _emulator.AdvanceAsync(advance);
            if (!await QuietAsync(what, cancellation)) return false;
        }

        return true;
    }

    /// <summary>Waits until nothing is on its way and what was acknowledged is answered.</summary>
    /// <returns>False when nothing moved any more before that.</returns>
    private async Task<bool> QuietAsync(string what, CancellationToken cancellation)
    {
        var progress = _deliveries.Progress;
        var since = Stopwatch.GetTimestamp();
        // Looked at more than once: one that stood behind another is counted there until it is on its way.
        for (var calm = 0; calm < CalmLooks;)
        {
            await Task.Delay(Tick * 4, cancellation);
            calm = _pusher.Pending > _pusher.Waiting + _pusher.Behind || CountOwed() > 0 ? 0 : calm + 1;
            if (calm > 0) continue;
            if (_deliveries.Progress != progress) (progress, since) = (_deliveries.Progress, Stopwatch.GetTimestamp());
            if (Stopwatch.GetElapsedTime(since) < _plan.Stall) continue;
            _findings.Add($"{what}: nothing moved for {_plan.Stall.TotalSeconds:0} s although there was something to do; the gateways' last words:\n{_gateways.Output}");
            return false;
        }

        Tell(what);
        return true;
    }

    /// <summary>Messages that were acknowledged and have no answer.</summary>
    private int CountOwed()
    {
        var owed = 0;
        // By index: the list may grow meanwhile.
        for (var i = 0; i < _crowd.Count; i++)
        {
            var said = _crowd.Said[i];
            if (_deliveries.AnsweredAt(said.Number) is null && _deliveries.Of(said.MessageId)?.AcknowledgedBy is not null) owed++;
        }

        return owed;
    }

    private void Tell(string what) => _plan.Progress?.Invoke(
        $"{_watch.Elapsed.TotalSeconds,5:0.0} s {what}: {_crowd.Count:N0} sent, {_deliveries.Answered:N0} answered, {_pusher.Waiting:N0} wait for a retry");

    private static async Task UntilAsync(Func<bool> condition, TimeSpan atMost, CancellationToken cancellation)
    {
        var since = Stopwatch.GetTimestamp();
        while (!condition() && Stopwatch.GetElapsedTime(since) < atMost) await Task.Delay(Tick, cancellation);
    }

    private async Task<ChaosReport> ReportAsync(IReadOnlyDictionary<string, int> faults, CancellationToken cancellation)
    {
        var (rows, fromHistory) = await RowsAsync(cancellation);
        // SQLite has one writer, whose numbers follow its commits. On PostgreSQL a number is drawn before its commit, and two may cross.
        var (answers, overtaken, findings) = Judgement.Judge(_emulator.State, _crowd.Said, _deliveries, _plan.Database.Length == 0 ? rows : null, fromHistory);
        var (repeated, withoutReason) = _keyed.Repeats(_blows);
        // An answer may be lost to a machine that is too busy to write it down in time; more than a few of them are a fault.
        if (withoutReason.Count > 2 + _keyed.Keys / 1000) findings.AddRange(withoutReason);
        List<string> left = [.. await _company.FindWrongAsync(Patience, Tell, cancellation)];
        left.AddRange(await Company.FindWrongAsync(_gateways.Rows.FindLeftAsync, Patience, Tell, cancellation));
        left.AddRange(await Company.FindWrongAsync(_gateways.FindHeldAsync, Patience, Tell, cancellation));
        var memory = _gateways.Megabytes();
        left.AddRange(await _gateways.StopAsync());
        left.AddRange(await Company.FindWrongAsync(_gateways.Rows.FindLeasesAsync, Lifetime, Tell, cancellation));
        var delivered = _crowd.Said.Select(s => _deliveries.Of(s.MessageId)).OfType<Delivery>().ToArray();
        return new ChaosReport
        {
            Plan = _plan,
            Sent = _crowd.Count,
            Answers = answers,
            Kills = _killed.Count + _killedInStart,
            KillsDuringStart = _killedInStart,
            Freezes = _frozen,
            NetworkFaults = _cutOff,
            Disturbances = _disturbed,
            Work = _company.Figures,
            Keys = _keyed.Keys,
            RepeatedCalls = repeated,
            RepeatsWithoutReason = withoutReason.Count,
            Deliveries = _deliveries.Attempts,
            Unacknowledged = _deliveries.Unacknowledged,
            Duplicates = delivered.Sum(d => Math.Max(0, d.Acknowledgements - 1)),
            Overtaken = overtaken,
            Faults = faults,
            LongestRecovery = LongestRecovery(),
            Took = _watch.Elapsed,
            Megabytes = memory,
            // The long lists last.
            Findings = [.. left, .. _findings, .. findings],
        };
    }

    private TimeSpan LongestRecovery()
    {
        var longest = TimeSpan.Zero;
        foreach (var killed in _killed)
        {
            var owed = _crowd.Said.Where(s => _deliveries.Of(s.MessageId)?.AcknowledgedAt < killed).Select(s => _deliveries.AnsweredAt(s.Number)).Where(at => at > killed);
            var took = owed.Max() is { } last ? Stopwatch.GetElapsedTime(killed, last) : TimeSpan.Zero;
            if (took > longest) longest = took;
        }

        return longest;
    }

    /// <summary>The inbox's own record of every message: finished, with one effect.</summary>
    private async Task<(IReadOnlyDictionary<int, long> Rows, IReadOnlySet<int> FromHistory)> RowsAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _gateways.Running.First() };
        http.DefaultRequestHeaders.Add("X-Api-Key", GatewayApp.ApiKey);
        var rows = new Dictionary<int, long>();
        var fromHistory = new HashSet<int>();
        await Parallel.ForEachAsync(_crowd.Said, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellation }, async (said, token) =>
        {
            // A second event about a recorded message has no row of its own; nor has any, when the gateway found the message in the chat's history first.
            List<JsonElement> items = [];
            foreach (var id in (string[])[.. _deliveries.Of(said.MessageId)?.EventIds ?? [], "history-" + said.MessageId])
            {
                var answer = await http.GetFromJsonAsync<JsonElement>($"/api/v1/inbox?event_id={id}", token);
                items.AddRange(answer.GetProperty("items").EnumerateArray());
            }

            lock (rows)
            {
                if (items is [var item])
                {
                    rows.Add(said.Number, item.GetProperty("id").GetInt64());
                    if (item.GetProperty("event_id").GetString() == "history-" + said.MessageId) fromHistory.Add(said.Number);
                    if (item.GetProperty("effects").GetInt32() != 1) _findings.Add($"The inbox says of message {said.Number}: {item.GetRawText()}");
                }
                else
                {
                    _findings.Add($"The inbox has {items.Count} rows of message {said.Number}");
                }
            }
        });
        return (rows, fromHistory);
    }
}
