using Larkspur.Gateway.Outbox;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>The frames of one stream over a bot's connection. Each is the whole text so far, so one that is lost costs nothing.</summary>
/// <remarks>A stream ends 6 minutes after its message: shortly before, it is closed with what there is, and the rest becomes messages.</remarks>
internal sealed partial class StreamFrames(ReplyParts parts, string app, string streamId, StreamPlace place)
{
    private readonly WeComReplyTo _to = place.To();
    private bool _begun;

    /// <summary>The conversation, whose 30 messages a minute its streams share.</summary>
    public string Conversation => _to.Target;

    /// <summary>From here on the stream is closed with what there is.</summary>
    public DateTimeOffset ClosesAt => _to.ClosesAt;

    /// <summary>Sends one frame, and waits for its acknowledgement.</summary>
    public async Task<FrameFate> ShowAsync(WeComBot bot, string text)
    {
        var closes = parts.Clock.GetUtcNow() >= ClosesAt;
        var closing = StreamFace.Closing(text, place.Spoken());
        var face = closes ? closing.Face : StreamFace.Growing(text, place.Spoken());
        var frame = AiBotAnswer.Stream(streamId, face, finish: closes, feedbackId: _begun ? null : place.FeedbackId);
        var fate = await TrySendAsync(bot, frame);
        if (fate == FrameFate.Taken && !_begun)
        {
            _begun = true;
            await parts.TryAsync(() => parts.Store.ThumbsShownAsync(app, streamId, CancellationToken.None), streamId);
        }

        if (!closes || fate != FrameFate.Taken) return fate;
        await parts.TryAsync(() => parts.Store.ClosedAsync(app, streamId, closing.Shown, CancellationToken.None), streamId);
        return FrameFate.Last;
    }

    /// <summary>How long the conversation's share of messages lets the next frame wait.</summary>
    public TimeSpan PauseAfter(FrameFate fate) => fate == FrameFate.TooFast ? TimeSpan.FromMinutes(1) : AiBotLimits.FramePause * Math.Max(1, parts.Live.In(app, Conversation));

    private async Task<FrameFate> TrySendAsync(WeComBot bot, AiBotAnswer frame)
    {
        try
        {
            await bot.Connection.RespondAsync(_to.Delivery(bot.BotId), frame);
            return FrameFate.Taken;
        }
        catch (PlatformNetworkException e)
        {
            FrameUnacknowledged(parts.Logger, streamId, e.Message);
            return FrameFate.Lost;
        }
        catch (Exception e) when (WeComErrors.IsKnown(e))
        {
            var why = WeComErrors.Translate(e);
            if (why.Transient) return why.Blame == Blame.Receiver ? FrameFate.TooFast : FrameFate.Lost;
            FramesRefused(parts.Logger, streamId, e.Message, place.Reference);
            return FrameFate.Refused;
        }
        catch (Exception e)
        {
            FramesFailed(parts.Logger, streamId, place.Reference, e);
            return FrameFate.Refused;
        }
    }

    [LoggerMessage(LogLevel.Debug, "A frame of stream {StreamId} was not acknowledged ({Reason}); the next one has all of it")]
    private static partial void FrameUnacknowledged(ILogger logger, string streamId, string reason);
    [LoggerMessage(LogLevel.Warning, "Stream {StreamId} takes no frames ({Reason}); its end comes as a message, reference {Reference}")]
    private static partial void FramesRefused(ILogger logger, string streamId, string reason, string reference);
    [LoggerMessage(LogLevel.Error, "Stream {StreamId} is not gone on with; its end comes all the same, reference {Reference}")]
    private static partial void FramesFailed(ILogger logger, string streamId, string reference, Exception error);
}

/// <summary>What became of a frame.</summary>
internal enum FrameFate
{
    /// <summary>The platform has it.</summary>
    Taken,

    /// <summary>It may not have come; the next one has all of it.</summary>
    Lost,

    /// <summary>The conversation had its messages of this minute.</summary>
    TooFast,

    /// <summary>The stream takes none.</summary>
    Refused,

    /// <summary>The platform has it, and it closed the stream.</summary>
    Last,
}
