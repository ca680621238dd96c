using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>The robot answers a message at the address that came with it.</summary>
internal sealed class SessionReplyApi(SessionWebhooks sessions, DingTalkChats chats, WebhookContent contents, RobotMessages voice) : IDingTalkArea
{
    public IEnumerable<DingTalkRoute> Routes => [DingTalkRoute.Post("/robot/sendBySession", Reply) with { Token = TokenKind.None }];

    private DingTalkAnswer Reply(DingTalkCall call)
    {
        // What the platform says of a session that is over is UNVERIFIED.
        var chatId = sessions.ChatOf(call.Query["session"].ToString()) ?? throw DingTalkRefusal.Old(40035, "session is invalid or expired");
        if (chats.Find(chatId) is not { Disbanded: false }) throw DingTalkRefusal.Old(400013, "group is disbanded");
        if (contents.Read(call.Body) is { } content) voice.Say(chatId, content);
        return new([]);
    }
}
