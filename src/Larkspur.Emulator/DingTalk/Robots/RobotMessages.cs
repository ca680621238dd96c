using Larkspur.Emulator.DingTalk.Chats;

namespace Larkspur.Emulator.DingTalk.Robots;

/// <summary>Puts what the robot says into a chat.</summary>
internal sealed class RobotMessages(EmulatorState state, DingTalkChats chats, DingTalkSettings settings)
{
    public DingTalkMessage Say(string chatId, RobotContent content, string? processQueryKey = null) => chats.Add(content.As(new DingTalkMessage
    {
        MessageId = chats.NextMessageId(), ChatId = chatId, SenderKind = DingTalkSender.Robot, SenderId = settings.RobotCode, SenderName = "Larkspur 助手",
        Time = state.Clock.GetUtcNow(), Kind = content.Kind, ProcessQueryKey = processQueryKey,
    }));

    public DingTalkMessage SayAs(GroupRobot robot, RobotContent content) => chats.Add(content.As(new DingTalkMessage
    {
        MessageId = chats.NextMessageId(), ChatId = robot.ChatId, SenderKind = DingTalkSender.GroupRobot, SenderId = robot.Name, SenderName = robot.Name,
        Time = state.Clock.GetUtcNow(), Kind = content.Kind,
    }));
}
