using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Larkspur.DingTalk;

/// <summary>What the SDK counts.</summary>
internal static class DingTalkTelemetry
{
    public static readonly CallMetrics Calls = new("dingtalk");

    public static readonly Counter<long> Uses =
        LarkspurTelemetry.Meter.CreateCounter<long>("larkspur.dingtalk.uses", description: "What counts against the organisation's month, by kind (call, delivery, webhook).");

    private static readonly string[] UseKinds = Array.ConvertAll(Enum.GetNames<DingTalkUseKind>(), JsonNamingPolicy.SnakeCaseLower.ConvertName);

    public static string Label(DingTalkUseKind kind) => UseKinds[(int)kind];
}

/// <summary>What the SDK logs of calls: ids and codes, never bodies, addresses or tokens.</summary>
internal static partial class DingTalkLog
{
    [LoggerMessage(301, LogLevel.Debug, "{Endpoint} attempt {Attempt} failed with code {Code}, HTTP {Status}, request id {RequestId}")]
    public static partial void Refused(ILogger logger, string endpoint, int attempt, string code, int status, string? requestId);

    [LoggerMessage(304, LogLevel.Warning, "The platform refused the app's token with code {Code} on {Endpoint}; a new one is fetched once")]
    public static partial void TokenRefused(ILogger logger, string code, string endpoint);

    [LoggerMessage(305, LogLevel.Error, "The organisation's API calls of the month are used up, refused on {Endpoint}")]
    public static partial void QuotaExceeded(ILogger logger, string endpoint);

    [LoggerMessage(306, LogLevel.Error, "The usage observer failed on {What}; nothing else is affected")]
    public static partial void ObserverFailed(ILogger logger, string what, Exception exception);

    [LoggerMessage(307, LogLevel.Error, "DingTalk has shut out this machine's address for five minutes, refused on {Endpoint}")]
    public static partial void AddressBanned(ILogger logger, string endpoint);

    [LoggerMessage(308, LogLevel.Error, "A frame of card {OutTrackId} failed; the card gets no more of them, and its end all the same")]
    public static partial void FrameFailed(ILogger logger, string outTrackId, Exception exception);
}
