namespace Larkspur;

/// <summary>What a platform's refusal means for the caller.</summary>
public enum FailureKind
{
    /// <summary>Nothing more is known than the code.</summary>
    Unknown,

    /// <summary>The platform's own trouble; may pass.</summary>
    Transient,

    /// <summary>Too fast; nothing happened, and later it will work.</summary>
    RateLimited,

    /// <summary>Somebody else is writing the same thing; nothing happened, and later it will work.</summary>
    Conflict,

    /// <summary>A paid or monthly quota is used up; retrying makes it worse.</summary>
    Quota,

    /// <summary>The app or the person may not: scope, availability, membership, or an ability that is switched off.</summary>
    Permission,

    /// <summary>App id, secret or token is wrong or dead.</summary>
    Authentication,

    /// <summary>The request itself is wrong; it will never work as it is.</summary>
    Invalid,

    /// <summary>What the request names does not exist (any more).</summary>
    NotFound,
}
