using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.Front;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>May this caller see that message?</summary>
internal static class MessageAccess
{
    public static Message Visible(EmulatedWorld world, ApiRequest request)
    {
        var id = request.Path["message_id"];
        if (!id.StartsWith("om_", StringComparison.Ordinal)) throw request.Refuse(230001, "Your request contains an invalid request parameter, ext=invalid message_id.");
        var message = world.Message(id) ?? throw new ApiRefusedException(400, 99992354, $"these message ids not existed: [{id}]");
        var chat = ChatOf(world, request, message);
        var viewer = request.Caller!.Kind == TokenKinds.User ? request.Caller.UserId! : request.App.AppId;
        if (!chat.Has(viewer)) throw request.Refuse(request.Endpoint.Errors.ContainsKey(230002) ? 230002 : 230050);
        return message;
    }

    public static Chat ChatOf(EmulatedWorld world, ApiRequest request, Message message) =>
        world.Chat(message.ChatId) ?? throw request.Refuse(232009);
}
