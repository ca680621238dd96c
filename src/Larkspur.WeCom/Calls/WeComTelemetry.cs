using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom;

/// <summary>What the call pipeline counts.</summary>
internal static class WeComTelemetry
{
    public static readonly Counter<long> Calls =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.wecom.calls", description: "Calls by endpoint and outcome (ok, a failure kind, network, cancelled, error).");

    public static readonly Counter<long> Retries =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.wecom.retries", description: "Repeated tries by endpoint and reason.");

    public static readonly Counter<long> Callbacks =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.wecom.callbacks", description: "Callbacks by kind (app, aibot) and outcome (delivered, address_check, or the refusal).");

    private static readonly string[] Kinds = Array.ConvertAll(Enum.GetNames<FailureKind>(), JsonNamingPolicy.SnakeCaseLower.ConvertName);

    /// <summary>A failure kind as a label: <c>rate_limited</c>.</summary>
    public static string Label(FailureKind kind) => Kinds[(int)kind];

    public static void Count(Counter<long> counter, string endpoint, string label, string value)
        => counter.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>(label, value));
}

/// <summary>What the call pipeline logs: ids and codes, never bodies, addresses, keys or tokens.</summary>
internal static partial class WeComLog
{
    [LoggerMessage(201, LogLevel.Debug, "{Endpoint} attempt {Attempt} failed with code {Code}, HTTP {Status}")]
    public static partial void Refused(ILogger logger, string endpoint, int attempt, int code, int status);

    [LoggerMessage(202, LogLevel.Debug, "{Endpoint} attempt {Attempt} got no answer: {Problem}")]
    public static partial void NoAnswer(ILogger logger, string endpoint, int attempt, string problem);

    [LoggerMessage(203, LogLevel.Information, "{Endpoint} is tried again after {Pause} (attempt {Attempt}, reason {Reason})")]
    public static partial void Retrying(ILogger logger, string endpoint, TimeSpan pause, int attempt, string reason);

    [LoggerMessage(204, LogLevel.Warning, "The platform refused the app's token with code {Code} on {Endpoint}; a new one is fetched once")]
    public static partial void TokenRefused(ILogger logger, int code, string endpoint);

    [LoggerMessage(205, LogLevel.Error, "The platform refuses the secret of corp {CorpId} with code {Code}; it is not tried again for {Pause}, because a wrong secret that keeps coming closes the address for an hour")]
    public static partial void SecretRefused(ILogger logger, string corpId, int code, TimeSpan pause);
}
