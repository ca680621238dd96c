namespace Larkspur;

/// <summary>A backend gives no answer, or not the whole of it. The text is for logs; it holds no key and nothing that the person wrote.</summary>
public sealed class AssistantException(AssistantFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What to do about it.</summary>
    public AssistantFailure Failure { get; } = failure;

    /// <summary>Part of the answer came before; asking again may cost twice.</summary>
    public bool MidStream { get; init; }

    /// <summary>How long the backend asked to wait, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }
}

/// <summary>Why a backend gives no answer.</summary>
public enum AssistantFailure
{
    /// <summary>Something else.</summary>
    Unknown,

    /// <summary>Too many questions at once; nothing happened, and later it will work.</summary>
    Busy,

    /// <summary>A paid quota is used up; an administrator has to act.</summary>
    Quota,

    /// <summary>Key, app or model are wrong or switched off; an administrator has to act.</summary>
    Misconfigured,

    /// <summary>The conversation does not exist (any more): ask again without its id.</summary>
    ConversationGone,

    /// <summary>The question itself is not taken: too long, a file of the wrong kind.</summary>
    Refused,

    /// <summary>Not reachable, silent, or in trouble.</summary>
    Unavailable,

    /// <summary>The answer broke off.</summary>
    Interrupted,
}
