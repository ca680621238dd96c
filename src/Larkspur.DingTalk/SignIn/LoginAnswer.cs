namespace Larkspur.DingTalk.SignIn;

/// <summary>How a person came back from the sign-in page.</summary>
public enum LoginOutcome
{
    /// <summary>With a code: exchange it.</summary>
    SignedIn,

    /// <summary>Without: the person refused, or the page could not go on.</summary>
    Refused,

    /// <summary>The state is not the one that this browser was sent away with. Somebody may be trying to sign it in as another person: begin anew, and do not use the code.</summary>
    WrongState,

    /// <summary>Nothing that the page sends: no code and no error, two codes that differ, a value twice.</summary>
    Unusable,
}

/// <summary>What stood in the address to which the sign-in page sent a person back.</summary>
public sealed record LoginAnswer
{
    private LoginAnswer(LoginOutcome outcome) => Outcome = outcome;

    /// <summary>How it went.</summary>
    public LoginOutcome Outcome { get; }

    /// <summary>For <see cref="DingTalkSignIn.ExchangeAsync"/>; only where <see cref="Outcome"/> is <see cref="LoginOutcome.SignedIn"/>. Secret.</summary>
    public string? Code { get; private init; }

    /// <summary>The page's word for why not; from outside, so show it as text alone. 200 characters at most.</summary>
    public string? Error { get; private init; }

    /// <summary>Reads the query. The state is judged first, in constant time: what came with a wrong one is not looked at.</summary>
    /// <param name="query">The query as it stands in the address, with or without its question mark.</param>
    /// <param name="expectedState">The state of this browser's session. Use it once: forget it before or after this call, whatever comes of it.</param>
    /// <exception cref="ArgumentException">There is no expected state: then anybody's code would do.</exception>
    public static LoginAnswer Read(string? query, string expectedState)
    {
        ArgumentException.ThrowIfNullOrEmpty(expectedState);
        if (SignInQuery.Parse(query) is not { } told) return new(LoginOutcome.Unusable);
        if (!told.HasState(expectedState)) return new(LoginOutcome.WrongState);
        if (told.Error is { } error) return new(LoginOutcome.Refused) { Error = error };
        // The page sends both names with one value; the older of its descriptions knows one of them alone.
        (string? code, string? authCode) = (told["code"], told["authCode"]);
        if (code is not null && authCode is not null && code != authCode) return new(LoginOutcome.Unusable);
        return (authCode ?? code) is { } one ? new(LoginOutcome.SignedIn) { Code = one } : new(LoginOutcome.Unusable);
    }

    /// <summary>Without the code.</summary>
    public override string ToString() => Error is null ? $"login answer: {Outcome}" : $"login answer: {Outcome} ({Error})";
}
