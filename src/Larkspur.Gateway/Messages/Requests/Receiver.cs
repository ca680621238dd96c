using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Messages;

/// <summary>Who gets a message.</summary>
/// <param name="Type">The platform's <c>receive_id_type</c>.</param>
/// <param name="Id">The id.</param>
internal sealed record Receiver(string Type, string Id)
{
    private const string Robot = "robot";

    /// <summary>Exactly one of the kinds.</summary>
    /// <param name="to">As it was sent.</param>
    /// <param name="robots">A group robot is one.</param>
    public static Receiver Of(MessageReceiver to, bool robots = false)
    {
        (string Type, string? Id)[] all =
        [
            ("chat_id", to.ChatId), ("open_id", to.OpenId), ("union_id", to.UnionId), ("user_id", to.UserId), ("email", to.Email),
            (Robot, to.Robot),
        ];
        return all.Where(one => one.Id is not null).ToArray() switch
        {
            [(Robot, var name)] => robots ? new Receiver(Robot, name!)
                : throw RequestRefusedException.Impossible("not_for_robots", "/to/robot",
                    "A group robot says new messages alone: nothing can be passed on to it."),
            [var (type, id)] => new Receiver(type, FeishuIds.Check(type, id!, "/to/" + type)),
            [] => throw RequestRefusedException.Malformed("missing", "/to",
                $"\"to\" names nobody: give one of {string.Join(", ", all.Select(a => a.Type))}."),
            _ => throw RequestRefusedException.Malformed("several_receivers", "/to", "\"to\" names one receiver, in one way."),
        };
    }
}
