using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Reads messages: one, a chat's history, and who has read one.</summary>
internal sealed class MessageHistoryApi(EmulatorState state) : IApiArea
{
    private static readonly TimeSpan ReadStatusKept = TimeSpan.FromDays(7);

    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.message.get", Get);
        on.Add("im.v1.message.list", List);
        on.Add("im.v1.message.read_users", ReadUsers);
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var message = MessageAccess.Visible(state, request);
        NeedGroupScope(request, state.Chat(message.ChatId)!);
        return FeishuAnswer.Data(new JsonObject { ["items"] = new JsonArray([.. WithChildren(message).Select(m => Show(request, m))]) });
    }

    /// <summary>A merged forward answers itself and all that it carries, each with the message above it.</summary>
    private static IEnumerable<Message> WithChildren(Message message) => message.Deleted ? [message] : message.Forwarded.SelectMany(WithChildren).Prepend(message);

    private JsonNode Show(ApiRequest request, Message message) =>
        MessageView.Full(state, request.App, message, request.QueryText("user_id_type") ?? "open_id", RawCard(request));

    private ApiAnswer List(ApiRequest request)
    {
        var id = request.QueryText("container_id")!;
        var (from, to) = (Seconds(request, "start_time") ?? 0, Seconds(request, "end_time") ?? long.MaxValue);
        IEnumerable<Message> messages;
        if (request.QueryText("container_id_type") == "thread")
        {
            // A thread has no time range: start_time and end_time are not looked at.
            (from, to) = (0, long.MaxValue);
            var thread = state.Thread(id) ?? throw request.Refuse(230073);
            var chat = state.Chat(thread.ChatId) ?? throw request.Refuse(230073);
            if (!chat.Has(Viewer(request))) throw request.Refuse(230073);
            NeedGroupScope(request, chat);
            messages = state.Messages(chat.ChatId).Where(m => m.ThreadId == id);
        }
        else
        {
            var chat = state.Chat(id) ?? throw request.Refuse(230001, "Your request contains an invalid request parameter, ext=invalid container_id.");
            if (!chat.Has(Viewer(request))) throw request.Refuse(230002);
            NeedGroupScope(request, chat);
            // Of a thread the chat's history has the first message only.
            messages = state.Messages(id).Where(m => m.ThreadId is null || m.RootId is null);
        }

        var chosen = messages.Where(m => m.OnlyFor is null && m.CreateTime.ToUnixTimeSeconds() is var at && at >= from && at <= to).ToList();
        if (request.QueryText("sort_type") == "ByCreateTimeDesc") chosen.Reverse();
        return FeishuAnswer.Data(Paging.Page(request, chosen, m => Show(request, m), 20, badToken: 230001));
    }

    private ApiAnswer ReadUsers(ApiRequest request)
    {
        var message = MessageAccess.Visible(state, request);
        if (message.SenderId != request.App.AppId) throw request.Refuse(230012);
        if (message.Deleted) throw request.Refuse(230110);
        if (state.Clock.GetUtcNow() - message.CreateTime > ReadStatusKept) throw request.Refuse(230033);
        var idType = request.QueryText("user_id_type")!;
        var readers = message.ReadBy.OrderByDescending(r => r.Value).ToArray();
        return FeishuAnswer.Data(Paging.Page(request, readers, r => new JsonObject
        {
            ["user_id_type"] = idType,
            ["user_id"] = MessageView.PersonId(state, request.App, r.Key, idType),
            ["timestamp"] = MessageView.Millis(r.Value),
            ["tenant_key"] = state.TenantOf(request.App, r.Key),
        }, 20, badToken: 230001));
    }

    /// <summary>History of groups needs a scope beyond those that open the endpoint.</summary>
    private static void NeedGroupScope(ApiRequest request, Chat chat)
    {
        var scope = request.Caller!.Kind == TokenKinds.User ? "im:message.group_msg:get_as_user" : "im:message.group_msg";
        if (chat.Kind == ChatKind.Group && !request.App.IsGranted(scope)) throw request.Refuse(230027, $"Lack of necessary permissions, ext=need scope: {scope}");
    }

    private static string Viewer(ApiRequest request) => Receivers.Caller(request).Id;

    private static bool RawCard(ApiRequest request) => request.QueryText("card_msg_content_type") is "user_card_content" or "raw_card_content";

    private static long? Seconds(ApiRequest request, string name)
    {
        if (request.QueryText(name) is not { } text) return null;
        return long.TryParse(text, out var seconds) ? seconds : throw request.Refuse(230001, $"Your request contains an invalid request parameter, ext=invalid {name}.");
    }
}
