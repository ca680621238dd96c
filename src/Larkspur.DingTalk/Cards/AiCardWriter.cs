
namespace Larkspur.DingTalk.Cards;

/// <summary>The pace of a text that streams.</summary>
public sealed class AiCardOptions
{
    /// <summary>The platform's own floor between two frames of a card.</summary>
    public static readonly TimeSpan LeastInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Between the first two frames. Default 1 s, at least 500 ms. Each pause is a quarter longer than the one before, so that a long answer costs few calls.</summary>
    public TimeSpan FirstInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Frames at most, the last one not counted: each is a call of the month's 5 000. Default 20, which last for about six minutes.</summary>
    public int MaxFrames { get; set; } = 20;

    /// <summary>
    /// Name of the template's variable for the state, when it has one (<c>flowStatus</c> in the public template): at the end it is set to 3 (finished) or 5 (failed), with a call of its own.
    /// Null: the last frame alone ends it.
    /// </summary>
    public string? StateVariable { get; set; }

    /// <summary>Makes of the text what a frame shows; called once for each frame, not for each piece that comes. Null: the text as it is.</summary>
    public Func<string, string>? Render { get; set; }

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstInterval, LeastInterval);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxFrames);
    }
}

/// <summary>What a card shows at its end.</summary>
/// <param name="Shown">The text in the card.</param>
/// <param name="Rest">What the card did not take because the text is too long: send it as a message. Empty as a rule.</param>
public sealed record AiCardEnd(string Shown, string Rest);

/// <summary>Writes a text into a card while it comes: newest text wins, never two frames at once, never faster than allowed, and always an end.</summary>
/// <remarks>
/// <para><see cref="Show"/> returns at once; a frame leaves when its time has come. A frame that is lost is no loss: the next one has the whole text. <see cref="FinishAsync"/> is what must succeed.</para>
/// <para>Disposed of without an end, the card is marked as failed: it must not look busy for ever. One thread at a time.</para>
/// </remarks>
public sealed class AiCardWriter : IAsyncDisposable
{
    private const double Slower = 1.25;

    /// <summary>What is tried when the whole text is too large: the documented total, then the documented frame.</summary>
    internal static readonly int[] Smaller = [3000, 1000];

    private readonly DingTalkCards _cards;
    private readonly string _outTrackId;
    private readonly string _key;
    private readonly AiCardOptions _options;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _ending = new();
    private Task _pump = Task.CompletedTask;
    private string _latest = "";
    private string? _shown;
    private int _frames;
    private long? _lastFrame;
    private bool _pumping;
    private bool _frozen;
    private bool _ended;

    internal AiCardWriter(DingTalkCards cards, string outTrackId, string key, AiCardOptions options)
    {
        options.Validate();
        (_cards, _outTrackId, _key, _options) = (cards, outTrackId, key, options);
    }

    /// <summary>Frames sent so far.</summary>
    public int Frames => Volatile.Read(ref _frames);

    /// <summary>Why frames stopped leaving before the end; null: they did not. <see cref="FinishAsync"/> is tried all the same.</summary>
    public Exception? Problem { get; private set; }

    /// <summary>The whole text so far.</summary>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public void Show(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        lock (_gate)
        {
            if (_ended) throw new InvalidOperationException($"Card {_outTrackId} has ended.");
            _latest = text;
            if (_frozen || _frames >= _options.MaxFrames || _pumping || _latest == _shown) return;
            _pumping = true;
            _pump = Task.Run(PumpAsync);
        }
    }

    /// <summary>Shows the whole text and ends the card well.</summary>
    /// <exception cref="DingTalkApiException">Refused: the card looks busy still; call <see cref="FailAsync"/>, or send the text another way.</exception>
    /// <exception cref="PlatformNetworkException">No answer.</exception>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public async Task<AiCardEnd> FinishAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        await LastTurnAsync(cancellationToken);
        AiCardEnd end = await _cards.EndAsync(_outTrackId, _key, text, AiFrame.Finish, Guid.NewGuid().ToString(), cancellationToken);
        lock (_gate) _ended = true;
        await SetStateAsync("3", cancellationToken);
        return end;
    }

    /// <summary>Ends the card as failed.</summary>
    /// <param name="text">What it shows: what happened, in words for people.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    /// <exception cref="InvalidOperationException">It has ended.</exception>
    public async Task FailAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        await LastTurnAsync(cancellationToken);
        await _cards.StreamAsync(_outTrackId, _key, Cut(text, Smaller[1]), AiFrame.Fail, cancellationToken);
        lock (_gate) _ended = true;
        await SetStateAsync("5", cancellationToken);
    }

    /// <summary>Sends no more frames and leaves the card as it is, for whoever ends it: another process, or this one later. When this returns no frame is on its way.</summary>
    public async Task LeaveAsync()
    {
        Task pump;
        lock (_gate)
        {
            (_frozen, _ended) = (true, true);
            pump = _pump;
        }

        await _ending.CancelAsync();
        await pump;
    }

    /// <summary>Marks the card as failed when it was not ended. What goes wrong then is kept in <see cref="Problem"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        bool open;
        lock (_gate) open = !_ended;
        try
        {
            if (open) await FailAsync(_latest);
        }
        catch (Exception e) when (e is DingTalkApiException or PlatformNetworkException)
        {
            Problem = e;
        }

        await _ending.CancelAsync();
        await _pump;
        _ending.Dispose();
    }

    internal static string Cut(string text, int maxBytes) => text[..TextTruncation.LengthWithin(text, 0, maxBytes)];

    internal static bool IsTooLarge(DingTalkApiException refused)
        => refused.Msg.Contains("too large", StringComparison.OrdinalIgnoreCase) || refused.ErrorCode.Contains("tooLarge", StringComparison.OrdinalIgnoreCase);

    private async Task PumpAsync()
    {
        try
        {
            while (true)
            {
                await DueAsync(_options.FirstInterval * Math.Pow(Slower, Math.Max(0, _frames - 1)), _ending.Token);
                string text;
                lock (_gate)
                {
                    _pumping = !(_ended || _frozen || _latest == _shown || _frames >= _options.MaxFrames);
                    if (!_pumping) return;
                    text = _latest;
                }

                await FrameAsync(text);
            }
        }
        catch (OperationCanceledException) when (_ending.IsCancellationRequested)
        {
            // The end has its own frame.
        }
        catch (Exception e)
        {
            // Nobody waits for a frame. Who ends the card, or leaves it, must not fail for one.
            DingTalkLog.FrameFailed(_cards.Logger, _outTrackId, e);
            lock (_gate) (_frozen, _pumping) = (true, false);
            Problem = e;
        }
    }

    private async Task FrameAsync(string text)
    {
        _lastFrame = _cards.Clock.GetTimestamp();
        Interlocked.Increment(ref _frames);
        try
        {
            // Not to be cancelled: a frame that was given up could arrive after the last one.
            await _cards.StreamAsync(_outTrackId, _key, _options.Render?.Invoke(text) ?? text, AiFrame.More, CancellationToken.None);
            lock (_gate) _shown = text;
        }
        catch (Exception e) when (e is PlatformNetworkException or DingTalkApiException { IsTransient: true })
        {
            // The next frame has this one's text too.
            Problem = e;
        }
        catch (DingTalkApiException e)
        {
            // Too large, quota, no such card: another frame would fare the same.
            Problem = e;
            lock (_gate) _frozen = true;
        }
    }

    /// <summary>Ends the pump, lets a frame that is on its way arrive, and waits until another one is allowed.</summary>
    private async Task LastTurnAsync(CancellationToken cancellationToken)
    {
        Task pump;
        lock (_gate)
        {
            if (_ended) throw new InvalidOperationException($"Card {_outTrackId} has ended.");
            _frozen = true;
            pump = _pump;
        }

        await _ending.CancelAsync();
        await pump.WaitAsync(cancellationToken);
        await DueAsync(AiCardOptions.LeastInterval, cancellationToken);
        _lastFrame = _cards.Clock.GetTimestamp();
    }

    private async Task DueAsync(TimeSpan interval, CancellationToken cancellationToken)
    {
        if (_lastFrame is not { } last) return;
        TimeSpan left = interval - _cards.Clock.GetElapsedTime(last);
        if (left > TimeSpan.Zero) await Task.Delay(left, _cards.Clock, cancellationToken);
    }

    private Task SetStateAsync(string state, CancellationToken cancellationToken)
        => _options.StateVariable is not { Length: > 0 } name ? Task.CompletedTask
            : _cards.UpdateAsync(_outTrackId, new CardVariables().With(name, state), cancellationToken: cancellationToken);
}
