namespace Larkspur.Feishu;

/// <summary>An error code in plain language: what happened, and what to do about it.</summary>
/// <param name="Chinese">For readers of Chinese.</param>
/// <param name="English">For everybody else.</param>
public sealed record FeishuExplanation(string Chinese, string English)
{
    /// <summary>The text for a locale: Chinese for <c>zh…</c>, else English.</summary>
    public string For(string? locale) => locale?.StartsWith("zh", StringComparison.OrdinalIgnoreCase) == true ? Chinese : English;

    /// <summary>The text for a code, if it is one that people meet in chats.</summary>
    /// <param name="code">The platform's code; of a card that was not taken the inner one (<see cref="FeishuCardError.Code"/>) says more.</param>
    public static FeishuExplanation? Of(int code) => FeishuErrorTexts.Of(code, "");

    /// <inheritdoc/>
    public override string ToString() => English;
}
