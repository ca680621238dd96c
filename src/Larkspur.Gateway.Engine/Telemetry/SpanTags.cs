using System.Diagnostics;

namespace Larkspur.Gateway.Telemetry;

/// <summary>What spans tell: ids and words of ours, after the semantic conventions for HTTP and messaging where those have a name for it. Never a text, a name or a token.</summary>
internal static class SpanTags
{
    public static void NotRecorded(this Activity span) => span
        .SetTag("http.request.method", "POST")
        .SetTag("http.response.status_code", StatusCodes.Status503ServiceUnavailable)
        .SetStatus(ActivityStatusCode.Error, "storage_unavailable");

    /// <param name="span">The span of what failed.</param>
    /// <param name="reason">A word: an exception's text may repeat what somebody wrote.</param>
    /// <param name="logId">The platform's id of the call, if it told.</param>
    public static void Failed(this Activity span, string reason, string? logId = null) => span
        .SetStatus(ActivityStatusCode.Error, reason)
        .SetTag("error.type", reason)
        .SetTag("feishu.log_id", logId);
}
