namespace Larkspur.Emulator.Feishu.ApiPipeline;

/// <summary>Idempotency keys: the first answer of a key is given again until the key is forgotten.</summary>
public sealed class IdempotencyKeys(VirtualClock clock) : IResettableState
{
    private const int MostKeys = 100_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTimeOffset Ends, string? Call, ApiAnswer? Answer)> _answers = [];

    /// <param name="key"><see langword="null"/>: run always.</param>
    /// <param name="busy">The refusal while the first call of the key still runs, and of another call with its key.</param>
    /// <param name="call">What makes it the same call; <see langword="null"/>: the key alone.</param>
    public ApiAnswer Run(string? key, TimeSpan remember, Func<ApiAnswer> run, Func<ApiRefusedException> busy, string? call = null)
    {
        if (key is null) return run();
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            if (_answers.TryGetValue(key, out var known) && now < known.Ends)
                return known.Call == call && known.Answer is { } first ? first : throw busy();
            if (_answers.Count >= MostKeys)
            {
                foreach (var old in _answers.Where(a => now >= a.Value.Ends).Select(a => a.Key).ToArray()) _answers.Remove(old);
            }

            _answers[key] = (now + remember, call, null);
        }

        try
        {
            var answer = run();
            lock (_gate) _answers[key] = (now + remember, call, answer);
            return answer;
        }
        catch
        {
            // A failed call leaves the key free.
            lock (_gate) _answers.Remove(key);
            throw;
        }
    }

    public void Reset()
    {
        lock (_gate) _answers.Clear();
    }
}
