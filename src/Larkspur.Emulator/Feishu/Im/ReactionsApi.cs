using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Emoji under a message: add, list, take one's own away, and those of many messages at once.</summary>
internal sealed class ReactionsApi(EmulatorState state, EventSource events) : IApiArea
{
    /// <summary>A bound of the emulator's.</summary>
    public const int MostReactions = 5_000;

    public void Register(ApiHandlers on)
    {
        on.Add("im.v1.message.reaction.create", React);
        on.Add("im.v1.message.reaction.list", Reactions);
        on.Add("im.v1.message.reaction.delete", Unreact);
        on.Add("im.v1.message.reaction.batch_query", BatchQuery);
    }

    private ApiAnswer React(ApiRequest request)
    {
        var message = ReactionTarget(request);
        var emoji = (request.Body["reaction_type"]?["emoji_type"] as JsonValue)?.GetValue<string>() ?? "";
        if (!EmojiTypes.Has(emoji)) throw request.Refuse(231001);
        var (kind, who) = Receivers.Caller(request);
        var reaction = message.Reactions.FirstOrDefault(r => r.EmojiType == emoji && r.OperatorKind == kind && r.OperatorId == who);
        if (reaction is null)
        {
            if (message.Reactions.Length >= MostReactions) throw request.Refuse(231002);
            reaction = new Reaction(state.Ids.Next(""), emoji, kind, who, state.Clock.GetUtcNow());
            state.ChangeMessage(message.MessageId, m => m with { Reactions = m.Reactions.Add(reaction) });
            events.ReactionChanged(message, reaction, created: true);
        }

        return FeishuAnswer.Data(Show(request, reaction, "open_id"));
    }

    private ApiAnswer Reactions(ApiRequest request)
    {
        var message = ReactionTarget(request);
        var wanted = request.QueryText("reaction_type");
        if (wanted is not null && !EmojiTypes.Has(wanted)) throw request.Refuse(231001);
        var all = message.Reactions.Where(r => wanted is null || r.EmojiType == wanted).ToArray();
        return FeishuAnswer.Data(Paging.Page(request, all, r => Show(request, r, request.QueryText("user_id_type") ?? "open_id"), 20, badToken: 231012));
    }

    private ApiAnswer Unreact(ApiRequest request)
    {
        var message = ReactionTarget(request);
        var reaction = message.Reactions.FirstOrDefault(r => r.ReactionId == request.Path["reaction_id"]) ?? throw request.Refuse(231011);
        var (kind, who) = Receivers.Caller(request);
        if (reaction.OperatorKind != kind || reaction.OperatorId != who) throw request.Refuse(231007);
        state.ChangeMessage(message.MessageId, m => m with { Reactions = m.Reactions.Remove(reaction) });
        events.ReactionChanged(message, reaction, created: false);
        return FeishuAnswer.Data(Show(request, reaction, "open_id"));
    }

    private Message ReactionTarget(ApiRequest request)
    {
        var message = state.Message(request.Path["message_id"]) ?? throw request.Refuse(231003);
        if (state.Chat(message.ChatId)?.Has(Receivers.Caller(request).Id) != true) throw request.Refuse(231008);
        if (message.Deleted) throw request.Refuse(230110);
        return message.MsgType == "system" && request.Endpoint.Errors.ContainsKey(231017) ? throw request.Refuse(231017) : message;
    }

    private JsonObject Show(ApiRequest request, Reaction reaction, string idType) => new()
    {
        ["reaction_id"] = reaction.ReactionId,
        ["operator"] = new JsonObject
        {
            ["operator_id"] = reaction.OperatorKind == SenderKind.User ? MessageView.PersonId(state, request.App, reaction.OperatorId, idType) : reaction.OperatorId,
            ["operator_type"] = reaction.OperatorKind == SenderKind.User ? "user" : "app",
        },
        ["action_time"] = MessageView.Millis(reaction.Time),
        ["reaction_type"] = new JsonObject { ["emoji_type"] = reaction.EmojiType },
    };

    /// <summary>Each message has its own page token; what cannot be shown is named with its reason.</summary>
    private ApiAnswer BatchQuery(ApiRequest request)
    {
        var wanted = request.Text("reaction_type");
        if (wanted is not null && !EmojiTypes.Has(wanted)) throw request.Refuse(230001);
        var idType = request.QueryText("user_id_type") ?? "open_id";
        var size = request.Body["page_size_per_message"]?.GetValue<int>() ?? 10;
        JsonArray details = [], counts = [], failures = [];
        foreach (var query in request.Body["queries"]!.AsArray().OfType<JsonObject>())
        {
            var id = MessageContentReader.Str(query, "message_id") ?? "";
            var reason = FailReason(request, id, MessageContentReader.Str(query, "page_token"), out var message, out var start);
            if (reason is not null)
            {
                failures.Add(new JsonObject { ["message_id"] = id, ["fail_reason"] = reason });
                continue;
            }

            var all = message!.Reactions.Where(r => wanted is null || r.EmojiType == wanted).ToArray();
            var page = all.Skip(start).Take(size).ToArray();
            var more = start + page.Length < all.Length;
            details.Add(new JsonObject
            {
                ["message_id"] = id, ["has_more"] = more, ["page_token"] = more ? (start + page.Length).ToString() : "",
                ["message_reaction_items"] = new JsonArray([.. page.Select(r => ShowFlat(request, r, idType))]),
            });
            counts.Add(new JsonObject
            {
                ["message_id"] = id,
                ["reaction_count"] = new JsonArray([.. all.GroupBy(r => r.EmojiType).Select(g => (JsonNode)new JsonObject { ["reaction_type"] = g.Key, ["count"] = g.Count().ToString() })]),
            });
        }

        return FeishuAnswer.Data(new JsonObject { ["success_msg_reaction_details"] = details, ["success_msg_reaction_counts"] = counts, ["fail_msg_reaction_details"] = failures });
    }

    private string? FailReason(ApiRequest request, string id, string? token, out Message? message, out int start)
    {
        start = 0;
        message = state.Message(id);
        if (message is null or { Deleted: true }) return "invalid";
        if (state.Chat(message.ChatId)?.Has(Receivers.Caller(request).Id) != true) return "no_permission";
        return string.IsNullOrEmpty(token) || (int.TryParse(token, out start) && start >= 0) ? null : "invalid_page_token";
    }

    /// <summary>Here the emoji stands beside the operator, not in an object of its own.</summary>
    private JsonNode ShowFlat(ApiRequest request, Reaction reaction, string idType)
    {
        var item = Show(request, reaction, idType);
        item.Remove("reaction_type");
        item["emoji_type"] = reaction.EmojiType;
        return item;
    }
}
