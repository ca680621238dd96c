using Microsoft.Extensions.Logging;

namespace Larkspur;

/// <summary>What is logged of every platform's calls: ids and reasons, never bodies, addresses or tokens.</summary>
internal static partial class CallLog
{
    [LoggerMessage(2, LogLevel.Debug, "{Endpoint} attempt {Attempt} got no answer: {Problem}")]
    public static partial void NoAnswer(ILogger logger, string endpoint, int attempt, string problem);

    [LoggerMessage(3, LogLevel.Information, "{Endpoint} is tried again after {Pause} (attempt {Attempt}, reason {Reason})")]
    public static partial void Retrying(ILogger logger, string endpoint, TimeSpan pause, int attempt, string reason);
}
