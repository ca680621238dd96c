using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace Larkspur.WeCom;

/// <summary>What the SDK counts.</summary>
internal static class WeComTelemetry
{
    public static readonly CallMetrics Calls = new("wecom");

    public static readonly Counter<long> Callbacks =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.wecom.callbacks", description: "Callbacks by kind (app, aibot) and outcome (delivered, address_check, or the refusal).");
}

/// <summary>What the call pipeline logs: ids and codes, never bodies, addresses, keys or tokens.</summary>
internal static partial class WeComLog
{
    [LoggerMessage(201, LogLevel.Debug, "{Endpoint} attempt {Attempt} failed with code {Code}, HTTP {Status}")]
    public static partial void Refused(ILogger logger, string endpoint, int attempt, int code, int status);

    [LoggerMessage(204, LogLevel.Warning, "The platform refused the app's token with code {Code} on {Endpoint}; a new one is fetched once")]
    public static partial void TokenRefused(ILogger logger, int code, string endpoint);

    [LoggerMessage(205, LogLevel.Error, "The platform refuses the secret of corp {CorpId} with code {Code}; it is not tried again for {Pause}, because a wrong secret that keeps coming closes the address for an hour")]
    public static partial void SecretRefused(ILogger logger, string corpId, int code, TimeSpan pause);
}
