using Larkspur.Gateway.Api;

namespace Larkspur.Gateway.Ingress;

/// <summary>How webhooks refuse: a counter, now and then a line in the log, an answer with a word, and nothing else.</summary>
internal sealed class IngressRefusals(IngressMetrics metrics, TimeProvider clock, ILogger logger)
{
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
        await UnreadBody.FinishAsync(http, clock, logger);
    }
}
