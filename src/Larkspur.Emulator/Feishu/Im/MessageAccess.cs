using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Finds a message that a call names, if its caller may see it.</summary>
internal static class MessageAccess
{
    public static Message Visible(EmulatorState state, ApiRequest request)
    {
        var id = request.Path["message_id"];
        if (!id.StartsWith("om_", StringComparison.Ordinal)) throw request.Refuse(230001, "Your request contains an invalid request parameter, ext=invalid message_id.");
        var message = state.Message(id) ?? throw new ApiRefusedException(400, 99992354, $"these message ids not existed: [{id}]");
        var chat = ChatOf(state, request, message);
        var viewer = request.Caller!.Kind == TokenKinds.User ? request.Caller.UserId! : request.App.AppId;
        if (!chat.Has(viewer)) throw request.Refuse(request.Endpoint.Errors.ContainsKey(230002) ? 230002 : 230050);
        return message;
    }

    public static Chat ChatOf(EmulatorState state, ApiRequest request, Message message) =>
        state.Chat(message.ChatId) ?? throw request.Refuse(232009);
}
