using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Messages fixed at the side of their chat. To pin again answers the present pin; to unpin what is not pinned succeeds.</summary>
internal sealed class PinsApi(EmulatorState state) : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.pin.create", Create);
        on.Add("im.v1.pin.delete", Delete);
        on.Add("im.v1.pin.list", List);
    }

    private ApiAnswer Create(ApiRequest request)
    {
        var message = Find(request, request.Text("message_id")!);
        if (message.Deleted) throw request.Refuse(230011);
        if (message.MsgType == "system") throw request.Refuse(230054);
        var (kind, who) = Receivers.Caller(request);
        var pinned = state.ChangeMessage(message.MessageId, m => m.Pin is null ? m with { Pin = new Pin(kind, who, state.Clock.GetUtcNow()) } : m)!;
        return FeishuAnswer.Data(new JsonObject { ["pin"] = Show(request, pinned) });
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        var message = Find(request, request.Path["message_id"]);
        state.ChangeMessage(message.MessageId, m => m.Pin is null ? m : m with { Pin = null });
        return FeishuAnswer.Data();
    }

    /// <summary>The youngest pin first; times are milliseconds.</summary>
    private ApiAnswer List(ApiRequest request)
    {
        var chat = state.Chat(request.QueryText("chat_id")!) ?? throw request.Refuse(230001, "Your request contains an invalid request parameter, ext=invalid chat_id.");
        if (!chat.Has(Receivers.Caller(request).Id)) throw request.Refuse(230002);
        var (from, to) = (Time(request, "start_time") ?? 0, Time(request, "end_time") ?? long.MaxValue);
        var pins = state.Messages(chat.ChatId).Where(m => m is { Pin: not null, Deleted: false } && m.Pin.Time.ToUnixTimeMilliseconds() is var at && at >= from && at <= to)
            .OrderByDescending(m => m.Pin!.Time).ToArray();
        return FeishuAnswer.Data(Paging.Page(request, pins, m => Show(request, m), 20, badToken: 230001));
    }

    private Message Find(ApiRequest request, string id)
    {
        if (!id.StartsWith("om_", StringComparison.Ordinal)) throw request.Refuse(230001, "Your request contains an invalid request parameter, ext=invalid message_id.");
        var message = state.Message(id) ?? throw new ApiRefusedException(400, 99992354, $"these message ids not existed: [{id}]");
        var chat = state.Chat(message.ChatId) ?? throw request.Refuse(230045);
        if (chat.Dissolved) throw request.Refuse(232009);
        return chat.Has(Receivers.Caller(request).Id) ? message : throw request.Refuse(230002);
    }

    private static JsonObject Show(ApiRequest request, Message message) => new()
    {
        ["message_id"] = message.MessageId,
        ["chat_id"] = message.ChatId,
        ["operator_id"] = message.Pin!.OperatorKind == SenderKind.User ? WireIds.OpenId(request.App.AppId, message.Pin.OperatorId) : message.Pin.OperatorId,
        ["operator_id_type"] = message.Pin.OperatorKind == SenderKind.User ? "open_id" : "app_id",
        ["create_time"] = MessageView.Millis(message.Pin.Time),
    };

    private static long? Time(ApiRequest request, string name)
    {
        if (request.QueryText(name) is not { } text) return null;
        return long.TryParse(text, out var time) ? time : throw request.Refuse(230001, $"Your request contains an invalid request parameter, ext=invalid {name}.");
    }
}
