namespace Larkspur.Feishu;

/// <summary>What the client saw while it made one call: what to log about a call that worked. A refused one says the same in its exception.</summary>
/// <remarks>
/// Give a new one in <see cref="FeishuCallOptions.Trace"/> and read it when the call has ended, well or not; not while it runs. A trace that is used
/// again, by the next page of a paged call for example, starts anew and shows the last call.
/// </remarks>
public sealed class FeishuCallTrace
{
    /// <summary>The id of the last answer, under which the platform's support finds it, or null when it had none or no answer came at all.</summary>
    public string? LogId { get; private set; }

    /// <summary>How often the request was sent: 0 when it never left, 1 when the first try was the last. Fetching a token does not count.</summary>
    public int Attempts { get; private set; }

    /// <summary>HTTP status of the last answer; 0 when the last try got none.</summary>
    public int HttpStatus { get; private set; }

    internal void Begin() => (LogId, Attempts, HttpStatus) = (null, 0, 0);

    internal void Sent() => (LogId, Attempts, HttpStatus) = (null, Attempts + 1, 0);

    internal void Answered(int httpStatus, string? logId) => (HttpStatus, LogId) = (httpStatus, logId);

    /// <summary>An error body may name an id that is not in the headers.</summary>
    internal void Refused(string? logId) => LogId = logId ?? LogId;
}
