using System.Text;

namespace Larkspur.Feishu.Messaging;

/// <summary>Writes the text of a <c>text</c> message: people's words, mentions, links and styles.</summary>
/// <remarks>Custom bots know mentions, but neither styles nor links.</remarks>
public sealed class TextBuilder
{
    private readonly StringBuilder _text = new();

    /// <summary>Adds text. Whatever stands in it is shown, not obeyed.</summary>
    public TextBuilder Text(string text)
    {
        _text.Append(MessageText.Harmless(text));
        return this;
    }

    /// <summary>Adds text and ends the line.</summary>
    public TextBuilder Line(string text = "") => Text(text).Raw("\n");

    /// <summary>Mentions a person, who is notified.</summary>
    /// <param name="userId">open_id, union_id or user_id.</param>
    /// <param name="name">Shown where the person is not known; may be left out.</param>
    /// <exception cref="MessageContentException">No id of a person.</exception>
    public TextBuilder Mention(string userId, string? name = null)
    {
        if (userId == "all") throw new MessageContentException(MessageContentProblem.WrongValue, $"\"all\" is everybody: say {nameof(MentionAll)} if that is meant.");
        return Raw($"<at user_id=\"{ContentChecks.Key(userId, "The id of the mentioned person")}\">{MessageText.Name(name ?? "")}</at>");
    }

    /// <summary>Mentions everybody in the group. The group must allow it (230018 otherwise).</summary>
    public TextBuilder MentionAll() => Raw("<at user_id=\"all\"></at>");

    /// <summary>Adds a link.</summary>
    /// <exception cref="MessageContentException">Not an address, or brackets in the text: the platform would not see a link.</exception>
    public TextBuilder Link(string text, string address)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.AsSpan().ContainsAny('[', ']')) throw new MessageContentException(MessageContentProblem.WrongValue, "The words of a link must not have square brackets.");
        string url = ContentChecks.Link(address).Replace("(", "%28", StringComparison.Ordinal).Replace(")", "%29", StringComparison.Ordinal).Replace(" ", "%20", StringComparison.Ordinal);
        return Raw($"[{MessageText.Harmless(text)}]({url})");
    }

    /// <summary>Adds bold text.</summary>
    public TextBuilder Bold(string text) => Raw($"<b>{MessageText.Harmless(text)}</b>");

    /// <summary>Adds italic text.</summary>
    public TextBuilder Italic(string text) => Raw($"<i>{MessageText.Harmless(text)}</i>");

    /// <summary>Adds underlined text.</summary>
    public TextBuilder Underline(string text) => Raw($"<u>{MessageText.Harmless(text)}</u>");

    /// <summary>Adds text that are struck through.</summary>
    public TextBuilder Strike(string text) => Raw($"<s>{MessageText.Harmless(text)}</s>");

    /// <summary>Adds text in which tags are obeyed. Never pass on what a person wrote.</summary>
    public TextBuilder Raw(string markup)
    {
        _text.Append(markup);
        return this;
    }

    /// <summary>The text as it goes into <c>content.text</c>.</summary>
    public override string ToString() => _text.ToString();
}
