using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Messaging;

/// <summary>Styles of words in a post, combinable.</summary>
[Flags]
public enum PostStyle
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>bold</c></summary>
    Bold = 1,

    /// <summary><c>italic</c></summary>
    Italic = 2,

    /// <summary><c>underline</c></summary>
    Underline = 4,

    /// <summary><c>lineThrough</c></summary>
    LineThrough = 8,
}

/// <summary>Writes a <c>post</c> (rich text) in one or both of its languages.</summary>
/// <example><c>MessageContent.Post(p => p.Chinese("周报", b => b.Paragraph(l => l.Text("完成").Mention("ou_…"))))</c></example>
public sealed class PostBuilder
{
    private readonly JsonObject _locales = [];

    /// <summary>What readers with a Chinese client see; everybody, when there is no other language.</summary>
    public PostBuilder Chinese(string? title, Action<PostBody> write) => Locale("zh_cn", title, write);

    /// <summary>What readers with an English client see; everybody, when there is no other language.</summary>
    public PostBuilder English(string? title, Action<PostBody> write) => Locale("en_us", title, write);

    internal JsonObject Build()
        => _locales.Count > 0 ? _locales : throw new MessageContentException(MessageContentProblem.Empty, "A post needs at least one language.");

    private PostBuilder Locale(string locale, string? title, Action<PostBody> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var body = new PostBody();
        write(body);
        if (!_locales.TryAdd(locale, new JsonObject { ["title"] = title ?? "", ["content"] = body.Build(title) }))
            throw new MessageContentException(MessageContentProblem.WrongValue, $"The post has {locale} twice.");
        return this;
    }
}

/// <summary>The paragraphs of a post in one language. Pictures, videos, rules, code and Markdown stand in a paragraph of their own, as the platform wants.</summary>
public sealed class PostBody
{
    private readonly JsonArray _paragraphs = [];

    /// <summary>Adds a paragraph of words, links, mentions and emoji.</summary>
    public PostBody Paragraph(Action<PostLine> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var line = new PostLine();
        write(line);
        _paragraphs.Add(line.Build());
        return this;
    }

    /// <summary>Adds a paragraph of plain text.</summary>
    public PostBody Paragraph(string text) => Paragraph(line => line.Text(text));

    /// <summary>Adds a picture.</summary>
    /// <param name="imageKey">From <see cref="FeishuUploads.ImageAsync(Stream, string?, ImageUse, IProgress{UploadProgress}?, FeishuCallOptions?, CancellationToken)"/>.</param>
    public PostBody Image(string imageKey) => Alone(new() { ["tag"] = "img", ["image_key"] = ContentChecks.Key(imageKey, "image_key") });

    /// <summary>Adds a video.</summary>
    /// <param name="fileKey">An uploaded mp4.</param>
    /// <param name="coverKey">An uploaded picture, or null for none.</param>
    public PostBody Media(string fileKey, string? coverKey = null)
    {
        var media = new JsonObject { ["tag"] = "media", ["file_key"] = ContentChecks.Key(fileKey, "file_key") };
        if (coverKey is not null) media["image_key"] = ContentChecks.Key(coverKey, "image_key");
        return Alone(media);
    }

    /// <summary>Adds a rule.</summary>
    public PostBody Rule() => Alone(new() { ["tag"] = "hr" });

    /// <summary>Adds code.</summary>
    /// <param name="code">The lines.</param>
    /// <param name="language"><c>GO</c>, <c>JSON</c>, …; null: plain text.</param>
    public PostBody Code(string code, string? language = null)
    {
        ArgumentNullException.ThrowIfNull(code);
        var block = new JsonObject { ["tag"] = "code_block", ["text"] = code };
        if (language is not null) block["language"] = language;
        return Alone(block);
    }

    /// <summary>Adds Markdown, in which <c>&lt;at user_id="…"&gt;&lt;/at&gt;</c> mentions people: pass what people wrote through <see cref="MessageText.Harmless"/>.</summary>
    public PostBody Markdown(string markdown)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        return Alone(new() { ["tag"] = "md", ["text"] = markdown });
    }

    internal JsonArray Build(string? title)
        => _paragraphs.Count > 0 || !string.IsNullOrEmpty(title) ? _paragraphs : throw new MessageContentException(MessageContentProblem.Empty, "A post without a title needs a paragraph.");

    private PostBody Alone(JsonObject element)
    {
        _paragraphs.Add(new JsonArray(element));
        return this;
    }
}

/// <summary>The parts of one paragraph.</summary>
public sealed class PostLine
{
    private static readonly (PostStyle Style, string Name)[] Names =
        [(PostStyle.Bold, "bold"), (PostStyle.Italic, "italic"), (PostStyle.Underline, "underline"), (PostStyle.LineThrough, "lineThrough")];

    private readonly JsonArray _parts = [];

    /// <summary>Adds text. Whatever stands in it is shown, not obeyed.</summary>
    public PostLine Text(string text, PostStyle style = PostStyle.None) => Add(new() { ["tag"] = "text", ["text"] = MessageText.WithoutMentions(text) }, style);

    /// <summary>Adds a link.</summary>
    /// <exception cref="MessageContentException">Not an address: the platform would refuse the whole message.</exception>
    public PostLine Link(string text, string address, PostStyle style = PostStyle.None)
        => Add(new() { ["tag"] = "a", ["text"] = MessageText.WithoutMentions(text), ["href"] = ContentChecks.Link(address) }, style);

    /// <summary>Mentions a person.</summary>
    /// <param name="userId">open_id, union_id or user_id.</param>
    /// <param name="style">Styles of the name.</param>
    public PostLine Mention(string userId, PostStyle style = PostStyle.None)
    {
        if (userId == "all") throw new MessageContentException(MessageContentProblem.WrongValue, $"\"all\" is everybody: say {nameof(MentionAll)} if that is meant.");
        return Add(new() { ["tag"] = "at", ["user_id"] = ContentChecks.Key(userId, "The id of the mentioned person") }, style);
    }

    /// <summary>Mentions everybody in the group. The group must allow it (230018 otherwise).</summary>
    public PostLine MentionAll() => Add(new() { ["tag"] = "at", ["user_id"] = "all" }, PostStyle.None);

    /// <summary>Adds an emoji by its name, e.g. <c>SMILE</c>.</summary>
    public PostLine Emotion(string emojiType) => Add(new() { ["tag"] = "emotion", ["emoji_type"] = ContentChecks.Key(emojiType, "emoji_type") }, PostStyle.None);

    internal JsonArray Build() => _parts;

    private PostLine Add(JsonObject part, PostStyle style)
    {
        if (style != PostStyle.None) part["style"] = new JsonArray([.. Names.Where(n => style.HasFlag(n.Style)).Select(n => (JsonNode)n.Name)]);
        _parts.Add(part);
        return this;
    }
}
