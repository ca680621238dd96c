using System.Collections.Concurrent;
using System.Diagnostics;
using Larkspur.Emulator.State;

namespace Larkspur.Testing.Chaos;

/// <summary>
/// The calls under each idempotency key. The platform takes a repeat for the same message, which would hide that a gateway sends twice
/// without need.
/// </summary>
internal sealed class KeyedCalls : IDisposable
{
    private const string Member = "\"uuid\":\"";

    private readonly ConcurrentDictionary<string, List<(long At, bool IsAnswered)>> _byKey = new(StringComparer.Ordinal);
    private readonly Inspector _inspector;

    public KeyedCalls(Inspector inspector)
    {
        _inspector = inspector;
        inspector.Called += Called;
    }

    public int Keys => _byKey.Count;

    public void Dispose() => _inspector.Called -= Called;

    /// <summary>Calls under a key that had been served before.</summary>
    /// <returns>All of them, and those for which nobody gave a reason: the answer before had arrived, and nothing was done to the gateway.</returns>
    public (int All, IReadOnlyList<string> WithoutReason) Repeats(Blows blows)
    {
        var all = 0;
        var without = new List<string>();
        foreach (var (key, calls) in _byKey)
        {
            lock (calls)
            {
                for (var i = 1; i < calls.Count; i++)
                {
                    all++;
                    if (!calls[i - 1].IsAnswered || blows.Between(calls[i - 1].At, calls[i].At)) continue;
                    var later = Stopwatch.GetElapsedTime(calls[i - 1].At, calls[i].At);
                    without.Add($"Key {key} was sent again {later.TotalSeconds:0.0} s after its answer");
                }
            }
        }

        return (all, without);
    }

    private void Called(ApiCall call)
    {
        if (!call.Verdict.Contains("served", StringComparison.Ordinal)) return;
        var at = call.RequestBody.IndexOf(Member, StringComparison.Ordinal) + Member.Length;
        if (at < Member.Length) return;
        var key = call.RequestBody[at..call.RequestBody.IndexOf('"', at)];
        var calls = _byKey.GetOrAdd(key, static _ => []);
        lock (calls) calls.Add((Stopwatch.GetTimestamp(), !call.Verdict.Contains("dropped", StringComparison.Ordinal)));
    }
}
