using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu;

/// <summary>What the call pipeline counts.</summary>
internal static class FeishuTelemetry
{
    public static readonly CallMetrics Calls = new("feishu");
}

/// <summary>What the call pipeline logs: ids and codes, never bodies, addresses or tokens.</summary>
internal static partial class FeishuLog
{
    [LoggerMessage(101, LogLevel.Debug, "{Endpoint} attempt {Attempt} failed with code {Code}, HTTP {Status}, log id {LogId}")]
    public static partial void Refused(ILogger logger, string endpoint, int attempt, int code, int status, string? logId);

    [LoggerMessage(104, LogLevel.Warning, "The platform refused the app's {Kind} token with code {Code} on {Endpoint}; a new one is fetched once")]
    public static partial void TokenRefused(ILogger logger, FeishuTokenKinds kind, int code, string endpoint);

    [LoggerMessage(105, LogLevel.Error, "The tenant's monthly API quota is used up (99991403), refused on {Endpoint}")]
    public static partial void QuotaExceeded(ILogger logger, string endpoint);

    [LoggerMessage(106, LogLevel.Error, "The call observer failed on {Endpoint}; the call is not affected")]
    public static partial void ObserverFailed(ILogger logger, string endpoint, Exception exception);
}
