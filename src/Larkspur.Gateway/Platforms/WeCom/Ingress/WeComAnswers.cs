using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Storage;
using Larkspur.WeCom;
using Larkspur.WeCom.AiBots;
using Larkspur.WeCom.Callbacks;

namespace Larkspur.Gateway.Platforms.WeCom.Ingress;

/// <summary>What goes back in the answer to a callback, within 5 s, sealed.</summary>
internal sealed partial class WeComAnswers(StreamPolls polls, ILogger<WeComAnswers> logger)
{
    /// <summary>The answer to an application's click; null: an empty body.</summary>
    public byte[]? To(WeComApp app, WeComDelivery delivery, CallbackAnswer given)
    {
        if (given.Card is not { } card || delivery.Content is not TemplateCardClicked) return null;
        return Sealed(() => app.Receiver!.Seal(WeComReply.Card(WeComButtons.FromJson(card).ToCard()), delivery));
    }

    /// <summary>The answer to a bot's click or to somebody's coming; null: an empty body.</summary>
    public byte[]? To(WeComApp app, AiBotDelivery delivery, CallbackAnswer given, string nonce) => delivery.Content switch
    {
        BotCardClicked when given.Card is { } card => Sealed(() => app.BotReceiver!.Seal(AiBotAnswer.UpdateCard(WeComButtons.FromJson(card).ToCard()), delivery, nonce)),
        BotChatEntered when given.Toast is { } words => Sealed(() => app.BotReceiver!.Seal(AiBotAnswer.Text(words.Chinese), delivery, nonce)),
        _ => null,
    };

    /// <summary>The first answer to a message of a bot; null: an empty body.</summary>
    public async Task<byte[]?> ToMessageAsync(WeComApp app, AiBotDelivery message, string nonce, CancellationToken cancellation)
    {
        try
        {
            var answer = await polls.BeginAsync(app, message, cancellation);
            return Sealed(() => app.BotReceiver!.Seal(answer, message, nonce));
        }
        catch (StorageUnavailableException)
        {
            // The message is recorded: its answer comes by the response address.
            return null;
        }
    }

    /// <summary>How far a stream is; null: it cannot be told now, and the platform asks again.</summary>
    public async Task<byte[]?> ToPollAsync(WeComApp app, AiBotDelivery delivery, BotStreamPolled poll, string nonce, CancellationToken cancellation)
    {
        if (poll.StreamId.Length is 0 or > 128) return null;
        try
        {
            var answer = await polls.PollAsync(app, poll.StreamId, cancellation);
            return Sealed(() => app.BotReceiver!.Seal(answer, delivery, nonce));
        }
        catch (StorageUnavailableException)
        {
            return null;
        }
    }

    private byte[]? Sealed(Func<byte[]> seal)
    {
        try
        {
            return seal();
        }
        catch (WeComContentException e)
        {
            AnswerInvalid(e.Message);
            return null;
        }
    }

    [LoggerMessage(LogLevel.Error, "An answer to a callback is not what the platform takes: {Problems}")]
    private partial void AnswerInvalid(string problems);
}
