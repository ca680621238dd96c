using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.DingTalk;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.Web.Platforms;

namespace Larkspur.Emulator.Web.DingTalk;

/// <summary>DingTalk's page: the robot, groups and work notices as one employee sees them.</summary>
internal sealed class DingTalkClient(DingTalkPlatform platform, DingTalkChats chats, ChatReader reader) : IPlatformClient
{
    public const string PlatformName = "dingtalk";

    public string Name => PlatformName;

    public bool MarksRead => true;

    /// <remarks>Everybody finds the robot in the list, also who has not met it.</remarks>
    public IReadOnlyList<ChatRow> Chats(Viewer viewer)
    {
        chats.WithRobot(viewer.Me.UserId);
        return [.. reader.ChatsOf(viewer.Me.UserId).Select(line => Row(viewer, line))];
    }

    public IReadOnlyList<MessageRow> Messages(Viewer viewer, ChatRow chat)
    {
        var rows = new DingTalkMessageRows(viewer, id => chats.Message(id) is { } quoted ? reader.Read(quoted, viewer.Me.UserId) : null, chat.Writable);
        return [.. reader.Messages(chat.Id, viewer.Me.UserId, Viewer.MessagesShown).Select(rows.Of)];
    }

    public int Unread(string userId) => chats.All(userId).Sum(c => chats.Unread(userId, c.Id));

    public Task OpenAsync(string userId, string chat, bool first, CancellationToken cancellationToken) => DoAsync(userId, "read", new JsonObject { ["chat"] = chat }, cancellationToken);

    public async Task<string?> SendAsync(string userId, string chat, string text, bool mention, CancellationToken cancellationToken)
    {
        await DoAsync(userId, "send", new JsonObject { ["chat"] = chat, ["text"] = text, ["at"] = mention }, cancellationToken);
        return null;
    }

    public async Task<string?> ReplyAsync(string userId, string chat, string message, string text, bool mention, CancellationToken cancellationToken)
    {
        await DoAsync(userId, "send", new JsonObject { ["chat"] = chat, ["text"] = text, ["at"] = mention, ["reply_to"] = message }, cancellationToken);
        return null;
    }

    public async Task<string?> UploadAsync(string userId, string chat, string name, byte[] bytes, bool isPicture, CancellationToken cancellationToken)
    {
        await DoAsync(userId, "send", new JsonObject { ["chat"] = chat, ["msg_type"] = isPicture ? "picture" : "file", ["name"] = name, ["base64"] = Convert.ToBase64String(bytes) }, cancellationToken);
        return null;
    }

    public async Task<string?> ClickAsync(string userId, string message, string key, IReadOnlyDictionary<string, string[]> chosen, CancellationToken cancellationToken) =>
        (await DoAsync(userId, "click", new JsonObject { ["message_id"] = message, ["action"] = key }, cancellationToken))["failure"]?.GetValue<string>();

    /// <remarks>The robot's answers have no thumbs here.</remarks>
    public Task<string?> RateAsync(string userId, string message, string rating, CancellationToken cancellationToken) => throw new ControlRefusal("DingTalk's robot takes no ratings here.");

    private Task<JsonObject> DoAsync(string userId, string what, JsonObject members, CancellationToken cancellationToken)
    {
        (members["as"], members["do"]) = (userId, what);
        return platform.ActAsync(new ControlInput(members), cancellationToken);
    }

    private static ChatRow Row(Viewer viewer, ChatLine line)
    {
        var (texts, chat) = (viewer.Texts, line.Chat);
        return new ChatRow(chat.Id, texts.Code == "zh" ? chat.Title : chat.EnTitle, chat.Kind switch { DingTalkChatKind.Group => ChatAvatar.Group, DingTalkChatKind.Notices => ChatAvatar.Notices, _ => ChatAvatar.Bot })
        {
            Note = chat.Kind switch { DingTalkChatKind.Group => texts.GroupOf(chat.People.Length), DingTalkChatKind.Notices => texts.WorkNotices, _ => texts.RobotChat },
            Tag = chat.Kind == DingTalkChatKind.Robot ? texts.Bot : "",
            Preview = line.Last is null ? "" : DingTalkPreview.Of(line.Last, texts),
            LastActive = line.Last?.Message.Time,
            Unread = line.Unread,
            Writable = chat.Kind != DingTalkChatKind.Notices,
            Mentionable = chat.Kind == DingTalkChatKind.Group ? "Larkspur" : null,
        };
    }
}
