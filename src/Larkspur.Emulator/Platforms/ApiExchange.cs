namespace Larkspur.Emulator.Platforms;

/// <summary>One API call on its way through the pipeline, and what the inspector will show of it.</summary>
/// <param name="logId">Under what the platform lets the call be found; empty where it has nothing of the kind.</param>
/// <param name="started">By the real clock.</param>
internal class ApiExchange(HttpContext http, string logId, long started)
{
    public HttpContext Http { get; } = http;

    public HttpRequest Request => Http.Request;

    public string Path { get; } = http.Request.Path.Value ?? "/";

    public string LogId { get; } = logId;

    public long Started { get; } = started;

    public ReceivedBody Body { get; } = new();

    /// <summary>Which API it is, as the inspector names it; <see langword="null"/> while nobody knows.</summary>
    public string? EndpointId { get; set; }

    public string? AppId { get; set; }

    /// <summary>In words: served, why it was refused, or which fault was injected.</summary>
    public string Verdict { get; set; } = "";
}
