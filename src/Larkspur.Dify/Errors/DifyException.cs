namespace Larkspur.Dify;

/// <summary>Dify said no: with an error envelope, with an <c>error</c> event in the middle of a stream (HTTP stays 200 then), or with something that is not its JSON.</summary>
/// <remarks>Its text has Dify's code and nothing that Dify or a person wrote; that is in <see cref="Detail"/>.</remarks>
public sealed class DifyException(string message, Exception? inner = null) : PlatformApiException(message, inner)
{
    /// <inheritdoc/>
    public override string Platform => "dify";

    /// <summary>Dify's own word: <c>provider_quota_exceeded</c>. Empty when its answer had none (a proxy's page), or something that is no word.</summary>
    public string ErrorCode { get; init; } = "";

    /// <summary>
    /// Dify's own text, without the app's key, 300 characters at most; empty when there was none. For an administrator's eyes: it may quote the question, or what a model's provider said. Nothing here logs it.
    /// </summary>
    public string Detail { get; init; } = "";

    /// <summary>HTTP status; in the middle of a stream the one that the event names.</summary>
    public int HttpStatus { get; init; }

    /// <summary>It came after the answer had begun.</summary>
    public bool MidStream { get; init; }

    /// <summary>The conversation does not exist for this user, or has ended: ask again without its id.</summary>
    public bool IsConversationGone { get; init; }
}
