namespace Larkspur.Gateway.People.Identities;

/// <summary>A one-time code. Not a record: its text must not show it.</summary>
internal sealed class LinkCode(string code, DateTimeOffset expiresAt)
{
    /// <summary>Eight characters, none of which looks like another.</summary>
    public string Code { get; } = code;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;
}

/// <summary>What became of a code that somebody typed.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Person">Who typed it; when it linked: who both are now.</param>
/// <param name="TriesLeft">Wrong codes that are still looked at.</param>
/// <param name="RetryAt">When codes are looked at again; null: now.</param>
internal sealed record LinkResult(LinkOutcome Outcome, KnownPerson Person, int TriesLeft, DateTimeOffset? RetryAt = null)
{
    public bool IsLinked => Outcome == LinkOutcome.Linked;
}

internal enum LinkOutcome
{
    /// <summary>The two are one person; also when this code, typed under this id, made them one before.</summary>
    Linked,

    /// <summary>Nobody has this code: it was never made, was replaced, or was used.</summary>
    WrongCode,

    /// <summary>Its ten minutes are over.</summary>
    ExpiredCode,

    /// <summary>It is their own: it is to be typed on the other platform, or the two are linked already. No try is lost.</summary>
    OwnCode,

    /// <summary>Too many wrong ones: it was not looked at.</summary>
    TooManyTries,

    /// <summary>Both have accounts in one directory, and different ones: for the platform they are two people, and only an administrator can say otherwise. No try is lost.</summary>
    TwoPeople,

    /// <summary>One of the two is shut out.</summary>
    Disabled,
}
