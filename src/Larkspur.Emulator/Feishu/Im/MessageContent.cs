using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>What an app wants to say, judged and turned into what people receive.</summary>
internal sealed record MessageContent
{
    public const int MostTextBytes = 150 * 1024;
    public const int MostPostBytes = 30 * 1024;

    public required string Rendered { get; init; }
    public ImmutableDictionary<string, string> ByLocale { get; init; } = ImmutableDictionary<string, string>.Empty;
    public ImmutableArray<Mention> Mentions { get; init; } = [];
    public CardState? Card { get; init; }
}

/// <summary>Why content is refused.</summary>
internal sealed record ContentRefusal(long Code, string? Detail = null);

/// <summary>Reads the <c>content</c> string of each message type.</summary>
internal sealed partial class MessageContentReader(EmulatedWorld world, CardReader cards)
{
    private static readonly HashSet<string> PostTags = ["text", "a", "at", "img", "media", "emotion", "hr", "code_block", "md"];

    /// <param name="appId">The sender, whose open_ids the mentions use.</param>
    public MessageContent? Read(string appId, string msgType, string content, out ContentRefusal? refusal)
    {
        refusal = Encoding.UTF8.GetByteCount(content) > (msgType == "text" ? MessageContent.MostTextBytes : MessageContent.MostPostBytes) ? new ContentRefusal(230025) : null;
        if (refusal is not null) return null;
        if (msgType == "interactive")
        {
            var card = cards.Read(appId, content, out var problem);
            if (card is not null) return new MessageContent { Rendered = card.Json, Card = card };
            refusal = new ContentRefusal(230099, problem!.ToString());
            return null;
        }

        JsonObject? parsed = null;
        try
        {
            parsed = StrictJson.Parse(content) as JsonObject;
        }
        catch (JsonException)
        {
            // Falls through to the refusal below.
        }

        if (parsed is null)
        {
            refusal = new ContentRefusal(230001, "Your request contains an invalid request parameter, ext=content is not a string in json format.");
            return null;
        }

        var result = msgType switch
        {
            "text" => Text(appId, parsed),
            "post" => Post(appId, parsed),
            "image" => Resource(appId, parsed, "image_key", image: true, null, out refusal),
            "file" => Resource(appId, parsed, "file_key", image: false, null, out refusal),
            "audio" => Resource(appId, parsed, "file_key", image: false, "opus", out refusal),
            "media" => Resource(appId, parsed, "file_key", image: false, "mp4", out refusal),
            "sticker" => Has(parsed, "file_key"),
            "share_chat" => Str(parsed, "chat_id") is { } chat && world.Chat(chat) is { Kind: ChatKind.Group } ? Same(parsed) : null,
            "share_user" => Str(parsed, "user_id") is { } user && FindByOpenId(appId, user) is not null ? Same(parsed) : null,
            "system" => Str(parsed, "type") == "divider" ? Same(parsed) : null,
            _ => null,
        };
        if (result is null) refusal ??= new ContentRefusal(230001, $"Your request contains an invalid request parameter, ext=invalid content of msg_type {msgType}.");
        return refusal is null ? result : null;
    }

    public Person? FindByOpenId(string appId, string openId) => world.People.FirstOrDefault(p => WireIds.OpenId(appId, p.UserId) == openId);

    private MessageContent? Text(string appId, JsonObject content)
    {
        if (Str(content, "text") is not { } text || text.Length == 0) return null;
        var mentions = new MentionList(world, appId);
        var rendered = AtTag().Replace(text, m => mentions.Add(m.Groups[1].Value) ?? m.Groups[2].Value);
        return new MessageContent { Rendered = CanonicalJson.Write(new JsonObject { ["text"] = rendered }), Mentions = mentions.All };
    }

    /// <summary>One language per key; receivers get their language without the key around it.</summary>
    private MessageContent? Post(string appId, JsonObject content)
    {
        if (content["post"] is JsonObject wrapped) content = wrapped;
        var byLocale = ImmutableDictionary<string, string>.Empty;
        var mentions = new MentionList(world, appId);
        foreach (var (locale, node) in content)
        {
            if (node is not JsonObject post || post["content"] is not JsonArray paragraphs) return null;
            var lines = new JsonArray();
            foreach (var paragraph in paragraphs)
            {
                if (paragraph is not JsonArray parts) return null;
                var line = new JsonArray();
                foreach (var part in parts)
                {
                    if (part is not JsonObject element || Str(element, "tag") is not { } tag || !PostTags.Contains(tag)) return null;
                    if (tag is "img" or "media" && parts.Count > 1) return null;
                    if (!Known(appId, element, tag)) return null;
                    line.Add(Receive(element, tag, mentions));
                }

                lines.Add(line);
            }

            byLocale = byLocale.Add(locale, CanonicalJson.Write(new JsonObject { ["title"] = Str(post, "title") ?? "", ["content"] = lines }));
        }

        if (byLocale.Count == 0) return null;
        var first = byLocale.GetValueOrDefault("zh_cn") ?? byLocale.GetValueOrDefault("en_us") ?? byLocale.Values.First();
        return new MessageContent { Rendered = first, ByLocale = byLocale, Mentions = mentions.All };
    }

    private bool Known(string appId, JsonObject element, string tag) => tag switch
    {
        "img" => Str(element, "image_key") is { } key && world.File(key) is { IsImage: true },
        "media" => Str(element, "file_key") is { } key && world.File(key) is { IsImage: false } file && file.OwnerId == appId,
        "text" or "md" or "code_block" => Str(element, "text") is not null,
        "a" => Str(element, "href") is not null,
        "at" => Str(element, "user_id") is not null,
        _ => true,
    };

    private static JsonObject Receive(JsonObject element, string tag, MentionList mentions)
    {
        var copy = (JsonObject)element.DeepClone();
        if (tag == "at")
        {
            var id = Str(element, "user_id")!;
            if (mentions.Add(id) is { } key)
            {
                copy["user_id"] = key;
                copy["user_name"] = mentions.NameOf(key);
            }
        }
        else if (tag is "text" or "a")
        {
            copy["style"] ??= new JsonArray();
        }

        return copy;
    }

    private MessageContent? Resource(string appId, JsonObject content, string name, bool image, string? type, out ContentRefusal? refusal)
    {
        refusal = null;
        if (Str(content, name) is not { } key || world.File(key) is not { } file || file.IsImage != image) return null;
        if (!image && file.OwnerId != appId) refusal = new ContentRefusal(230017);
        else if (type is not null && file.Type != type) refusal = new ContentRefusal(230055);
        if (refusal is not null) return null;
        var rendered = new JsonObject { [name] = key };
        if (!image && type is null) rendered["file_name"] = file.Name;
        if (Str(content, "image_key") is { } cover && !image) rendered["image_key"] = cover;
        if (type is not null && file.DurationMs is { } duration) rendered["duration"] = duration;
        return new MessageContent { Rendered = CanonicalJson.Write(rendered) };
    }

    private static MessageContent? Has(JsonObject content, string name) => Str(content, name) is { Length: > 0 } ? Same(content) : null;

    private static MessageContent Same(JsonObject content) => new() { Rendered = CanonicalJson.Write(content) };

    private static string? Str(JsonObject o, string name) => (o[name] as JsonValue)?.TryGetValue<string>(out var s) == true ? s : null;

    [GeneratedRegex("""<at\s+(?:user_)?id=\\?["']?([^"'\\\s>]+)\\?["']?\s*>(.*?)</at>""", RegexOptions.Singleline)]
    private static partial Regex AtTag();

    /// <summary>Gives each mentioned person a number in the order of appearance.</summary>
    private sealed class MentionList(EmulatedWorld world, string appId)
    {
        private readonly List<Mention> _all = [];

        public ImmutableArray<Mention> All => [.. _all];

        public string? NameOf(string key) => _all.Find(m => m.Key == key)?.Name;

        /// <returns>The placeholder, or <see langword="null"/> when nobody has this id.</returns>
        public string? Add(string id)
        {
            if (id == "all")
            {
                if (!_all.Exists(m => m.Kind == MentionKind.All)) _all.Add(new Mention("@_all", MentionKind.All, "all", "所有人"));
                return "@_all";
            }

            var person = world.People.FirstOrDefault(p => WireIds.OpenId(appId, p.UserId) == id || p.UserId == id || p.UnionId == id);
            var bot = person is null ? world.Apps.FirstOrDefault(a => a.BotOpenId == id) : null;
            if (person is null && bot is null) return null;
            var (kind, who, name) = person is not null ? (MentionKind.Person, person.UserId, person.Name) : (MentionKind.Bot, bot!.AppId, bot.Name);
            if (_all.Find(m => m.Kind == kind && m.Id == who) is { } known) return known.Key;
            var key = $"@_user_{_all.Count(m => m.Kind != MentionKind.All) + 1}";
            _all.Add(new Mention(key, kind, who, name));
            return key;
        }
    }
}
