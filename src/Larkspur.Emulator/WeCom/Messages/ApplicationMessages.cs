using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.Cards;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Messages;

/// <summary>The application's side of its chats: what it sends arrives here, from the API and from a callback's answer alike.</summary>
internal sealed class ApplicationMessages(WeComChats chats, WeComIds ids, WeComLimits limits, ResponseCodes codes, EmulatorSettings settings)
{
    public const int PersonPerMinute = 30;
    public const int PersonPerHour = 1000;

    /// <summary>Puts the message into the chat of everybody it is for. What is over a person's limit is lost without a word, as the platform loses it.</summary>
    /// <returns>The message's <c>msgid</c>.</returns>
    public string Deliver(MessageBody body, IEnumerable<Person> people, bool safe = false, string? replyTo = null)
    {
        var msgId = ids.MsgId();
        foreach (var person in people)
        {
            var key = $"member/{settings.WeCom.AgentId}/{person.UserId}";
            var arrives = limits.TryTake(key, PersonPerMinute, WeComLimits.Minute) && limits.TryTake(key, PersonPerHour, WeComLimits.Hour);
            chats.Add(New(chats.WithApplication(person.UserId).ChatId, msgId, body) with { Safe = safe, Dropped = !arrives, ReplyTo = replyTo });
        }

        return msgId;
    }

    public WeComMessage New(string chatId, string msgId, MessageBody body) => new()
    {
        MessageId = ids.Message(), ChatId = chatId, MsgId = msgId, Sender = WeComSender.Application, SenderId = settings.WeCom.AgentId.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Kind = body.Kind, Text = body.Text, Content = body.Card is null ? CanonicalJson.Write(body.Content) : "{}",
        Card = body.Card is { } card ? new WeComCardState { Json = CanonicalJson.Write(card), TaskId = CardOutline.Of(card).TaskId } : null,
    };

    /// <summary>The right to change the card that <paramref name="msgId"/> names.</summary>
    public string ResponseCode(string msgId) => codes.Issue(settings.WeCom.AgentId, msgId);

    /// <summary>Another card in place of the one that some readers of a message have.</summary>
    /// <param name="card">Already checked.</param>
    /// <param name="msgId">The message.</param>
    /// <param name="readers">Whose copies change.</param>
    public void Replace(string msgId, IReadOnlyCollection<string> readers, JsonObject card) => ChangeCopies(msgId, readers, m => m with
    {
        Text = CardOutline.Title(card),
        Card = new WeComCardState { Json = CanonicalJson.Write(card), TaskId = m.Card!.TaskId, ReplacedBy = card["replace_text"] is JsonValue v && v.TryGetValue<string>(out var grey) ? grey : null },
    });

    /// <summary>Grey buttons with another text.</summary>
    public void Grey(string msgId, IReadOnlyCollection<string> readers, string text) => ChangeCopies(msgId, readers, m => m with { Card = m.Card! with { ReplacedBy = text } });

    private void ChangeCopies(string msgId, IReadOnlyCollection<string> readers, Func<WeComMessage, WeComMessage> change)
    {
        foreach (var copy in chats.Copies(msgId))
        {
            if (copy.Card is not null && chats.Chat(copy.ChatId)?.People.Any(readers.Contains) == true) chats.Change(copy.MessageId, m => m.Recalled ? m : change(m));
        }
    }
}
