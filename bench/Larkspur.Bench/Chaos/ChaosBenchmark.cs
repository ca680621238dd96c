using Larkspur.Bench.Running;
using Larkspur.Testing;
using Larkspur.Testing.Chaos;

namespace Larkspur.Bench.Chaos;

/// <summary>The chaos of the tests at any size: kills at random moments, retries, duplicates, a stumbling platform; nothing may be lost, doubled or turned around.</summary>
internal sealed class ChaosBenchmark : IBenchmark
{
    private const int TakeOvers = 10;
    /// <summary>Of the blows, one in so many while people ask the assistant: an answer takes longer than an echo.</summary>
    private const int QuestionShare = 4;
    private static readonly TimeSpan FloorTakeOver = TimeSpan.FromSeconds(10);

    public string Name => "chaos";

    public string Summary => "kills, freezes and network faults while people write: one answer each, in order "
        + "(--kills N --freezes N --network-faults N --events N --chats N --db sqlite|postgresql --processes N)";

    public async Task RunAsync(BenchOptions options, Report report, CancellationToken cancellation)
    {
        await using var server = await PostgresCluster.StartAsync(options);
        var database = server is null ? "" : await server.CreateDatabaseAsync();
        var plan = new ChaosPlan
        {
            Events = options.Events,
            Kills = options.Kills,
            Freezes = options.Freezes,
            NetworkFaults = options.NetworkFaults,
            Disturbances = FrozenSessions(server, database, options.Freezes / 2),
            Chats = options.Chats,
            Processes = options.Processes,
            Database = database,
            Seed = Random.Shared.Next(1, 1_000_000),
            // A start and a life for each kill and freeze, and what 100 answers a second would need: five times what a quiet machine takes.
            AtMost = TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(15) * (options.Kills + (2 * (options.Freezes + options.NetworkFaults)))
                + TimeSpan.FromSeconds(options.Events / 100.0),
            Progress = line => Report.Say("  " + line),
        };
        var result = await JudgeAsync(plan, report, "run", cancellation);
        report.Note($"slowest recovery after a kill: {result.LongestRecovery.TotalSeconds:0.0} s, from the kill until all that was acknowledged before it is answered");
        await AskAsync(plan, server, report, cancellation);
        if (server is null || options.Processes < 2 || options.Kills == 0) return;

        Report.Say("");
        Report.Say("Take-over: after each kill nobody starts the dead process again until the other has answered what was acknowledged.");
        var left = plan with
        {
            Database = await server.CreateDatabaseAsync(),
            Events = 1_000,
            Chats = 50,
            Kills = Math.Min(TakeOvers, options.Kills),
            LetRecover = true,
            Freezes = 0,
            NetworkFaults = 0,
            Disturbances = [],
            HasBusiness = false,
        };
        var takeOver = (await JudgeAsync(left, report, "take_over", cancellation)).LongestRecovery;
        report.Note($"slowest of {left.Kills} take-overs: {takeOver.TotalSeconds:0.0} s, floor <= {FloorTakeOver.TotalSeconds:0} s: {(takeOver <= FloorTakeOver ? "reached" : "NOT reached")}");
    }

    /// <summary>The same with an assistant behind the bots of all platforms, where every message is a question.</summary>
    private static async Task AskAsync(ChaosPlan plan, PostgresServer? server, Report report, CancellationToken cancellation)
    {
        Report.Say("");
        Report.Say("Questions: people ask the assistant in Feishu, WeCom and DingTalk meanwhile.");
        var database = server is null ? "" : await server.CreateDatabaseAsync();
        await JudgeAsync(plan with
        {
            Database = database,
            Events = 0,
            Chats = 0,
            Cards = 0,
            HasBusiness = false,
            HasQuestions = true,
            Kills = plan.Kills / QuestionShare,
            Freezes = plan.Freezes / QuestionShare,
            NetworkFaults = plan.NetworkFaults / QuestionShare,
            Disturbances = FrozenSessions(server, database, plan.Disturbances.Count / QuestionShare),
        }, report, "questions", cancellation);
    }

    private static IReadOnlyList<Func<CancellationToken, Task>> FrozenSessions(PostgresServer? server, string database, int count) =>
        server is null ? [] : [.. Enumerable.Repeat<Func<CancellationToken, Task>>(
            token => server.FreezeSessionAsync(database, TimeSpan.FromSeconds(Random.Shared.Next(1, 10)), token), count)];

    /// <summary>Runs a plan and fails unless every message has exactly one answer and each chat its order.</summary>
    private static async Task<ChaosReport> JudgeAsync(ChaosPlan plan, Report report, string key, CancellationToken cancellation)
    {
        Report.Say($"  seed {plan.Seed}");
        ChaosReport result;
        try
        {
            result = await ChaosRun.RunAsync(plan, cancellation);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new BenchException($"the run did not end within {plan.AtMost.TotalMinutes:0} minutes (seed {plan.Seed})");
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            // A gateway that does not come back, most of all.
            throw new BenchException($"the run broke off (seed {plan.Seed}): {e.Message}");
        }

        Report.Say("");
        foreach (var line in result.ToString().TrimEnd().Split('\n')) report.Note(line.TrimEnd());
        report.Figure($"{key}.seconds", result.Took.TotalSeconds);
        report.Figure($"{key}.kills", result.Kills);
        report.Figure($"{key}.freezes", result.Freezes);
        report.Figure($"{key}.network_faults", result.NetworkFaults);
        report.Figure($"{key}.repeated_calls", result.RepeatedCalls);
        report.Figure($"{key}.repeated_without_reason", result.RepeatsWithoutReason);
        report.Figure($"{key}.messages", result.Sent);
        report.Figure($"{key}.answers", result.Answers);
        report.Figure($"{key}.unacknowledged", result.Unacknowledged);
        report.Figure($"{key}.duplicates", result.Duplicates);
        report.Figure($"{key}.slowest_recovery.seconds", result.LongestRecovery.TotalSeconds);
        if (!result.Passed || result.Sent != result.Answers) throw new BenchException($"not every message has exactly one answer in its place (seed {plan.Seed})");
        if (result.Sent < plan.Events || result.Kills < plan.Kills || result.Freezes < plan.Freezes
            || result.NetworkFaults < plan.NetworkFaults)
        {
            throw new BenchException($"{result.Sent} of {plan.Events} messages, {result.Kills} of {plan.Kills} kills "
                + $"{result.Freezes} of {plan.Freezes} freezes and {result.NetworkFaults} of {plan.NetworkFaults} network faults took place");
        }

        return result;
    }
}
