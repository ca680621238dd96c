namespace Larkspur.Dify;

/// <summary>Dify said no: with an error envelope, with an <c>error</c> event in the middle of a stream (HTTP stays 200 then), or with something that is not its JSON.</summary>
/// <remarks>Its text never contains the key.</remarks>
public sealed class DifyException(string message, Exception? inner = null) : PlatformApiException(message, inner)
{
    /// <inheritdoc/>
    public override string Platform => "dify";

    /// <summary>Dify's own word: <c>provider_quota_exceeded</c>. Empty when its answer had none (a proxy's page).</summary>
    public string ErrorCode { get; init; } = "";

    /// <summary>HTTP status; in the middle of a stream the one that the event names.</summary>
    public int HttpStatus { get; init; }

    /// <summary>It came after the answer had begun.</summary>
    public bool MidStream { get; init; }

    /// <summary>The conversation does not exist for this user, or has ended: ask again without its id.</summary>
    public bool IsConversationGone { get; init; }
}
