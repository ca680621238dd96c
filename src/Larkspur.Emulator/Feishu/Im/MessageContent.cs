using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.Cards.Validation;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>A message's content, validated and rendered for its receivers.</summary>
internal sealed record MessageContent
{
    public const int MostTextBytes = 150 * 1024;
    public const int MostPostBytes = 30 * 1024;

    public required string Rendered { get; init; }
    public ImmutableDictionary<string, string> ByLocale { get; init; } = ImmutableDictionary<string, string>.Empty;
    public ImmutableArray<Mention> Mentions { get; init; } = [];
    public CardState? Card { get; init; }

    /// <summary>What a forward says: a card as it is now, which does not follow its entity any more.</summary>
    public static MessageContent Copy(Message message) => new()
    {
        Rendered = message.Rendered, ByLocale = message.RenderedByLocale, Mentions = message.Mentions, Card = message.Card is { } card ? card with { EntityId = null } : null,
    };
}

/// <summary>Why content is refused.</summary>
internal sealed record ContentRefusal(long Code, string? Detail = null);

/// <summary>Who sends the content: what an app may name depends on it.</summary>
/// <param name="AppId">Whose open_ids the mentions use; <see langword="null"/>: those of any app (people, custom bots).</param>
/// <param name="OwnerId">Whose uploads may be used; <see langword="null"/>: everybody's.</param>
internal sealed record ContentAuthor(string? AppId, string? OwnerId)
{
    public static ContentAuthor App(string appId) => new(appId, appId);

    /// <summary>A person's client uploads as the person, and forwards what others uploaded.</summary>
    public static readonly ContentAuthor Anybody = new(null, null);
}

/// <summary>Reads the <c>content</c> string of each message type (catalogue/feishu/message-content.json).</summary>
internal sealed partial class MessageContentReader(EmulatorState state, CardReader cards)
{
    private const int LongestDivider = 20;

    /// <param name="appId">The sender, whose open_ids the mentions use.</param>
    public MessageContent? Read(string appId, string msgType, string content, out ContentRefusal? refusal) =>
        Read(ContentAuthor.App(appId), msgType, content, out refusal);

    public MessageContent? Read(ContentAuthor author, string msgType, string content, out ContentRefusal? refusal)
    {
        refusal = Encoding.UTF8.GetByteCount(content) > (msgType == "text" ? MessageContent.MostTextBytes : MessageContent.MostPostBytes) ? new ContentRefusal(230025) : null;
        if (refusal is not null) return null;
        if (HasSensitiveWord(content))
        {
            refusal = new ContentRefusal(230022);
            return null;
        }

        if (msgType == "interactive")
        {
            var card = cards.Read(author.AppId, content, out var problem);
            if (card is not null) return new MessageContent { Rendered = card.Json, Card = card };
            refusal = problem!.Kind == CardProblemKind.TooLarge ? new ContentRefusal(230025) : new ContentRefusal(230099, problem.ToString());
            return null;
        }

        if (Parse(content) is not { } parsed)
        {
            refusal = Wrong("content is not a string in json format");
            return null;
        }

        var result = msgType switch
        {
            "text" => Text(author, parsed),
            "post" => new PostContent(state, author).Read(parsed, out refusal),
            "image" => Resource(author, parsed, "image_key", image: true, msgType, out refusal),
            "file" or "audio" or "media" => Resource(author, parsed, "file_key", image: false, msgType, out refusal),
            "sticker" => Sticker(author, parsed, out refusal),
            "share_chat" => ShareChat(parsed, out refusal),
            "share_user" => Str(parsed, "user_id") is { } user && FindPerson(author, user) is not null ? Same(parsed) : null,
            "system" => Divider(parsed),
            _ => null,
        };
        if (result is null) refusal ??= Wrong($"invalid content of msg_type {msgType}");
        return refusal is null ? result : null;
    }

    public Person? FindByOpenId(string appId, string openId) => state.PersonByOpenId(appId, openId);

    public static string? Str(JsonObject o, string name) => (o[name] as JsonValue)?.TryGetValue<string>(out var s) == true ? s : null;

    public static ContentRefusal Wrong(string why) => new(230001, $"Your request contains an invalid request parameter, ext={why}.");

    private static JsonObject? Parse(string content)
    {
        try
        {
            return StrictJson.Parse(content) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private bool HasSensitiveWord(string content)
    {
        var words = state.Rules.SensitiveWords;
        return words.Length > 0 && words.Any(w => content.Contains(w, StringComparison.OrdinalIgnoreCase));
    }

    private MessageContent? Text(ContentAuthor author, JsonObject content)
    {
        if (Str(content, "text") is not { } text || text.Length == 0) return null;
        var mentions = new MentionList(state, author);
        var rendered = AtTag().Replace(text, m => mentions.Add(m.Groups[1].Value) ?? m.Groups[2].Value);
        return new MessageContent { Rendered = CanonicalJson.Write(new JsonObject { ["text"] = rendered }), Mentions = mentions.All };
    }

    /// <summary>A file goes out as the message type that its <c>file_type</c> belongs to: opus as audio, mp4 as media, all else as file.</summary>
    private MessageContent? Resource(ContentAuthor author, JsonObject content, string name, bool image, string msgType, out ContentRefusal? refusal)
    {
        refusal = null;
        if (Str(content, name) is not { } key || state.File(key) is not { } file || file.IsImage != image) return null;
        if (author.OwnerId is { } owner && file.OwnerId != owner) refusal = new ContentRefusal(230017);
        else if (!image && MessageTypeOf(file) != msgType) refusal = new ContentRefusal(230055);
        else if (Str(content, "image_key") is { } cover && !image && state.File(cover) is not { IsImage: true }) refusal = Wrong("invalid image_key");
        if (refusal is not null) return null;
        var rendered = new JsonObject { [name] = key };
        if (msgType == "media" && Str(content, "image_key") is { } shown) rendered["image_key"] = shown;
        if (msgType is "file" or "media") rendered["file_name"] = file.Name;
        if (msgType is "audio" or "media" && file.DurationMs is { } duration) rendered["duration"] = duration;
        return new MessageContent { Rendered = CanonicalJson.Write(rendered) };
    }

    public static string MessageTypeOf(StoredFile file) => file.Type switch
    {
        "opus" => "audio",
        "mp4" => "media",
        _ => "file",
    };

    /// <summary>Apps cannot upload stickers: they send those that they received. That another one is 230017 is UNVERIFIED.</summary>
    private MessageContent? Sticker(ContentAuthor author, JsonObject content, out ContentRefusal? refusal)
    {
        refusal = null;
        if (Str(content, "file_key") is not { Length: > 0 } key) return null;
        if (author.AppId is { } app && !state.Chats(app).Any(c => state.Messages(c.ChatId).Any(m => m.MsgType == "sticker" && !m.Deleted && m.Content.Contains('"' + key + '"', StringComparison.Ordinal))))
        {
            refusal = new ContentRefusal(230017);
            return null;
        }

        return Same(content);
    }

    private MessageContent? ShareChat(JsonObject content, out ContentRefusal? refusal)
    {
        refusal = null;
        if (Str(content, "chat_id") is not { } id || state.Chat(id) is not { } chat) return null;
        if (chat.Kind == ChatKind.P2p) refusal = new ContentRefusal(230015);
        else if (chat.Dissolved) refusal = new ContentRefusal(232009);
        return refusal is null ? Same(content) : null;
    }

    private Person? FindPerson(ContentAuthor author, string id) => author.AppId is { } app
        ? FindByOpenId(app, id)
        : state.Named(id) ?? state.Apps.Select(a => state.PersonByOpenId(a.AppId, id)).FirstOrDefault(p => p is not null);

    /// <summary>The one system message that apps may send: a line with a few words in it.</summary>
    private static MessageContent? Divider(JsonObject content)
    {
        if (Str(content, "type") != "divider" || content["params"]?["divider_text"] is not JsonObject divider) return null;
        if (Str(divider, "text") is not { Length: > 0 } text || text.EnumerateRunes().Count() > LongestDivider) return null;
        if (divider["i18n_text"] is JsonObject others && others.Any(o => o.Value is not JsonValue v || !v.TryGetValue<string>(out var t) || t.EnumerateRunes().Count() > LongestDivider)) return null;
        return Same(content);
    }

    private static MessageContent Same(JsonObject content) => new() { Rendered = CanonicalJson.Write(content) };

    [GeneratedRegex("""<at\s+(?:user_)?id=\\?["']?([^"'\\\s>]+)\\?["']?\s*>(.*?)</at>""", RegexOptions.Singleline)]
    private static partial Regex AtTag();
}
