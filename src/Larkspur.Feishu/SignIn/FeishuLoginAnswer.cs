namespace Larkspur.Feishu.SignIn;

/// <summary>How a person came back from Feishu's sign-in page.</summary>
public enum FeishuLoginOutcome
{
    /// <summary>With a code: exchange it.</summary>
    SignedIn,

    /// <summary>Without: they refused.</summary>
    Refused,

    /// <summary>The state is not the one that this browser was sent away with. Somebody may be trying to sign it in as another person:
    /// begin anew, and do not use the code.</summary>
    WrongState,

    /// <summary>Nothing that the page sends: neither code nor error, or a value twice.</summary>
    Unusable,
}

/// <summary>What stood in the address to which the sign-in page sent a person back.</summary>
public sealed record FeishuLoginAnswer
{
    private FeishuLoginAnswer(FeishuLoginOutcome outcome) => Outcome = outcome;

    /// <summary>How it went.</summary>
    public FeishuLoginOutcome Outcome { get; }

    /// <summary>For <see cref="FeishuSignIn.ExchangeAsync"/>; only where they signed in. Five minutes, one use. Secret.</summary>
    public string? Code { get; private init; }

    /// <summary>The page's word for why not, e.g. <c>access_denied</c>; from outside, so show it as text alone. 200 characters
    /// at most.</summary>
    public string? Error { get; private init; }

    /// <summary>Reads the query. The state is judged first, in constant time: what came with a wrong one is not looked at.</summary>
    /// <param name="query">The query as it stands in the address, with or without its question mark.</param>
    /// <param name="expectedState">The state of this browser's session. Use it once: forget it, whatever comes of it.</param>
    /// <exception cref="ArgumentException">There is no expected state: then anybody's code would do.</exception>
    public static FeishuLoginAnswer Read(string? query, string expectedState)
    {
        ArgumentException.ThrowIfNullOrEmpty(expectedState);
        if (SignInQuery.Parse(query) is not { } told) return new(FeishuLoginOutcome.Unusable);
        if (!told.HasState(expectedState)) return new(FeishuLoginOutcome.WrongState);
        if (told.Error is { } error) return new(FeishuLoginOutcome.Refused) { Error = error };
        return told["code"] is { } code ? new(FeishuLoginOutcome.SignedIn) { Code = code } : new(FeishuLoginOutcome.Unusable);
    }

    /// <summary>Without the code.</summary>
    public override string ToString() => Error is null ? $"login answer: {Outcome}" : $"login answer: {Outcome} ({Error})";
}
