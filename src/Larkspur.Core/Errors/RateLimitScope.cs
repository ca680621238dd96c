namespace Larkspur;

/// <summary>What a platform's limit was counted for, and so what has to slow down.</summary>
public enum RateLimitScope
{
    /// <summary>No limit was hit.</summary>
    None,

    /// <summary>All of the app's calls of this endpoint (in this tenant). The SDK slows them down by itself.</summary>
    Endpoint,

    /// <summary>One receiver, chat, message, table or document. The SDK does not know which: whoever made the call slows that one down; others may go on.</summary>
    Target,
}
