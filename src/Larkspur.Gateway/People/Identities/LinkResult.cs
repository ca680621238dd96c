namespace Larkspur.Gateway.People.Identities;

/// <summary>A one-time code. Not a record: its text must not show it.</summary>
internal sealed class LinkCode(string code, DateTimeOffset expiresAt)
{
    /// <summary>Eight characters, none of which looks like another.</summary>
    public string Code { get; } = code;

    public DateTimeOffset ExpiresAt { get; } = expiresAt;
}

/// <summary>What somebody gets who wants a code. Not a record: its text must not show the code.</summary>
internal sealed class LinkBeginning(LinkOutcome outcome, LinkCode? code = null)
{
    /// <summary><see cref="LinkOutcome.Asked"/> also when they are asked again about the last code; <see cref="LinkOutcome.NotPermitted"/>, <see cref="LinkOutcome.Disabled"/>.</summary>
    public LinkOutcome Outcome { get; } = outcome;

    /// <summary>Null: there is none.</summary>
    public LinkCode? Code { get; } = code;
}

/// <summary>What became of a code that somebody typed, or of what they decided.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="Person">Who did it; when it linked: who both are now.</param>
/// <param name="TriesLeft">Wrong codes that are still looked at.</param>
/// <param name="RetryAt">When codes are looked at again; null: now.</param>
internal sealed record LinkResult(LinkOutcome Outcome, KnownPerson Person, int TriesLeft = 0, DateTimeOffset? RetryAt = null)
{
    public bool IsLinked => Outcome == LinkOutcome.Linked;

    /// <summary>The platform on which the other side is asked; null: nobody is.</summary>
    public string? AskedOn { get; init; }
}

internal enum LinkOutcome
{
    /// <summary>The two are one person; also when the same was confirmed before.</summary>
    Linked,

    /// <summary>The account that made the code is asked; nothing is joined until it confirms.</summary>
    Asked,

    /// <summary>The account that made the code does not want it.</summary>
    Refused,

    /// <summary>Two are two again.</summary>
    Undone,

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

    /// <summary>The settings do not let accounts of this platform, issuer or kind link themselves.</summary>
    NotPermitted,

    /// <summary>This account is asked nothing; somebody else's request is as unknown to it as none.</summary>
    NothingAsked,

    /// <summary>It was asked, and the ten minutes are over.</summary>
    ExpiredRequest,

    /// <summary>There is nothing to undo: nothing was joined within a day, or it was undone.</summary>
    NothingToUndo,
}
