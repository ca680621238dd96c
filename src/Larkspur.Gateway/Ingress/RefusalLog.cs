using System.Collections.Concurrent;

namespace Larkspur.Gateway.Ingress;

/// <summary>Refused requests in the log: one line per reason and ten seconds, so that a flood fills the counters and not the disk.</summary>
internal sealed partial class RefusalLog(TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Refusals> _byReason = new();

    /// <param name="request">The refused one.</param>
    /// <param name="status">What it was answered.</param>
    /// <param name="reason">A word of ours: the number of them is bounded.</param>
    public void Log(HttpRequest request, int status, string reason)
    {
        var refusals = _byReason.GetOrAdd(reason, static _ => new Refusals());
        long unsaid;
        lock (refusals)
        {
            if (refusals.SaidAt is { } said && clock.GetElapsedTime(said) < Quiet)
            {
                refusals.Unsaid++;
                return;
            }

            unsaid = refusals.Unsaid;
            (refusals.SaidAt, refusals.Unsaid) = (clock.GetTimestamp(), 0);
        }

        RequestRefused(request.Method, request.Path, status, reason, unsaid);
    }

    private sealed class Refusals
    {
        public long? SaidAt { get; set; }

        public long Unsaid { get; set; }
    }

    [LoggerMessage(LogLevel.Information, "Refused {Method} {Path}: {Status} {Reason}, and {Unsaid} more since the last such line")]
    private partial void RequestRefused(string method, PathString path, int status, string reason, long unsaid);
}
