using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.WeCom.Answers;

/// <summary>A stream over this process's connection whose answer another process writes: it shows what that one puts down.</summary>
internal sealed partial class RelayedStream(ReplyParts parts, WeComBot bot, string streamId, StreamPlace place) : ILiveStream
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly StreamFrames _frames = new(parts, bot.App, streamId, place);
    private readonly StopSignal _stop = new(parts.Clock);
    private Task _following = Task.CompletedTask;

    public string StreamId => streamId;

    public string Conversation => _frames.Conversation;

    /// <summary>The platform takes no more of it; its end comes as a message.</summary>
    public bool IsRefused { get; private set; }

    /// <summary>It shows nothing more.</summary>
    public bool IsOver => _following.IsCompleted;

    /// <summary>Begins; it must stand among the live ones already.</summary>
    public void Begin() => _following = Task.Run(FollowAsync);

    public async Task QuietAsync()
    {
        _stop.Give();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task FollowAsync()
    {
        try
        {
            for (string? shown = null; !_stop.IsGiven;)
            {
                var (isOpen, text) = await ReadAsync();
                // An end that is put down after this look waits until this is quiet; one that was put down before it is seen here: no frame comes after it.
                if (!isOpen || _stop.IsGiven) return;
                if (text is null || !bot.IsConnected || (text == shown && parts.Clock.GetUtcNow() < _frames.ClosesAt))
                {
                    await _stop.PauseAsync(LookEvery);
                    continue;
                }

                var fate = await _frames.ShowAsync(bot, text);
                IsRefused = fate == FrameFate.Refused;
                if (fate is FrameFate.Refused or FrameFate.Last) return;
                if (fate == FrameFate.Taken) shown = text;
                await _stop.PauseAsync(_frames.PauseAfter(fate));
            }
        }
        finally
        {
            parts.Live.Remove(bot.App, this);
        }
    }

    /// <returns>Whether it is still to be shown here, and its text; null: that cannot be read now.</returns>
    private async Task<(bool IsOpen, string? Text)> ReadAsync()
    {
        try
        {
            var reply = await parts.Store.FindAsync(bot.App, streamId, CancellationToken.None);
            return (reply is { State: ReplyState.Writing, Shown: null, IsRelayed: true }, reply?.Text);
        }
        catch (StorageUnavailableException e)
        {
            ProgressUnreadable(parts.Logger, streamId, e.Message);
            return (true, null);
        }
    }

    [LoggerMessage(LogLevel.Debug, "How far stream {StreamId} is cannot be read ({Reason}); looking again")]
    private static partial void ProgressUnreadable(ILogger logger, string streamId, string reason);
}
