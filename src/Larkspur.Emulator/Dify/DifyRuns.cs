using System.Collections.Concurrent;

namespace Larkspur.Emulator.Dify;

/// <summary>Answers under way, and runs that wait for a form.</summary>
public sealed class DifyRuns : IResettableState
{
    private readonly ConcurrentDictionary<string, (string User, CancellationTokenSource Stop)> _running = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DifyPausedRun> _byToken = new(StringComparer.Ordinal);

    /// <summary>Tasks that run.</summary>
    public IReadOnlyCollection<string> Running => [.. _running.Keys];

    public CancellationToken Begin(string taskId, string user) => _running.GetOrAdd(taskId, static (_, user) => (user, new CancellationTokenSource()), user).Stop.Token;

    public void End(string taskId)
    {
        // Not disposed of: it has neither a timer nor a wait handle, and a stop that comes at this moment must find it alive.
        _running.TryRemove(taskId, out _);
    }

    /// <summary>Another user's stop is ignored, and nobody is told.</summary>
    public void Stop(string taskId, string user)
    {
        if (_running.TryGetValue(taskId, out var run) && run.User == user) run.Stop.Cancel();
    }

    public void Pause(DifyPausedRun run) => _byToken[run.Token] = run;

    public DifyPausedRun? ByToken(string token) => _byToken.GetValueOrDefault(token);

    public DifyPausedRun? ByRun(string runId, string user) => _byToken.Values.FirstOrDefault(r => r.RunId == runId && r.User == user);

    public void Reset() => _byToken.Clear();
}

/// <summary>A run that waits for a form, or waited.</summary>
public sealed record DifyPausedRun(string Token, string RunId, string User, DifyConversation Conversation, DifyMessage Message, string TaskId, DateTimeOffset ExpiresAt)
{
    /// <summary>The chosen action, once somebody has chosen.</summary>
    public string? Action { get; set; }

    public string Note { get; set; } = "";
}
