using Larkspur.Gateway.Api;

namespace Larkspur.Gateway.Ingress;

/// <summary>How webhooks refuse: a counter, now and then a line in the log, an answer with a word, and nothing else.</summary>
internal sealed class IngressRefusals(IngressMetrics metrics, TimeProvider clock, ILogger logger)
{
    private const long DrainedBytes = 16 << 20;
    private static readonly TimeSpan DrainDeadline = TimeSpan.FromSeconds(2);

    private readonly RefusalLog _log = new(clock, logger);

    /// <summary>Answers with an error.</summary>
    /// <param name="http">The request.</param>
    /// <param name="status">Its status.</param>
    /// <param name="reason">A word of ours: the number of them is bounded.</param>
    public Task RefuseAsync(HttpContext http, int status, string reason)
    {
        Count(http, status, reason);
        return http.WriteErrorAsync(status, reason);
    }

    /// <summary>The same where the answer is written by somebody else.</summary>
    public void Count(HttpContext http, int status, string reason)
    {
        metrics.Refused(reason);
        _log.Log(http.Request, status, reason);
    }

    /// <summary>The same for a body that was not read to its end.</summary>
    public async Task RefuseAndReadAwayAsync(HttpContext http, int status, string reason)
    {
        http.Response.Headers.Connection = "close";
        await RefuseAsync(http, status, reason);
        await http.Response.CompleteAsync();
        try
        {
            using var deadline = new CancellationTokenSource(DrainDeadline, clock);
            await RequestBody.DrainAsync(http.Request, DrainedBytes, deadline.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            logger.LogDebug(e, "An oversized sender did not finish");
            // Without this the server tries to read on where the reading broke, and logs an error about it for every such sender.
            http.Abort();
        }
    }
}
