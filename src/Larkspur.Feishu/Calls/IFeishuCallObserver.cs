namespace Larkspur.Feishu;

/// <summary>Is told of every request that reached the platform or may have: each try of each call, and each fetch of a token.</summary>
/// <remarks>
/// For accounting. Called on the call's own thread when its try has ended, before the caller hears of it: be quick, and do not call the platform.
/// What it throws is logged and goes no further.
/// </remarks>
public interface IFeishuCallObserver
{
    /// <summary>A try ended.</summary>
    void OnRequest(in FeishuRequestRecord request);
}

/// <summary>One request to the platform.</summary>
/// <param name="AppId">The app.</param>
/// <param name="Tenant">Store apps: the tenant key; else empty.</param>
/// <param name="Endpoint">The endpoint's catalogue id.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Code">The platform's error code; 0 when it named none.</param>
/// <param name="HttpStatus">HTTP status of the answer; 0 when none came.</param>
/// <param name="FetchesToken">The SDK made it by itself, for a token.</param>
public readonly record struct FeishuRequestRecord(
    string AppId, string Tenant, string Endpoint, FeishuRequestOutcome Outcome, int Code, int HttpStatus, bool FetchesToken);

/// <summary>How a request ended.</summary>
public enum FeishuRequestOutcome
{
    /// <summary>The platform did it.</summary>
    Done,

    /// <summary>The platform answered and said no, or nothing that can be read.</summary>
    Refused,

    /// <summary>No answer came; it may have been done.</summary>
    Unanswered,
}
