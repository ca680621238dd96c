using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Web.Platforms;
using Larkspur.Emulator.Web.WeCom.Approvals;
using Larkspur.Emulator.WeCom;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.GroupRobots;

namespace Larkspur.Emulator.Web.WeCom;

/// <summary>WeCom's page: the application, the AI bot and groups as one employee sees them.</summary>
internal sealed class WeComClient(WeComPlatform platform, WeComChats chats, RobotKeys robots) : IPlatformClient
{
    public const string PlatformName = "wecom";
    private const string BotName = "Larkspur";

    public string Name => PlatformName;

    public bool MarksRead => false;

    public IReadOnlyList<ChatRow> Chats(Viewer viewer) => [.. chats.All(viewer.Me.UserId).Select(c => Row(viewer, c))];

    public IReadOnlyList<MessageRow> Messages(Viewer viewer, ChatRow chat)
    {
        var rows = new WeComMessageRows(viewer, robots.All);
        return [.. chats.Messages(chat.Id, Viewer.MessagesShown).Where(m => !m.Dropped).Select(rows.Of)];
    }

    public int Unread(string userId) => 0;

    public string? Approvals(Viewer viewer, string? asPerson = null) => WeComInbox.Address(viewer, asPerson: asPerson);

    /// <remarks>The platform tells application and AI bot that somebody came in.</remarks>
    public async Task OpenAsync(string userId, string chat, bool first, CancellationToken cancellationToken)
    {
        var kind = Mine(userId, chat).Kind;
        if (!first || kind is not (WeComChatKind.Application or WeComChatKind.AiBot)) return;
        await platform.ActAsync(Input(userId, "enter", new JsonObject { ["to"] = kind == WeComChatKind.AiBot ? "aibot" : "app" }), cancellationToken);
    }

    public async Task<string?> SendAsync(string userId, string chat, string text, bool mention, CancellationToken cancellationToken)
    {
        await SayAsync(userId, chat, mention, new JsonObject { ["text"] = text }, cancellationToken);
        return null;
    }

    public async Task<string?> UploadAsync(string userId, string chat, string name, byte[] bytes, bool isPicture, CancellationToken cancellationToken)
    {
        await SayAsync(userId, chat, false, new JsonObject { ["msg_type"] = isPicture ? "image" : "file", ["name"] = name, ["base64"] = Convert.ToBase64String(bytes) }, cancellationToken);
        return null;
    }

    public async Task<string?> ClickAsync(string userId, string message, string key, IReadOnlyDictionary<string, string[]> chosen, CancellationToken cancellationToken)
    {
        var select = new JsonObject(chosen.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)new JsonArray([.. c.Value.Select(v => (JsonNode?)v)]))));
        return Failure(await platform.ActAsync(Input(userId, "click", new JsonObject { ["message_id"] = message, ["key"] = key, ["select"] = select }), cancellationToken));
    }

    public async Task<string?> RateAsync(string userId, string message, string rating, CancellationToken cancellationToken) =>
        Failure(await platform.ActAsync(Input(userId, "feedback", new JsonObject { ["message_id"] = message, ["rating"] = rating }), cancellationToken));

    private Task<JsonObject> SayAsync(string userId, string chatId, bool mention, JsonObject what, CancellationToken cancellationToken)
    {
        var chat = Mine(userId, chatId);
        if (chat.Kind is not (WeComChatKind.Application or WeComChatKind.AiBot)) what["chat"] = chat.ChatId;
        if (chat.Kind == WeComChatKind.AiBot || (mention && chat.HasAiBot)) what["to"] = "aibot";
        return platform.ActAsync(Input(userId, "send", what), cancellationToken);
    }

    private WeComChat Mine(string userId, string chatId) =>
        chats.Chat(chatId) is { } chat && chat.People.Contains(userId) ? chat : throw new ControlRefusal($"{userId} is in no chat {chatId}.");

    private static ControlInput Input(string userId, string what, JsonObject members)
    {
        (members["as"], members["do"]) = (userId, what);
        return new ControlInput(members);
    }

    private static string? Failure(JsonObject outcome) => outcome["ok"]?.GetValue<bool>() == true ? null : outcome["verdict"]?.GetValue<string>() ?? "";

    private ChatRow Row(Viewer viewer, WeComChat chat)
    {
        var (texts, zh) = (viewer.Texts, viewer.Texts.Code == "zh");
        var last = chats.Messages(chat.ChatId, 10).LastOrDefault(m => !m.Dropped);
        return new ChatRow(chat.ChatId, zh ? chat.Name : chat.EnName, chat.Kind == WeComChatKind.Group ? ChatAvatar.Group : ChatAvatar.Bot)
        {
            Note = chat.Kind switch { WeComChatKind.Application => texts.ApplicationChat, WeComChatKind.AiBot => texts.AiBot, _ => texts.GroupOf(chat.People.Length) },
            Tag = chat.Kind switch { WeComChatKind.Application => texts.Application, WeComChatKind.AiBot => texts.AiBot, _ => "" },
            Preview = last is null ? "" : WeComPreview.Of(last, viewer),
            LastActive = last?.Created,
            Mentionable = chat is { Kind: WeComChatKind.Group, HasAiBot: true } ? BotName : null,
        };
    }
}
