using Microsoft.AspNetCore.Http.Features;

namespace Larkspur.Gateway.Ingress;

/// <summary>
/// What a refused sender still writes. A server that closes at once resets the connection under it, and many clients then report a broken
/// pipe in place of the answer. So the answer goes out first, and the rest is read and forgotten within bounds.
/// </summary>
internal static partial class UnreadBody
{
    private const long MaxBytes = 16 << 20;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2);

    /// <summary>
    /// For requests that nobody began to read because they announced more than the server takes. Others the server itself reads to
    /// their end.
    /// </summary>
    public static async Task FinishOversizedAsync(HttpContext http, TimeProvider clock, ILogger logger)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is not { IsReadOnly: false } bound) return;
        if (http.Request.ContentLength is not { } length || length <= (bound.MaxRequestBodySize ?? long.MaxValue)) return;
        bound.MaxRequestBodySize = null;
        await FinishAsync(http, clock, logger);
    }

    /// <summary>Completes the answer, then reads the rest; breaks the connection off where that takes too long or too much.</summary>
    public static async Task FinishAsync(HttpContext http, TimeProvider clock, ILogger logger)
    {
        try
        {
            await http.Response.CompleteAsync();
            using var deadline = new CancellationTokenSource(Deadline, clock);
            await RequestBody.DrainAsync(http.Request, MaxBytes, deadline.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            SenderDidNotFinish(logger, e);
            // Without this the server tries to read on where the reading broke, and logs an error about it for every such sender.
            http.Abort();
        }
    }

    [LoggerMessage(LogLevel.Debug, "An oversized sender did not finish")]
    private static partial void SenderDidNotFinish(ILogger logger, Exception error);
}
