using System.Collections.Concurrent;
using System.Diagnostics;

namespace Larkspur.Testing.Chaos;

/// <summary>When something was done to a gateway or its database: what it sends again about then may be a repeat.</summary>
internal sealed class Blows
{
    /// <summary>What a call's answer may need to become a row, on a busy machine.</summary>
    private static readonly long Slack = 5 * Stopwatch.Frequency;

    private readonly ConcurrentBag<(long Began, long Ended)> _all = [];

    /// <summary>Something is done until the result is disposed.</summary>
    public IDisposable Begin() => new Blow(this, Stopwatch.GetTimestamp());

    /// <summary>Something was done between the two times, or so shortly before that the first was its victim.</summary>
    public bool Between(long first, long second) => _all.Any(blow => blow.Began <= second && blow.Ended >= first - Slack);

    private sealed class Blow(Blows all, long began) : IDisposable
    {
        public void Dispose() => all._all.Add((began, Stopwatch.GetTimestamp()));
    }
}
