using Microsoft.Extensions.Logging;

namespace Larkspur.Feishu.AspNetCore;

/// <summary>What the endpoint logs: ids and reasons, never bodies or secrets.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Refused a request with {Status}: {Reason}")]
    public static partial void Refused(ILogger logger, int status, string reason);

    [LoggerMessage(2, LogLevel.Error, "The handler of {EventType} {EventId} failed; reference {Reference}")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string eventType, string eventId, string reference);

    [LoggerMessage(3, LogLevel.Warning, "The handler of {EventType} {EventId} takes longer than {Patience}; what it returns is not shown")]
    public static partial void Late(ILogger logger, string eventType, string eventId, TimeSpan patience);

    [LoggerMessage(4, LogLevel.Warning, "Too many deliveries are being handled: {EventType} {EventId} was not taken")]
    public static partial void Busy(ILogger logger, string eventType, string eventId);

    [LoggerMessage(5, LogLevel.Warning, "The application stops before {EventType} {EventId} was handled")]
    public static partial void Stopped(ILogger logger, string eventType, string eventId);
}
