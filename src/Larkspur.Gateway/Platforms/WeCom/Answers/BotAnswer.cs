using System.Text;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>A bot's answer while it is written. Its frames are not rows; its end is one (<see cref="ReplyDelivery"/>).</summary>
/// <remarks>
/// Frames leave by the bot's connection. While this process does not have it, the text is put down about once a second, for the one that has it (<see cref="StreamRelay"/>); by callback the same is done
/// for polls that reach other processes.
/// </remarks>
internal sealed class BotAnswer : IAnswer, ILiveStream
{
    private static readonly TimeSpan KeepEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly AnswerRequest _request;
    private readonly WeComReplyTo _to;
    private readonly ReplyParts _parts;
    private readonly StreamPlace _place;
    private readonly StreamFrames _frames;
    private readonly StopSignal _stop;
    private readonly StringBuilder _text = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _writing = Task.CompletedTask;

    public BotAnswer(AnswerRequest request, WeComReplyTo to, string streamId, ReplyParts parts)
    {
        (_request, _to, StreamId, _parts, _place, _stop) = (request, to, streamId, parts, StreamPlace.Of(request), new StopSignal(parts.Clock));
        _frames = new StreamFrames(parts, request.App, streamId, _place);
    }

    public string StreamId { get; }

    public string Conversation => _to.Target;

    /// <summary>From here on the stream is closed with what there is.</summary>
    public DateTimeOffset ClosesAt => _to.ClosesAt;

    /// <summary>What a frame shows now.</summary>
    public string Face => StreamFace.Growing(Text, _request.Language);

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
            new WeComMessage { StreamId = StreamId }.To(_to, _request.App, WeComMessage.Markdown, EndOfAnswer.Definition)) { Reference = _request.Reference });
        await _parts.Pictures.QueueAsync(unit, _request, _to, end.Pictures);
        unit.AfterCommit(_stop.Give);
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

    /// <summary>Shows the text over the long connection until it is told to be quiet; the first frame at once.</summary>
    public void Stream(WeComBot bot) => _writing = Task.Run(() => WriteAsync(bot));

    /// <summary>Puts the text down now and then, for polls that reach other processes.</summary>
    public void Keep() => _writing = Task.Run(KeepAsync);

    public async Task QuietAsync()
    {
        _stop.Give();
        // What went wrong with a frame is no reason not to show the end.
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

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
        // What the row has for another process; null: this one shows it.
        string? kept = null;
        // The first frame leaves also when all is said already: it has the platform's thumbs.
        do
        {
            if (!bot.IsConnected)
            {
                if (_parts.MayBeShared && Text is var text && text != kept && await TryKeepAsync(text, _place)) kept = text;
                await _stop.PauseAsync(KeepEvery);
                continue;
            }

            // From here on this process shows it: the one before shall not come back to an older text.
            if (kept is not null && await TryKeepAsync(kept, null)) kept = null;
            var changed = NextChange();
            var fate = await _frames.ShowAsync(bot, Text);
            if (fate is FrameFate.Refused or FrameFate.Last) return;
            await _stop.PauseAsync(_frames.PauseAfter(fate));
            if (fate == FrameFate.Taken) await _stop.PauseAsync(ClosesAt - _parts.Clock.GetUtcNow(), changed);
        }
        while (!_stop.IsGiven);
    }

    private async Task KeepAsync()
    {
        for (var kept = ""; !_stop.IsGiven;)
        {
            await _stop.PauseAsync(KeepEvery);
            if (Text is var text && text != kept && await TryKeepAsync(text, null)) kept = text;
        }
    }

    private Task<bool> TryKeepAsync(string text, StreamPlace? place) =>
        _parts.TryAsync(() => _parts.Store.WriteAsync(_request.App, StreamId, text, place?.ToJson(), CancellationToken.None), StreamId);

    /// <summary>Completes with the next change after this call.</summary>
    private Task NextChange()
    {
        lock (_gate)
        {
            if (_changed.Task.IsCompleted) _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _changed.Task;
        }
    }
}
