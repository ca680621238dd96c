using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Messages;

/// <summary>Who gets a message.</summary>
/// <param name="Type">The platform's <c>receive_id_type</c>.</param>
/// <param name="Id">The id.</param>
internal sealed record Receiver(string Type, string Id)
{
    /// <summary>Exactly one of the five kinds.</summary>
    public static Receiver Of(MessageReceiver to)
    {
        (string Type, string? Id)[] all =
            [("chat_id", to.ChatId), ("open_id", to.OpenId), ("union_id", to.UnionId), ("user_id", to.UserId), ("email", to.Email)];
        return all.Where(one => one.Id is not null).ToArray() switch
        {
            [var (type, id)] => new Receiver(type, FeishuIds.Check(type, id!, "/to/" + type)),
            [] => throw RequestRefusedException.Malformed("missing", "/to",
                $"\"to\" names nobody: give one of {string.Join(", ", all.Select(a => a.Type))}."),
            _ => throw RequestRefusedException.Malformed("several_receivers", "/to", "\"to\" names one receiver, in one way."),
        };
    }
}
