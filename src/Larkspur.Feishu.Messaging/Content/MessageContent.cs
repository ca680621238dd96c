using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Cards;

namespace Larkspur.Feishu.Messaging;

/// <summary>What a message says: its type and its content, made by one maker per type and checked when it is made.</summary>
/// <remarks>Source: im-v1/message/create_json. Every maker throws <see cref="MessageContentException"/> for what the platform would refuse.</remarks>
public sealed class MessageContent
{
    /// <summary>Longest text of a divider, characters.</summary>
    public const int LongestDivider = 20;

    private MessageContent(MsgType type, string json)
    {
        ContentChecks.Size(type.Value, json);
        (Type, Json) = (type, json);
    }

    private MessageContent(MsgType type, JsonNode content) : this(type, content.ToJsonString(FeishuJson.Options))
    {
    }

    /// <summary><c>msg_type</c>.</summary>
    public MsgType Type { get; }

    /// <summary>The JSON that goes into <c>content</c>.</summary>
    public string Json { get; }

    /// <summary>Plain words: nothing in them mentions anybody or changes the style.</summary>
    /// <param name="words">At most 150 KB, with line breaks.</param>
    public static MessageContent Text(string words) => TextMarkup(MessageText.Harmless(words));

    /// <summary>Text with mentions, links and styles.</summary>
    public static MessageContent Text(Action<TextBuilder> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var text = new TextBuilder();
        write(text);
        return TextMarkup(text.ToString());
    }

    /// <summary>Text in which tags are obeyed, e.g. <c>&lt;at user_id="all"&gt;&lt;/at&gt;</c>. Never pass on what a person wrote.</summary>
    public static MessageContent TextMarkup(string markup)
    {
        ArgumentNullException.ThrowIfNull(markup);
        if (string.IsNullOrWhiteSpace(markup)) throw new MessageContentException(MessageContentProblem.Empty, "The text is empty.");
        return new(MsgType.Text, new JsonObject { ["text"] = markup });
    }

    /// <summary>Rich text, at most 30 KB.</summary>
    public static MessageContent Post(Action<PostBuilder> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        var post = new PostBuilder();
        write(post);
        return new(MsgType.Post, post.Build());
    }

    /// <summary>A picture that was uploaded.</summary>
    public static MessageContent Image(string imageKey) => new(MsgType.Image, Keyed("image_key", imageKey));

    /// <summary>A file that was uploaded.</summary>
    public static MessageContent File(string fileKey) => new(MsgType.File, Keyed("file_key", fileKey));

    /// <summary>Sound that was uploaded as <c>opus</c>.</summary>
    public static MessageContent Audio(string fileKey) => new(MsgType.Audio, Keyed("file_key", fileKey));

    /// <summary>A video that was uploaded as <c>mp4</c>.</summary>
    /// <param name="fileKey">The video.</param>
    /// <param name="coverKey">An uploaded picture that is shown until it plays; null: none.</param>
    public static MessageContent Media(string fileKey, string? coverKey = null)
    {
        JsonObject media = Keyed("file_key", fileKey);
        if (coverKey is not null) media["image_key"] = ContentChecks.Key(coverKey, "image_key");
        return new(MsgType.Media, media);
    }

    /// <summary>A sticker that the bot has received: the platform takes no others.</summary>
    public static MessageContent Sticker(string fileKey) => new(MsgType.Sticker, Keyed("file_key", fileKey));

    /// <summary>The visiting card of a group the bot is in; good for 7 days.</summary>
    public static MessageContent ShareChat(string chatId) => new(MsgType.ShareChat, new JsonObject { ["chat_id"] = ContentChecks.Prefixed(chatId, "oc_", "chat_id") });

    /// <summary>The visiting card of a person.</summary>
    /// <param name="openId"><c>ou_…</c></param>
    public static MessageContent ShareUser(string openId) => new(MsgType.ShareUser, new JsonObject { ["user_id"] = ContentChecks.Prefixed(openId, "ou_", "user_id") });

    /// <summary>A card as JSON: 2.0, 1.0, a template reference or an entity reference; at most 30 KB. Sent as it stands.</summary>
    public static MessageContent Card(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        ContentChecks.Size("interactive", json); // before parsing: what is far too large is not worth a look
        ContentChecks.ParseObject(json, "The card").Dispose();
        return new(MsgType.Interactive, json);
    }

    /// <summary>A card that was built here.</summary>
    public static MessageContent Card(CardBuilder card)
    {
        ArgumentNullException.ThrowIfNull(card);
        return Card(card.ToJson());
    }

    /// <summary>A card made with the card building tool and published there.</summary>
    public static MessageContent Card(CardTemplateReference template)
    {
        ArgumentNullException.ThrowIfNull(template);
        return Card(template.ToJson());
    }

    /// <summary>A card entity of CardKit. It can be sent once, by the app that made it.</summary>
    public static MessageContent Card(CardEntityReference entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return Card(entity.ToJson());
    }

    /// <summary>A card made with the card building tool and published there.</summary>
    /// <param name="templateId"><c>AAq…</c></param>
    /// <param name="variables">Values of its variables, by name; anything that serialises to JSON.</param>
    /// <param name="version">e.g. <c>1.0.0</c>; null: the latest published.</param>
    public static MessageContent CardTemplate(string templateId, IReadOnlyDictionary<string, object?>? variables = null, string? version = null)
    {
        var data = new JsonObject { ["template_id"] = ContentChecks.Key(templateId, "template_id") };
        if (version is not null) data["template_version_name"] = ContentChecks.Key(version, "template_version_name");
        if (variables is not null) data["template_variable"] = JsonSerializer.SerializeToNode(variables, FeishuJson.Options);
        return new(MsgType.Interactive, new JsonObject { ["type"] = "template", ["data"] = data });
    }

    /// <summary>A card entity of CardKit. It can be sent once, by the app that made it.</summary>
    public static MessageContent CardEntity(string cardId)
        => new(MsgType.Interactive, new JsonObject { ["type"] = "card", ["data"] = new JsonObject { ["card_id"] = ContentChecks.Key(cardId, "card_id") } });

    /// <summary>A dividing line. Only in the conversation with one person; needs the scope <c>im:message:send_sys_msg</c>.</summary>
    /// <param name="text">At most 20 characters.</param>
    /// <param name="translations">The same in other languages, by locale (<c>zh_CN</c>, <c>en_US</c>).</param>
    /// <param name="rollUp">True: several in a row are shown as one.</param>
    public static MessageContent Divider(string text, IReadOnlyDictionary<string, string>? translations = null, bool rollUp = true)
    {
        JsonObject divider = new() { ["text"] = DividerText(text) };
        if (translations is { Count: > 0 }) divider["i18n_text"] = new JsonObject(translations.Select(t => KeyValuePair.Create(t.Key, (JsonNode?)DividerText(t.Value))));
        return new(new MsgType("system"), new JsonObject
        {
            ["type"] = "divider",
            ["params"] = new JsonObject { ["divider_text"] = divider },
            ["options"] = new JsonObject { ["need_rollup"] = rollUp },
        });
    }

    /// <summary>Content that was made elsewhere; only what every type has in common is checked.</summary>
    public static MessageContent Raw(MsgType type, string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (string.IsNullOrEmpty(type.Value)) throw new MessageContentException(MessageContentProblem.WrongType, "The content has no msg_type.");
        ContentChecks.Size(type.Value, json);
        ContentChecks.ParseObject(json, $"The content of this {type.Value} message").Dispose();
        return new(type, json);
    }

    /// <summary>Type and length; not the text.</summary>
    public override string ToString() => $"{Type.Value} message, {Json.Length} characters";

    private static JsonObject Keyed(string name, string key) => new() { [name] = ContentChecks.Key(key, name) };

    private static string DividerText(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new MessageContentException(MessageContentProblem.Empty, "The divider has no text.");
        return text.Length <= LongestDivider ? text
            : throw new MessageContentException(MessageContentProblem.TooLarge, $"The divider's text has {text.Length} characters; the platform takes {LongestDivider}.");
    }
}
