using System.Text;

namespace Larkspur.Testing.Chaos;

/// <summary>What a run did and what it found.</summary>
public sealed record ChaosReport
{
    private const int MostShown = 40;

    public required ChaosPlan Plan { get; init; }
    public required int Sent { get; init; }
    /// <summary>Answers that stand in the emulator's chats.</summary>
    public required int Answers { get; init; }
    public required int Kills { get; init; }
    /// <summary>Of the kills, those that hit a process before it was ready.</summary>
    public required int KillsDuringStart { get; init; }
    /// <summary>Times that a process stood still and woke.</summary>
    public required int Freezes { get; init; }
    /// <summary>Times that the network of a process failed.</summary>
    public required int NetworkFaults { get; init; }
    /// <summary>What else was done, such as to the database.</summary>
    public required int Disturbances { get; init; }
    /// <summary>What the company did besides, a sentence each.</summary>
    public required IReadOnlyList<string> Work { get; init; }
    /// <summary>Idempotency keys under which the platform was called.</summary>
    public required int Keys { get; init; }
    /// <summary>Calls under a key that had been served before.</summary>
    public required int RepeatedCalls { get; init; }
    /// <summary>Of these, the ones after an answer that had arrived, while nothing was done to the gateways.</summary>
    public required int RepeatsWithoutReason { get; init; }
    /// <summary>Attempts to deliver an event, acknowledged or not.</summary>
    public required int Deliveries { get; init; }
    /// <summary>Of these, the ones without a 200: what the platform sends again.</summary>
    public required int Unacknowledged { get; init; }
    /// <summary>Acknowledged deliveries beyond the first of each message: duplicates that had to be absorbed.</summary>
    public required int Duplicates { get; init; }
    /// <summary>Messages that were recorded after a younger one of their chat.</summary>
    public required int Overtaken { get; init; }
    /// <summary>How often each kind of fault hit.</summary>
    public required IReadOnlyDictionary<string, int> Faults { get; init; }
    /// <summary>Longest time from a kill until everything that was acknowledged before it was answered.</summary>
    public required TimeSpan LongestRecovery { get; init; }
    public required TimeSpan Took { get; init; }
    /// <summary>Memory of each process when there was nothing to do any more, in MB.</summary>
    public required IReadOnlyList<long> Megabytes { get; init; }
    /// <summary>Everything that must not be, in sentences; empty when all is well.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    public bool Passed => Findings.Count == 0;

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine($"{Sent:N0} messages in {Plan.Chats:N0} chats, {Answers:N0} answers, {Kills:N0} kills ({KillsDuringStart:N0} during a start), "
            + $"{Freezes:N0} freezes, {NetworkFaults:N0} network faults and {Disturbances:N0} disturbances of {Plan.Processes} process(es) on "
            + (Plan.Database.Length == 0 ? "SQLite" : "PostgreSQL") + $" in {Took.TotalSeconds:0.0} s, seed {Plan.Seed}");
        text.AppendLine($"{Deliveries:N0} deliveries, {Unacknowledged:N0} not acknowledged, {Duplicates:N0} duplicates, {Overtaken:N0} recorded after a younger one; "
            + $"slowest recovery after a kill {LongestRecovery.TotalSeconds:0.0} s");
        text.AppendLine(string.Join("; ", Work));
        text.AppendLine($"{Keys:N0} keys, {RepeatedCalls:N0} calls repeated under theirs, "
            + $"{RepeatsWithoutReason:N0} without a reason; memory in the end {string.Join(" and ", Megabytes)} MB");
        text.AppendLine("faults: " + string.Join(", ", Faults.Select(f => $"{f.Key} {f.Value:N0}")));
        text.AppendLine(Passed
            ? "every message has exactly one answer, the order of each chat holds, all other work has its right end, nothing is left, no row, permit, file or lease"
            : $"{Findings.Count:N0} findings:");
        foreach (var finding in Findings.Take(MostShown)) text.AppendLine("  " + finding);
        if (Findings.Count > MostShown) text.AppendLine($"  … and {Findings.Count - MostShown:N0} more");
        return text.ToString();
    }
}
