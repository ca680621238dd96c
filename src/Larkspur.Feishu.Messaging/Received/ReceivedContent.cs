using System.Text.Json;
using Larkspur.Feishu.Cards;

namespace Larkspur.Feishu.Messaging;

/// <summary>What a received message says, read by its type. What is sent and what is received differ: see the remarks of the types.</summary>
/// <remarks>Tolerant: an unknown type, or a content without its usual shape, becomes <see cref="ReceivedUnknown"/> and never an exception. Source: im-v1/message/events/message_content.</remarks>
/// <param name="Raw">The content as it came: JSON, save for recalled messages and merged forwards.</param>
public abstract record ReceivedContent(string Raw)
{
    /// <summary>Far beyond the 150 KB that the platform lets through; what is longer is not read.</summary>
    private const int LongestRead = 4 << 20;

    /// <summary>The content in words, for logs, searches and notifications; one line per paragraph.</summary>
    public abstract string PlainText { get; }

    /// <summary>Reads a content.</summary>
    /// <param name="messageType"><c>msg_type</c> of the REST API, <c>message_type</c> of events.</param>
    /// <param name="content">The content; null counts as empty.</param>
    /// <param name="mentions">Who is mentioned: resolves <c>@_user_1</c> in texts and posts.</param>
    public static ReceivedContent Parse(string messageType, string? content, IReadOnlyList<MessageMention>? mentions = null)
    {
        string raw = content ?? "";
        // Says nothing but a fixed sentence, and not always as JSON; the children come with feishu.Messages.GetAsync.
        if (messageType == "merge_forward") return new ReceivedMergedForward(raw);
        if (raw.Length is 0 or > LongestRead) return new ReceivedUnknown(messageType, raw);
        try
        {
            using JsonDocument document = JsonDocument.Parse(raw);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? ReceivedContentReader.Read(messageType, raw, document.RootElement, mentions ?? []) ?? new ReceivedUnknown(messageType, raw)
                : new ReceivedUnknown(messageType, raw);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No JSON, or a text that is cut within a character (JsonElement throws then). Not ours to repair: the raw content is kept for whoever knows better.
            return new ReceivedUnknown(messageType, raw);
        }
    }
}

/// <summary>Text. Styles are gone; links read <c>[words](address)</c>.</summary>
/// <param name="Text">As on the wire, with <c>@_user_1</c> where somebody is mentioned.</param>
/// <param name="Mentions">Who is mentioned.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedText(string Text, IReadOnlyList<MessageMention> Mentions, string Raw) : ReceivedContent(Raw)
{
    /// <summary>The text with the names of those who are mentioned.</summary>
    public override string PlainText => ReceivedMentions.WithNames(Text, Mentions);

    /// <summary>Everybody in the group is mentioned.</summary>
    public bool MentionsAll => Text.Contains(ReceivedMentions.All, StringComparison.Ordinal);

    /// <summary>The text without the mention of one person or bot: what is said to a bot that was called by its name.</summary>
    public string WithoutMention(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return ReceivedMentions.Without(Text, Mentions, id).Trim();
    }
}

/// <summary>Rich text. It comes without languages, and Markdown comes as the tags it was turned into.</summary>
/// <param name="Title">May be empty.</param>
/// <param name="Paragraphs">The parts of each paragraph.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedPost(string Title, IReadOnlyList<IReadOnlyList<ReceivedPart>> Paragraphs, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => ReceivedPart.Words(Title, Paragraphs);

    /// <summary>Keys of the pictures in it.</summary>
    public IEnumerable<string> ImageKeys => Paragraphs.SelectMany(p => p).Where(p => p is { Tag: "img", ImageKey: not null }).Select(p => p.ImageKey!);
}

/// <summary>A card in the platform's short form, or as it was sent (<c>cardsAsSent</c>).</summary>
/// <param name="Title">May be empty.</param>
/// <param name="Paragraphs">The parts of the short form; empty for a card as it was sent, whose JSON is <c>Raw</c>.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedCard(string Title, IReadOnlyList<IReadOnlyList<ReceivedPart>> Paragraphs, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    /// <remarks>The short form keeps the marks and entities of the card's markdown; here they are gone.</remarks>
    public override string PlainText => ReceivedPart.Words(Title, Paragraphs, static text => CardText.OfMarkdown(text, "en"));
}

/// <summary>A picture; <see cref="FeishuMessages.DownloadResourceAsync"/> fetches it.</summary>
/// <param name="ImageKey">Its key.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedImage(string ImageKey, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => "[image]";
}

/// <summary>A file, or a folder, which the API cannot download.</summary>
/// <param name="FileKey">Its key.</param>
/// <param name="FileName">Its name.</param>
/// <param name="IsFolder">A folder.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedFile(string FileKey, string FileName, bool IsFolder, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => FileName;
}

/// <summary>Sound.</summary>
/// <param name="FileKey">Its key.</param>
/// <param name="Duration">How long it plays.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedAudio(string FileKey, TimeSpan? Duration, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => "[audio]";
}

/// <summary>A video.</summary>
/// <param name="FileKey">Its key.</param>
/// <param name="CoverKey">Key of the picture before it plays, or null.</param>
/// <param name="FileName">Its name.</param>
/// <param name="Duration">How long it plays.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedMedia(string FileKey, string? CoverKey, string FileName, TimeSpan? Duration, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => FileName.Length > 0 ? FileName : "[video]";
}

/// <summary>A sticker. It can be sent again by its key, but not downloaded.</summary>
/// <param name="FileKey">Its key.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedSticker(string FileKey, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => "[sticker]";
}

/// <summary>The visiting card of a group.</summary>
/// <param name="ChatId"><c>oc_…</c></param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedSharedChat(string ChatId, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => $"[chat {ChatId}]";
}

/// <summary>The visiting card of a person.</summary>
/// <param name="OpenId"><c>ou_…</c></param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedSharedUser(string OpenId, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => $"[user {OpenId}]";
}

/// <summary>A place.</summary>
/// <param name="Name">As shown.</param>
/// <param name="Longitude">Degrees; null when it is no number.</param>
/// <param name="Latitude">Degrees; null when it is no number.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedLocation(string Name, double? Longitude, double? Latitude, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => Name;
}

/// <summary>An event of a calendar: shared, invited to, or handed over.</summary>
/// <param name="Summary">Its title.</param>
/// <param name="Start">When it begins.</param>
/// <param name="End">When it ends.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedCalendarEvent(string Summary, DateTimeOffset? Start, DateTimeOffset? End, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => Summary;
}

/// <summary>A video call.</summary>
/// <param name="Topic">Its title.</param>
/// <param name="Start">When it begins.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedVideoChat(string Topic, DateTimeOffset? Start, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => Topic;
}

/// <summary>A task.</summary>
/// <param name="TaskId">Its id.</param>
/// <param name="Summary">Its title, in words.</param>
/// <param name="Due">When it is due.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedTodo(string TaskId, string Summary, DateTimeOffset? Due, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => Summary;
}

/// <summary>A vote.</summary>
/// <param name="Topic">What is asked.</param>
/// <param name="Options">What may be answered.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedVote(string Topic, IReadOnlyList<string> Options, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => Options.Count == 0 ? Topic : $"{Topic}\n{string.Join('\n', Options)}";
}

/// <summary>Something that the platform says: who came, who left, a dividing line.</summary>
/// <param name="Text">The sentence with its names filled in.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedSystem(string Text, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => Text;
}

/// <summary>A red packet; only its caption comes.</summary>
/// <param name="Text">The caption.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedRedPacket(string Text, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => Text;
}

/// <summary>Several messages forwarded as one; <see cref="FeishuMessages.GetAsync"/> brings them.</summary>
/// <param name="Raw">A fixed sentence.</param>
public sealed record ReceivedMergedForward(string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => "[merged forward]";
}

/// <summary>A message that was recalled or deleted: what it said is gone.</summary>
/// <param name="Raw">A fixed sentence.</param>
public sealed record ReceivedRecalled(string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => "";
}

/// <summary>A type that this version does not know, or a content without the shape of its type.</summary>
/// <param name="Type">Wire name of the type.</param>
/// <param name="Raw">See <see cref="ReceivedContent"/>.</param>
public sealed record ReceivedUnknown(string Type, string Raw) : ReceivedContent(Raw)
{
    /// <inheritdoc/>
    public override string PlainText => $"[{Type}]";
}
