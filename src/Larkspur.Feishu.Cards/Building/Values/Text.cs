namespace Larkspur.Feishu.Cards;

/// <summary>A text that is shown as it is, or as markdown. A plain string converts to the former.</summary>
public sealed record Text
{
    private Text(I18nText content, bool isMarkdown) => (Content, IsMarkdown) = (content ?? throw new ArgumentNullException(nameof(content)), isMarkdown);

    /// <summary>What it says.</summary>
    public I18nText Content { get; }

    /// <summary>Shown as markdown (<c>lark_md</c>).</summary>
    public bool IsMarkdown { get; }

    /// <summary>Shown as it is (<c>plain_text</c>).</summary>
    public static Text Plain(I18nText content) => new(content, false);

    /// <summary>Shown as markdown; texts of people go through <see cref="CardMarkdown.Escape"/> first.</summary>
    public static Text Markdown(I18nText content) => new(content, true);

    /// <summary>A plain text.</summary>
    public static implicit operator Text(string content) => new(content, false);

    /// <summary>A plain text with translations.</summary>
    public static implicit operator Text(I18nText content) => new(content, false);
}
