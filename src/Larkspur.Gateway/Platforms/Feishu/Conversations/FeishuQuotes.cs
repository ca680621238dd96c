using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Events.Parts;
using Larkspur.Feishu.Messaging;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Streams;

namespace Larkspur.Gateway.Platforms.Feishu.Conversations;

/// <summary>Messages that are answered in Feishu: an event names them, and what they say is asked of the platform.</summary>
internal sealed class FeishuQuotes(FeishuApps apps, IStreams streams)
{
    /// <summary>What of a merged forward is read.</summary>
    private const int MostChildren = 100;

    /// <summary>The message that one answers, by its id alone; null: it answers none.</summary>
    public static QuotedMessage? Of(EventMessage message) => message.ParentId is { Length: > 0 } parent ? new QuotedMessage(parent, null) : null;

    /// <exception cref="AttachmentException">It cannot be read.</exception>
    public async Task<QuotedMessage> ReadAsync(string app, QuotedMessage quoted, CancellationToken cancellation)
    {
        if (quoted.MessageId is not { } id) throw new AttachmentException(AttachmentTrouble.Gone, "It has no id.");
        if (!apps.TryGet(app, out var configured)) throw new AttachmentException(AttachmentTrouble.NotAllowed, $"The app {app} is not configured any more.");
        // A streaming card of ours: the platform does not tell what became of it.
        if (await streams.ShownInAsync(app, id, cancellation) is { Text.Length: > 0 } own) return quoted with { Text = own.Text, AnswerOf = own.TurnId, IsGrowing = !own.HasEnded };
        try
        {
            return Read(quoted, await configured.Client.Messages.GetAsync(id, cardsAsSent: true, cancellationToken: cancellation));
        }
        catch (FeishuApiException e)
        {
            throw new AttachmentException(e.FailureKind switch
            {
                FailureKind.NotFound => AttachmentTrouble.Gone,
                FailureKind.Permission => AttachmentTrouble.NotAllowed,
                _ => AttachmentTrouble.Unavailable,
            }, e.Message, e);
        }
        catch (PlatformNetworkException e)
        {
            throw new AttachmentException(AttachmentTrouble.Unavailable, e.Message, e);
        }
        catch (Exception e) when (e is ArgumentException or MessageContentException)
        {
            throw new AttachmentException(AttachmentTrouble.Gone, "The id is none of a message.", e);
        }
    }

    private static QuotedMessage Read(QuotedMessage quoted, ChatMessage message)
    {
        quoted = quoted with { Author = message.Sender is { Type: "user", Id: { Length: > 0 } author } ? author : null };
        return message.Content switch
        {
            ReceivedImage or ReceivedFile { IsFolder: false } or ReceivedAudio or ReceivedMedia => quoted with { Text = "", Attachments = FeishuAttachments.Of(message.MessageId, message.Content) },
            ReceivedMergedForward => quoted with { Text = string.Join('\n', message.Children.Take(MostChildren).Select(c => Words(c.Content)).OfType<string>()), IsCut = message.Children.Count > MostChildren },
            var content => quoted with
            {
                Text = Words(content) ?? throw new AttachmentException(AttachmentTrouble.Gone, $"A message of type {message.Type} has no words."), Attachments = FeishuAttachments.Of(message.MessageId, content),
            },
        };
    }

    /// <summary>Null: it has none, or was recalled. For kinds that nobody can read the SDK has a word in brackets, which would only mislead.</summary>
    private static string? Words(ReceivedContent content) => content switch
    {
        ReceivedRecalled or ReceivedUnknown or ReceivedSticker or ReceivedSharedChat or ReceivedSharedUser or ReceivedMergedForward => null,
        // In the platform's short form a card of JSON 2.0 is a sentence that asks for a newer client.
        ReceivedCard card => CardText.Of(AsSent(card.Raw)) is { Length: > 0 } text ? text : null,
        _ => content.PlainText,
    };

    /// <summary>The card's own JSON stands in <c>user_dsl</c>.</summary>
    private static string AsSent(string raw)
    {
        using var document = JsonDocument.Parse(raw);
        return document.RootElement.TryGetProperty("user_dsl", out var card) && card.ValueKind == JsonValueKind.String ? card.GetString()! : raw;
    }
}
