using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Forwards one message, several as one, or a whole thread.</summary>
internal sealed class ForwardApi(EmulatorState state, Receivers receivers, MessagePost post, IdempotencyKeys sent) : IApiArea
{
    public const string MergedContent = "Merged and Forwarded Message";

    /// <summary>Types that stay where they are (platform page im-v1/message/forward); the rest can be forwarded.</summary>
    private static readonly HashSet<string> Fixed = ["system", "hongbao", "share_calendar_event", "calendar", "general_calendar", "video_chat", "vote"];

    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.message.forward", Forward);
        on.Add("im.v1.message.merge_forward", Merge);
        on.Add("im.v1.thread.forward", ForwardThread);
    }

    private ApiAnswer Forward(ApiRequest request) => Once(request, () =>
    {
        var message = MessageAccess.Visible(state, request);
        if (message.Deleted) throw request.Refuse(230065);
        if (Fixed.Contains(message.MsgType)) throw request.Refuse(230061);
        RefuseRestricted(request, message.ChatId);
        var reading = MessageContent.Copy(message);
        return FeishuAnswer.Data(Show(request, Send(request, message.MsgType, message.Content, reading, message.Forwarded)));
    });

    private ApiAnswer Merge(ApiRequest request) => Once(request, () =>
    {
        List<Message> good = [];
        List<string> bad = [];
        var recalled = 0;
        foreach (var id in request.Texts("message_id_list").Distinct())
        {
            var message = state.Message(id);
            if (message is not null && state.Chat(message.ChatId)?.Has(Receivers.Caller(request).Id) == true && message is { Deleted: false, OnlyFor: null } && !Fixed.Contains(message.MsgType)) good.Add(message);
            else bad.Add(id);
            if (message is { Deleted: true }) recalled++;
        }

        if (good.Count == 0) throw request.Refuse(recalled > 0 && recalled == bad.Count ? 230065 : 230064);
        if (good.Select(m => m.ChatId).Distinct().Skip(1).Any()) throw request.Refuse(230069);
        RefuseRestricted(request, good[0].ChatId);
        return FeishuAnswer.Data(new JsonObject
        {
            ["message"] = Show(request, SendMerged(request, good)), ["invalid_message_id_list"] = new JsonArray([.. bad.Select(i => (JsonNode?)i)]),
        });
    });

    /// <summary>A thread arrives as a merged forward of all its messages.</summary>
    private ApiAnswer ForwardThread(ApiRequest request) => Once(request, () =>
    {
        var id = request.Path["thread_id"];
        var thread = state.Thread(id) ?? throw request.Refuse(230064);
        if (state.Chat(thread.ChatId)?.Has(Receivers.Caller(request).Id) != true) throw request.Refuse(230073);
        RefuseRestricted(request, thread.ChatId);
        var messages = state.Messages(thread.ChatId).Where(m => m.ThreadId == id && m is { Deleted: false, OnlyFor: null }).ToArray();
        if (messages.Length == 0) throw request.Refuse(230110);
        return FeishuAnswer.Data(Show(request, SendMerged(request, messages)));
    });

    private Message SendMerged(ApiRequest request, IReadOnlyCollection<Message> messages)
    {
        return Send(request, "merge_forward", MergedContent, new MessageContent { Rendered = MergedContent }, Carry(state, messages));
    }

    /// <summary>Copies of messages of one chat in the chat's order, whatever order they were named in. Marks stay behind.</summary>
    public static ImmutableArray<Message> Carry(EmulatorState state, IReadOnlyCollection<Message> messages)
    {
        var ids = messages.Select(m => m.MessageId).ToHashSet();
        return [.. state.Messages(messages.First().ChatId).Where(m => ids.Contains(m.MessageId)).Select(m => m with { ReadBy = m.ReadBy.Clear(), Reactions = [], Urgencies = [], FollowUps = [], Pin = null })];
    }

    private Message Send(ApiRequest request, string msgType, string content, MessageContent reading, ImmutableArray<Message> children)
    {
        var receiver = receivers.Find(request);
        Receivers.Admit(request, receiver.Chat);
        receivers.Count(request, receiver.Chat);
        var (kind, sender) = Receivers.Caller(request);
        return post.Post(new Draft
        {
            Chat = receiver.Chat, ThreadId = receiver.ThreadId, SenderKind = kind, SenderId = sender, MsgType = msgType, Content = content, Reading = reading, Forwarded = children,
        });
    }

    private void RefuseRestricted(ApiRequest request, string chatId)
    {
        if (state.Chat(chatId)?.Restricted is { Status: true, Message: "not_anyone" }) throw request.Refuse(230070);
    }

    private JsonObject Show(ApiRequest request, Message message) => MessageView.Full(state, request.App, message);

    private ApiAnswer Once(ApiRequest request, Func<ApiAnswer> send) =>
        sent.Run(request.QueryText("uuid") is { } uuid ? $"{request.App.AppId}/{request.Endpoint.Id}/{uuid}" : null, MessagesApi.SameUuid, send, () => request.Refuse(230049));
}
