using Larkspur.Feishu;
using Larkspur.Feishu.Events.Parts;
using Larkspur.Feishu.Messaging;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Streams;

namespace Larkspur.Gateway.Channels.Feishu.Conversations;

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
        // A streaming card of ours: the platform shows of it what was there when it was sent.
        if (await streams.TextOfAsync(app, id, cancellation) is { Length: > 0 } own) return quoted with { Text = own };
        try
        {
            return Read(quoted, await configured.Client.Messages.GetAsync(id, cancellationToken: cancellation));
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

    private static QuotedMessage Read(QuotedMessage quoted, ChatMessage message) => message.Content switch
    {
        ReceivedRecalled => throw new AttachmentException(AttachmentTrouble.Gone, "It was recalled."),
        // Of kinds that nobody can read there is a word in brackets, which would only mislead.
        ReceivedUnknown or ReceivedSticker => throw new AttachmentException(AttachmentTrouble.Gone, $"A message of type {message.Type} has no words."),
        ReceivedMergedForward => quoted with { Text = string.Join('\n', message.Children.Take(MostChildren).Select(c => c.Content.PlainText)) },
        ReceivedImage or ReceivedFile { IsFolder: false } or ReceivedAudio or ReceivedMedia => quoted with { Text = "", Attachments = FeishuAttachments.Of(message.MessageId, message.Content) },
        var content => quoted with { Text = content.PlainText, Attachments = FeishuAttachments.Of(message.MessageId, content) },
    };
}
