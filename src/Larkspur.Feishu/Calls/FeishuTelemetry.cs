using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu;

/// <summary>What the call pipeline counts.</summary>
internal static class FeishuTelemetry
{
    public static readonly Counter<long> Calls =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.feishu.calls", description: "Calls by endpoint and outcome (ok, a failure kind, network, cancelled, error).");

    public static readonly Counter<long> Retries =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.feishu.retries", description: "Repeated tries by endpoint and reason.");

    public static readonly Histogram<double> ShapingWait =
        LarkspurTelemetry.Meter.CreateHistogram("larkspur.feishu.shaping.wait", "s", "Time calls waited for their turn under the documented limits.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });

    private static readonly string[] Kinds = Array.ConvertAll(Enum.GetNames<FailureKind>(), JsonNamingPolicy.SnakeCaseLower.ConvertName);

    /// <summary>A failure kind as a label: <c>rate_limited</c>.</summary>
    public static string Label(FailureKind kind) => Kinds[(int)kind];

    public static void Count(Counter<long> counter, string endpoint, string label, string value)
        => counter.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>(label, value));
}

/// <summary>What the call pipeline logs: ids and codes, never bodies, addresses or tokens.</summary>
internal static partial class FeishuLog
{
    [LoggerMessage(101, LogLevel.Debug, "{Endpoint} attempt {Attempt} failed with code {Code}, HTTP {Status}, log id {LogId}")]
    public static partial void Refused(ILogger logger, string endpoint, int attempt, int code, int status, string? logId);

    [LoggerMessage(102, LogLevel.Debug, "{Endpoint} attempt {Attempt} got no answer: {Problem}")]
    public static partial void NoAnswer(ILogger logger, string endpoint, int attempt, string problem);

    [LoggerMessage(103, LogLevel.Information, "{Endpoint} is tried again after {Pause} (attempt {Attempt}, reason {Reason})")]
    public static partial void Retrying(ILogger logger, string endpoint, TimeSpan pause, int attempt, string reason);

    [LoggerMessage(104, LogLevel.Warning, "The platform refused the app's {Kind} token with code {Code} on {Endpoint}; a new one is fetched once")]
    public static partial void TokenRefused(ILogger logger, FeishuTokenKinds kind, int code, string endpoint);

    [LoggerMessage(105, LogLevel.Error, "The tenant's monthly API quota is used up (99991403), refused on {Endpoint}")]
    public static partial void QuotaExceeded(ILogger logger, string endpoint);

    [LoggerMessage(106, LogLevel.Error, "The call observer failed on {Endpoint}; the call is not affected")]
    public static partial void ObserverFailed(ILogger logger, string endpoint, Exception exception);
}
