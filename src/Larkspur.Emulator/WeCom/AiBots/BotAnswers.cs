using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Cards;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.Media;
using Larkspur.Emulator.WeCom.Messages;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>Validates and shows the AI bot's answers, from its socket or its callbacks.</summary>
internal sealed class BotAnswers(EmulatorState state, EmulatorSettings settings, WeComChats chats, WeComIds ids, MessageValidator validator, TaskIds tasks, BotStreams streams)
{
    /// <summary>An event's answer comes within this.</summary>
    public static readonly TimeSpan EventWindow = TimeSpan.FromSeconds(5);
    /// <summary>Bytes of UTF-8.</summary>
    public const int LongestMarkdown = 20_480;
    public const int LongestFeedbackId = 256;

    /// <summary>To a person's message.</summary>
    /// <param name="overCallback">The address's answer may hold what a frame may not: pictures, a card beside the stream.</param>
    /// <exception cref="WeComRefusal">40008 kind, 45002 size, 846605 not this turn's, 846608 too late, 420xx card.</exception>
    public void Respond(BotRequest request, JsonObject body, bool overCallback)
    {
        if (request.Kind != BotRequestKind.Message) throw InvalidReqId();
        var kind = WeComJson.Text(body, "msgtype") ?? "";
        if (kind is "stream" || (overCallback && kind == "stream_with_template_card"))
        {
            if (body["template_card"] is JsonObject card && kind != "stream")
            {
                lock (request.Gate)
                {
                    if (request.Answered) throw WeComRefusal.Parameter("template_card was sent already");
                    Check(card);
                    streams.Take(request, body, overCallback);
                    request.Answered = true;
                }

                Show(request.Chat, new MessageBody("template_card", CardOutline.Title(card), card.DeepClone().AsObject()), request.MessageId);
                return;
            }

            lock (request.Gate) streams.Take(request, body, overCallback);
            return;
        }

        Show(request.Chat, Read(body, active: false), request.MessageId);
    }

    /// <summary>To a person who came into the chat.</summary>
    /// <inheritdoc cref="Respond"/>
    public void Welcome(BotRequest request, JsonObject body)
    {
        Once(request, BotRequestKind.EnterChat, () =>
        {
            var kind = WeComJson.Text(body, "msgtype");
            if (kind == "text")
            {
                var content = WeComJson.Object(body, "text") ?? throw WeComRefusal.Parameter("missing text");
                Show(request.Chat, new MessageBody("text", MessageValidator.Fits(content, "content", MessageValidator.LongestText), content.DeepClone().AsObject()), null);
                return;
            }

            if (kind != "template_card") throw new WeComRefusal(40008, "invalid message type");
            Show(request.Chat, Read(body, active: false), null);
        });
    }

    /// <summary>To a press on a card: another card in its place.</summary>
    /// <inheritdoc cref="Respond"/>
    public void Update(BotRequest request, JsonObject body)
    {
        if (WeComJson.Text(body, "response_type") != "update_template_card") throw WeComRefusal.Parameter("response_type must be update_template_card");
        Once(request, BotRequestKind.CardClick, () =>
        {
            var card = WeComJson.Object(body, "template_card") ?? throw WeComRefusal.Parameter("missing template_card");
            CardValidator.Check(card, CardPlace.AiBot, update: true);
            if (WeComJson.Text(card, "task_id") != request.TaskId) throw new WeComRefusal(42014, "invalid task_id: it is not the event's");
            var readers = WeComJson.Texts(body, "userids");
            var json = CanonicalJson.Write(card);
            chats.Change(request.MessageId!, m => readers.Count == 0 || request.Chat.People.Length == 1
                ? m with { Text = CardOutline.Title(card), Card = new WeComCardState { Json = json, TaskId = request.TaskId! } }
                : m with { Card = m.Card! with { Views = m.Card.Views.SetItems(request.Chat.People.Where(readers.Contains).Select(p => KeyValuePair.Create(p, json))) } });
        });
    }

    /// <summary>Without a question.</summary>
    /// <inheritdoc cref="Respond"/>
    public void Push(WeComChat chat, JsonObject body) => Show(chat, Read(body, active: true), null);

    public static WeComRefusal InvalidReqId() => new(846605, "invalid req_id");

    private void Once(BotRequest request, BotRequestKind kind, Action answer)
    {
        lock (request.Gate)
        {
            if (request.Kind != kind || request.Answered || request.Began + EventWindow <= state.Clock.GetUtcNow()) throw InvalidReqId();
            answer();
            request.Answered = true;
        }
    }

    private MessageBody Read(JsonObject body, bool active)
    {
        var kind = WeComJson.Text(body, "msgtype") ?? "";
        if (kind is not ("markdown" or "template_card" or "file" or "image" or "voice" or "video")) throw new WeComRefusal(40008, $"invalid message type{(active ? " of an active message" : "")}");
        var content = WeComJson.Object(body, kind)?.DeepClone().AsObject() ?? throw WeComRefusal.Parameter($"missing {kind}");
        switch (kind)
        {
            case "markdown":
                return new MessageBody(kind, MessageValidator.Fits(content, "content", LongestMarkdown), content);
            case "template_card":
                Check(content);
                return new MessageBody(kind, CardOutline.Title(content), content);
            default:
                return validator.Attachment(kind, content, WeComMedia.AiBot);
        }
    }

    private void Check(JsonObject card)
    {
        CardValidator.Check(card, CardPlace.AiBot);
        Feedback(card);
        tasks.Use("aibot", WeComJson.Text(card, "task_id"));
    }

    private void Show(WeComChat chat, MessageBody body, string? replyTo) => chats.Add(new WeComMessage
    {
        MessageId = ids.Message(), ChatId = chat.ChatId, MsgId = ids.MsgId(), Sender = WeComSender.AiBot, SenderId = settings.WeCom.AiBotId, Kind = body.Kind, Text = body.Text,
        Content = body.Card is null ? CanonicalJson.Write(body.Content) : "{}", ReplyTo = replyTo, FeedbackId = Feedback(body.Content),
        Card = body.Card is { } card ? new WeComCardState { Json = CanonicalJson.Write(card), TaskId = CardOutline.Of(card).TaskId } : null,
    });

    /// <exception cref="WeComRefusal">40058: longer than 256 bytes.</exception>
    public static string? Feedback(JsonObject content)
    {
        if (WeComJson.Object(content, "feedback") is not { } feedback) return null;
        var id = WeComJson.Text(feedback, "id") ?? "";
        return id.Length > 0 && WeComJson.Bytes(id) <= LongestFeedbackId ? id : throw WeComRefusal.Parameter("feedback.id has 1 to 256 bytes");
    }
}
