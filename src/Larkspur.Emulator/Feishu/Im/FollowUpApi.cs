using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Im;

/// <summary>Bubbles under a bot's newest message in a one-to-one chat. This endpoint's codes mean other things than everywhere else in im.v1.</summary>
internal sealed class FollowUpApi(EmulatorState state) : IApiArea
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(600);

    public void Register(ApiHandlers on) => on.Add("im.v1.message.push_follow_up", Push);

    private ApiAnswer Push(ApiRequest request)
    {
        var message = state.Message(request.Path["message_id"]) ?? throw request.Refuse(230001);
        var chat = state.Chat(message.ChatId) ?? throw request.Refuse(230001);
        if (!chat.Has(request.App.AppId)) throw request.Refuse(230004);
        if (chat.Kind != ChatKind.P2p) throw request.Refuse(230003);
        if (message.Deleted || message.SenderId != request.App.AppId) throw request.Refuse(230004);
        if (state.Clock.GetUtcNow() - message.CreateTime > Fresh) throw request.Refuse(230002);
        if (state.Messages(chat.ChatId, 1) is not [var newest] || newest.MessageId != message.MessageId) throw request.Refuse(230006);
        if (message.FollowUps.Length > 0) throw request.Refuse(230008);
        var bubbles = request.Body["follow_ups"]!.AsArray().OfType<JsonObject>().Select(Read).ToImmutableArray();
        if (bubbles.Length == 0) throw request.Refuse(230007);
        state.ChangeMessage(message.MessageId, m => m with { FollowUps = bubbles });
        return FeishuAnswer.Data();
    }

    private static FollowUp Read(JsonObject bubble)
    {
        var others = ImmutableDictionary<string, string>.Empty;
        foreach (var other in bubble["i18n_contents"] as JsonArray ?? [])
        {
            if (other is JsonObject o && MessageContentReader.Str(o, "language") is { } language) others = others.SetItem(language, MessageContentReader.Str(o, "content") ?? "");
        }

        return new FollowUp(MessageContentReader.Str(bubble, "content") ?? "", others);
    }
}
