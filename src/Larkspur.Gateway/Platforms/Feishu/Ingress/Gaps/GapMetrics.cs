using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;

/// <summary>What comparisons came to, in figures and for the status. Of this process: the comparison runs on one of several.</summary>
internal sealed class GapMetrics(Meter meter)
{
    private readonly Counter<long> _calls = meter.CreateCounter<long>("larkspur_gap_calls_total", description: "Calls that read chat lists and history to find what never arrived.");
    private readonly Counter<long> _found = meter.CreateCounter<long>("larkspur_gap_found_total", description: "Messages in the history that never arrived.");
    private readonly Counter<long> _filled = meter.CreateCounter<long>("larkspur_gap_filled_total", description: "Of them, those that were put into the inbox.");
    private readonly ConcurrentDictionary<string, GapAnswer> _apps = new(StringComparer.Ordinal);

    /// <summary>The last comparison of each app.</summary>
    public IReadOnlyList<GapAnswer> Apps => [.. _apps.Values.OrderBy(a => a.App, StringComparer.Ordinal)];

    public void Called(string app) => _calls.Add(1, new KeyValuePair<string, object?>("app", app));

    public void Found(string app, int count) => _found.Add(count, new KeyValuePair<string, object?>("app", app));

    public void Filled(string app) => _filled.Add(1, new KeyValuePair<string, object?>("app", app));

    public void Compared(GapAnswer answer) => _apps[answer.App] = answer;
}

/// <summary>The last comparison of an app's chats with their history.</summary>
/// <param name="App">The app.</param>
/// <param name="At">When.</param>
/// <param name="Chats">Chats compared.</param>
/// <param name="Calls">Calls made.</param>
/// <param name="Found">Messages that never arrived.</param>
/// <param name="Problem">What kept it from being whole, or null.</param>
internal sealed record GapAnswer(string App, DateTimeOffset At, int Chats, int Calls, int Found, string? Problem);
