using System.Text;

namespace Larkspur.Feishu.Messaging;

/// <summary>One part of a paragraph of a post or of a card's short form.</summary>
/// <param name="Tag"><c>text</c>, <c>a</c>, <c>at</c>, <c>img</c>, <c>media</c>, <c>emotion</c>, <c>code_block</c>, <c>hr</c>, <c>button</c>, …; others may come.</param>
public sealed record ReceivedPart(string Tag)
{
    /// <summary>Words, code, a button's label, a mentioned person's name.</summary>
    public string? Text { get; init; }

    /// <summary>Address of a link.</summary>
    public string? Href { get; init; }

    /// <summary>Who is mentioned; <c>all</c> for everybody.</summary>
    public string? UserId { get; init; }

    /// <summary>Key of a picture, or of a video's cover.</summary>
    public string? ImageKey { get; init; }

    /// <summary>Key of a video.</summary>
    public string? FileKey { get; init; }

    /// <summary>Name of an emoji.</summary>
    public string? EmojiType { get; init; }

    /// <summary>Language of code.</summary>
    public string? Language { get; init; }

    /// <summary>Styles of the text: <c>bold</c>, <c>italic</c>, <c>underline</c>, <c>lineThrough</c>.</summary>
    public IReadOnlyList<string> Style { get; init; } = [];

    /// <summary>Parts within this one (a card's <c>note</c>), and the choices of a select.</summary>
    public IReadOnlyList<ReceivedPart> Parts { get; init; } = [];

    /// <param name="title">The first line.</param>
    /// <param name="paragraphs">The lines below it.</param>
    /// <param name="plain">What is done to each text, for those that come with marks.</param>
    internal static string Words(string title, IReadOnlyList<IReadOnlyList<ReceivedPart>> paragraphs, Func<string, string>? plain = null)
    {
        var text = new StringBuilder(title);
        foreach (IReadOnlyList<ReceivedPart> paragraph in paragraphs)
        {
            if (text.Length > 0) text.Append('\n');
            foreach (ReceivedPart part in paragraph) part.Write(text, plain);
        }

        return text.ToString();
    }

    private void Write(StringBuilder text, Func<string, string>? plain)
    {
        text.Append(Tag switch
        {
            "a" when Href is not null && Href != Text => $"{Text} ({Href})",
            "at" => "@" + (Text is { Length: > 0 } name ? name : UserId),
            "img" => "[image]",
            "media" => "[video]",
            "emotion" => $"[{EmojiType}]",
            "hr" => "---",
            "button" => $"[{Text}]",
            "text" when Text is not null && plain is not null => plain(Text),
            _ => Text,
        });
        foreach (ReceivedPart part in Parts) part.Write(text, plain);
    }
}
