namespace Larkspur.Dify.OpenAi;

/// <summary>The service said no, or answered with something else than a stream of completions. Its text holds neither key nor question.</summary>
public sealed class OpenAiException(string message, Exception? inner = null) : PlatformApiException(message, inner)
{
    /// <inheritdoc/>
    public override string Platform => "openai";

    /// <summary>The service's own word (<c>code</c>, else <c>type</c>): <c>context_length_exceeded</c>. Empty when it gave none.</summary>
    public string ErrorCode { get; init; } = "";

    /// <summary>HTTP status.</summary>
    public int HttpStatus { get; init; }
}
