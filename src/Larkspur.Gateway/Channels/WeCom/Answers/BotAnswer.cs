using System.Text;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.WeCom.AiBots;

namespace Larkspur.Gateway.Channels.WeCom.Answers;

/// <summary>A bot's answer while it is written. Its frames are not rows; its end is one (<see cref="ReplyDelivery"/>).</summary>
/// <remarks>Every frame is the whole text so far, so a frame that is lost costs nothing. A stream ends 6 minutes after its message: shortly before, it is closed with what there is, and the rest becomes messages.</remarks>
internal sealed class BotAnswer : IAnswer
{
    private readonly Lock _gate = new();
    private readonly AnswerRequest _request;
    private readonly ReplyParts _parts;
    private readonly StringBuilder _text = new();
    private readonly TaskCompletionSource _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _writing = Task.CompletedTask;

    public BotAnswer(AnswerRequest request, WeComReplyTo to, string streamId, ReplyParts parts)
    {
        (_request, To, StreamId, _parts) = (request, to, streamId, parts);
        ClosesAt = to.StreamsUntil - StreamFace.Margin;
    }

    public string StreamId { get; }

    public WeComReplyTo To { get; }

    public string Conversation => To.Target;

    /// <summary>The platform's id for people's thumbs.</summary>
    public string FeedbackId => _request.Turn;

    /// <summary>From here on the stream is closed with what there is.</summary>
    public DateTimeOffset ClosesAt { get; }

    /// <summary>What a frame shows now.</summary>
    public string Face
    {
        get { lock (_gate) return StreamFace.Growing(_text.ToString(), _request.Language); }
    }

    /// <summary>All of the text so far.</summary>
    public string Text
    {
        get { lock (_gate) return _text.ToString(); }
    }

    /// <summary>What the stream shows for good when its time is over, and how much of the text that is.</summary>
    public (string Face, string Shown) Closing => StreamFace.Closing(Text, _request.Language);

    public void Append(string text) => Change(() => _text.Append(text));

    public void Replace(string text) => Change(() => _text.Clear().Append(text));

    public async ValueTask FinishAsync(IUnitOfWork unit, AnswerEnd end)
    {
        var card = WeComButtons.Of(_request.Turn, end.Buttons, _request.Language)?.ToJson();
        // An attempt before this one may have ended it: the first word counts, and its row is there.
        if (!await _parts.Store.WholeAsync(unit, _request.App, StreamId, StreamFace.Whole(end.Text, end.Note), card)) return;
        await _parts.Outbox.QueueAsync(unit, new QueuedMessage(WeComApps.Platform, _request.App, "answer " + _request.Turn,
            new WeComMessage { StreamId = StreamId }.To(To, _request.App, WeComMessage.Markdown, OutboxOperation.BotAnswer)) { Reference = _request.Reference });
        unit.AfterCommit(Hush);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await QuietAsync();
        }
        finally
        {
            _parts.Live.Remove(_request.App, this);
        }
    }

    /// <summary>Sends frames over the long connection until it is told to be quiet; the first at once.</summary>
    public void Stream(WeComBot bot) => _writing = Task.Run(() => WriteAsync(bot));

    /// <summary>Puts the text down now and then, for polls that reach other processes.</summary>
    public void Keep() => _writing = Task.Run(KeepAsync);

    /// <summary>Sends no further frame, and waits for the one on its way: its acknowledgement must not be taken for another's.</summary>
    public async Task QuietAsync()
    {
        Hush();
        // What went wrong with a frame is no reason not to show the end.
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private bool IsQuiet => _quiet.Task.IsCompleted;

    private void Hush() => _quiet.TrySetResult();

    private void Change(Action change)
    {
        lock (_gate)
        {
            change();
            _changed.TrySetResult();
        }
    }

    private async Task WriteAsync(WeComBot bot)
    {
        var delivery = To.Delivery(bot.BotId);
        var begun = false;
        // The first one leaves also when all is said already: it has the platform's thumbs.
        do
        {
            var changed = NextChange();
            var closes = _parts.Clock.GetUtcNow() >= ClosesAt;
            var closing = Closing;
            var frame = closes ? AiBotAnswer.Stream(StreamId, closing.Face, finish: true) : AiBotAnswer.Stream(StreamId, Face, finish: false, feedbackId: begun ? null : FeedbackId);
            var sent = await TrySendAsync(bot, delivery, frame);
            if (sent == Frame.Refused) return;
            begun |= sent == Frame.Taken;
            if (closes && sent == Frame.Taken)
            {
                await _parts.TryAsync(() => _parts.Store.ClosedAsync(_request.App, StreamId, closing.Shown, CancellationToken.None), StreamId);
                return;
            }

            await PauseAsync(sent == Frame.TooFast ? TimeSpan.FromMinutes(1) : AiBotLimits.FramePause * Math.Max(1, _parts.Live.In(_request.App, Conversation)));
            if (sent == Frame.Taken) await PauseAsync(ClosesAt - _parts.Clock.GetUtcNow(), changed);
        }
        while (!IsQuiet);
    }

    private async Task<Frame> TrySendAsync(WeComBot bot, AiBotDelivery delivery, AiBotAnswer frame)
    {
        try
        {
            await bot.Connection.RespondAsync(delivery, frame);
            return Frame.Taken;
        }
        catch (PlatformNetworkException e)
        {
            _parts.Logger.LogDebug("A frame of stream {StreamId} was not acknowledged ({Reason}); the next one has all of it", StreamId, e.Message);
            return Frame.Lost;
        }
        catch (Exception e) when (WeComErrors.IsKnown(e))
        {
            var why = WeComErrors.Translate(e);
            if (why.Transient) return why.Blame == Blame.Receiver ? Frame.TooFast : Frame.Lost;
            _parts.Logger.LogWarning("Stream {StreamId} takes no frames ({Reason}); its end comes as a message, reference {Reference}", StreamId, e.Message, _request.Reference);
            return Frame.Refused;
        }
        catch (Exception e)
        {
            _parts.Logger.LogError(e, "Stream {StreamId} is not gone on with; its end comes all the same, reference {Reference}", StreamId, _request.Reference);
            return Frame.Refused;
        }
    }

    private async Task KeepAsync()
    {
        for (var kept = ""; !IsQuiet;)
        {
            await PauseAsync(TimeSpan.FromSeconds(1));
            if (Text is var text && text != kept) await _parts.TryAsync(() => _parts.Store.WriteAsync(_request.App, StreamId, kept = text, CancellationToken.None), StreamId);
        }
    }

    /// <summary>Completes with the next change after this call.</summary>
    private Task NextChange()
    {
        lock (_gate)
        {
            if (_changed.Task.IsCompleted) _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task;
        }
    }

    /// <summary>Waits so long, until it is told to be quiet, or until something else is done.</summary>
    private async Task PauseAsync(TimeSpan most, Task? until = null)
    {
        if (most <= TimeSpan.Zero) return;
        using var over = new CancellationTokenSource();
        var time = Task.Delay(most, _parts.Clock, over.Token);
        await Task.WhenAny(time, _quiet.Task, until ?? _quiet.Task);
        await over.CancelAsync();
    }

    /// <summary>What became of a frame.</summary>
    private enum Frame
    {
        Taken,
        Lost,
        TooFast,
        Refused,
    }
}
