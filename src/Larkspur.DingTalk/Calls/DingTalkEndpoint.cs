namespace Larkspur.DingTalk;

/// <summary>In which of the two forms a call is made and answered.</summary>
public enum DingTalkForm
{
    /// <summary><c>api.dingtalk.com</c>: token in a header, HTTP status decides, errors have a code that is a word.</summary>
    New,

    /// <summary><c>oapi.dingtalk.com</c>: token in the query, HTTP 200 whatever happens, <c>errcode</c> decides.</summary>
    Old,
}

/// <summary>Which token a call goes out with.</summary>
public enum DingTalkTokenKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>The app's. The platform's three ways to get one give interchangeable tokens (seen in the official SDKs; not promised).</summary>
    App,

    /// <summary>A person's, given with the call.</summary>
    User,
}

/// <summary>One API of the platform.</summary>
public sealed record DingTalkEndpoint
{
    /// <summary>Its name in logs, figures and errors, e.g. <c>robot.group.send</c>.</summary>
    public required string Id { get; init; }

    /// <summary>HTTP method.</summary>
    public required HttpMethod Method { get; init; }

    /// <summary>Path on its host.</summary>
    public required string Path { get; init; }

    /// <summary>New or old call.</summary>
    public DingTalkForm Form { get; init; }

    /// <summary>The token it takes.</summary>
    public DingTalkTokenKind Token { get; init; } = DingTalkTokenKind.App;

    /// <summary>The call only reads, although it may be a POST: repeating it is safe.</summary>
    public bool OnlyReads { get; init; }

    /// <summary>Counts against the organisation's month. Tokens, sign-in and contacts are free.</summary>
    public bool IsCounted { get; init; } = true;

    /// <summary>Calls a second that are allowed when that is less than the app's general limit; null: the general one.</summary>
    public int? PerSecond { get; init; }

    /// <summary>How long to stay away after "too fast". 1 s for most.</summary>
    public TimeSpan ThrottlePause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The call reads by its nature.</summary>
    internal bool Reads => OnlyReads || Method == HttpMethod.Get;
}
