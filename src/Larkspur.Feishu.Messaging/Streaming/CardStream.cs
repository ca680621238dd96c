using System.Text;

namespace Larkspur.Feishu.Messaging.Streaming;

/// <summary>
/// A text that is written into cards while it comes into being: the newest text only, one call at a time, no faster than the card, the message and the app may.
/// <see cref="StreamingCard"/> is this for one process; whoever keeps a stream's state elsewhere builds on it.
/// </summary>
public sealed class CardStream
{
    /// <summary>Pieces whose time is known; of more, the oldest counts.</summary>
    private const int MostTimes = 1024;

    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);

    private readonly FeishuClient _client;
    private readonly StreamTarget _target;
    private readonly StreamingCardOptions _options;
    private readonly IStreamJournal _journal;
    private readonly IStreamObserver? _observer;
    private readonly Func<TimeSpan>? _interval;
    private readonly string _key;
    private readonly StreamingCardFace _face;
    private readonly FramePump _pump;
    private readonly Lock _gate = new();
    private readonly StringBuilder _text = new();
    private readonly List<long> _pending = [];
    private readonly List<Sheet> _sheets = [];
    private long _pieces;
    private long _shownPieces;
    private int _pageSize;
    private int _failures;
    private bool _held;

    /// <param name="client">The app.</param>
    /// <param name="target">Where the cards go.</param>
    /// <param name="options">How they look.</param>
    /// <param name="journal">Remembers the cards.</param>
    /// <param name="key">Of the cards' messages, up to 40 characters: the same key again sends nothing again.</param>
    /// <param name="pages">Cards that are there, or begun.</param>
    /// <param name="interval">Least time between frames at this moment, where something beside the options has a say; null: the options alone.</param>
    /// <param name="observer">Is told of frames.</param>
    /// <param name="held">True: somebody else sends the first card; frames begin with <see cref="Begin"/>.</param>
    public CardStream(FeishuClient client, StreamTarget target, StreamingCardOptions options, IStreamJournal journal, string key,
        IEnumerable<StreamedPage>? pages = null, Func<TimeSpan>? interval = null, IStreamObserver? observer = null, bool held = false)
    {
        _held = held;
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        (_client, _target, _options, _journal, _key, _interval, _observer) = (client, target, options, journal, key, interval, observer);
        _face = new StreamingCardFace(options);
        _pageSize = options.PageSize;
        _pump = new FramePump(client.Clock, Interval, SendAsync);
        foreach (var page in (pages ?? []).OrderBy(p => p.Number)) _sheets.Add(new Sheet(Page(page)));
        if (_sheets.Count == 0) _sheets.Add(new Sheet(Page(new StreamedPage(0))));
    }

    /// <summary>The text so far.</summary>
    public string Text
    {
        get { lock (_gate) return _text.ToString(); }
    }

    /// <summary>The cards.</summary>
    public IReadOnlyList<StreamedPage> Pages
    {
        get { lock (_gate) return [.. _sheets.Select(s => s.Page.State)]; }
    }

    /// <summary>Why no more frames are sent, or null. The last frame is tried all the same.</summary>
    public Exception? Problem { get; private set; }

    /// <summary>Shows the first card.</summary>
    /// <inheritdoc cref="StreamingPage.OpenAsync" path="/exception"/>
    public Task OpenAsync(CancellationToken cancellation = default) => _sheets[0].Page.OpenAsync(null, cancellation);

    /// <summary>The first card was sent by somebody else: frames may begin.</summary>
    public void Begin(StreamedPage first)
    {
        ArgumentNullException.ThrowIfNull(first);
        bool waiting;
        lock (_gate)
        {
            if (!_held) return;
            _held = false;
            _sheets[0] = new Sheet(Page(first));
            waiting = _pieces > 0;
        }

        if (waiting) _pump.Signal();
    }

    /// <summary>Adds to the text. Returns at once.</summary>
    public void Append(string text)
    {
        if (string.IsNullOrEmpty(text)) return;
        Write(text, anew: false);
    }

    /// <summary>Replaces the text. Returns at once.</summary>
    public void Replace(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(text, anew: true);
    }

    /// <summary>No more frames; ends when the one on its way has been answered.</summary>
    /// <returns>True: there was one. It may have come after anything that was sent meanwhile.</returns>
    public Task<bool> StopAsync() => _pump.StopAsync();

    /// <summary>The faces of the finished cards, one for each page.</summary>
    public static IReadOnlyList<string> FinalCards(StreamingCardOptions options, string text, StreamingCardEnd? end = null, int atLeast = 1)
    {
        ArgumentNullException.ThrowIfNull(options);
        var face = new StreamingCardFace(options);
        end ??= new();
        // The last page carries the end too.
        var pages = StreamingMarkdown.Split(face.Prepared(text), Math.Max(1000, options.PageSize - Math.Min(end.Size, 4000)));
        var cards = new List<string>();
        for (var i = 0; i < Math.Max(pages.Count, atLeast); i++)
        {
            // A card of a text that has become shorter has nothing more to say.
            if (i >= pages.Count) cards.Add(face.Final("—"));
            else cards.Add(face.Final(pages[i], i == pages.Count - 1 ? end : new StreamingCardEnd { Template = end.Template }));
        }

        return cards;
    }

    /// <summary>Puts on the last face of a page. After <see cref="StopAsync"/>; may be repeated.</summary>
    /// <inheritdoc cref="StreamingPage.FinishAsync" path="/returns"/>
    /// <inheritdoc cref="StreamingPage.FinishAsync" path="/exception"/>
    public async Task<StreamingMode> FinishAsync(int page, string card, CancellationToken cancellation = default)
    {
        Sheet sheet;
        lock (_gate)
        {
            while (_sheets.Count <= page) _sheets.Add(new Sheet(Page(new StreamedPage(_sheets.Count))));
            sheet = _sheets[page];
        }

        return await sheet.Page.FinishAsync(card, null, cancellation);
    }

    /// <summary>The key of a page's message.</summary>
    public static string KeyOf(string key, int page) => page == 0 ? key : $"{key}-{page}";

    private StreamingPage Page(StreamedPage state) => new(_client, _target, _options, _journal, KeyOf(_key, state.Number), state);

    private TimeSpan Interval()
    {
        var own = _sheets[^1].Page.State.Mode == StreamingMode.Patch ? _options.PatchInterval : _options.FrameInterval;
        return _interval?.Invoke() is { } other && other > own ? other : own;
    }

    private void Write(string text, bool anew)
    {
        lock (_gate)
        {
            if (anew) _text.Clear();
            _text.Append(text);
            _pieces++;
            if (_pending.Count < MostTimes) _pending.Add(_client.Clock.GetTimestamp());
            if (_held) return;
        }

        _pump.Signal();
    }

    private async Task<FrameEnd> SendAsync(CancellationToken stopping)
    {
        var begun = _client.Clock.GetTimestamp();
        try
        {
            return await TrySendAsync(stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            // The journal failed where a refusal was to be remembered: frames go on when it is back. An exception from here would end them for ever, and the last frame waits for them.
            _observer?.FrameFailed(e);
            return new(begun, Pause(), GoOn: true);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            _observer?.FrameFailed(e);
            return new(begun, TimeSpan.Zero, GoOn: false);
        }
    }

    private async Task<FrameEnd> TrySendAsync(CancellationToken stopping)
    {
        var clock = _client.Clock;
        if (Problem is not null) return new(clock.GetTimestamp(), TimeSpan.Zero, GoOn: false);
        var endpoint = _sheets[^1].Page.WriteEndpoint;
        await FrameRateLimiter.Of(_client).TakeAsync(endpoint, stopping);
        var call = new FeishuCallOptions { MaxAttempts = 1, Timeout = TimeSpan.FromSeconds(10), PermitAcquired = true };
        var started = clock.GetTimestamp();
        var frame = Snapshot();
        try
        {
            // Not cancelled by a stop: whether it arrived must be known before the last frame goes.
            var more = await StepAsync(frame.Text, endpoint, call);
            _failures = 0;
            _pump.Taken();
            if (!more) Shown(frame);
            return new(started, TimeSpan.Zero, more);
        }
        catch (Exception e) when (e is PlatformApiException or PlatformNetworkException)
        {
            return await FailedAsync(e, started);
        }
        catch (Exception e)
        {
            // The journal: frames go on when it is back.
            _observer?.FrameFailed(e);
            return new(started, Pause(), GoOn: true);
        }
    }

    /// <summary>Brings the first page that is behind up to date.</summary>
    /// <returns>True: there is another one.</returns>
    private async Task<bool> StepAsync(string text, FeishuEndpoint permitted, FeishuCallOptions call)
    {
        var pages = StreamingMarkdown.Split(_face.Prepared(text), _pageSize);
        for (var i = 0; i < pages.Count; i++)
        {
            var last = i == pages.Count - 1;
            if (i == _sheets.Count)
            {
                var next = new Sheet(Page(new StreamedPage(i)));
                await next.Page.OpenAsync(call with { PermitAcquired = false });
                lock (_gate) _sheets.Add(next);
                return true;
            }

            var sheet = _sheets[i];
            if (sheet.Shown == pages[i] && (last || sheet.IsFull)) continue;
            var without = call with { PermitAcquired = false };
            if (last) await sheet.Page.WriteAsync(pages[i], sheet.Page.WriteEndpoint == permitted ? call : without);
            else await sheet.Page.FinishAsync(_face.Final(pages[i]), without);
            (sheet.Shown, sheet.IsFull) = (pages[i], !last);
            return !last;
        }

        return false;
    }

    private async Task<FrameEnd> FailedAsync(Exception e, long started)
    {
        _observer?.FrameFailed(e);
        var retry = (e as FeishuApiException)?.RetryAfter ?? TimeSpan.Zero;
        if (e is not FeishuApiException refused || CardKitCodes.IsPassing(refused) || CardKitCodes.IsSequence(refused.Code))
        {
            var pause = Pause();
            return new(started, retry > pause ? retry : pause, GoOn: true);
        }

        var page = _sheets[^1].Page;
        if (CardKitCodes.IsTooLarge(refused.Code) && _pageSize > 2000) _pageSize = _pageSize * 4 / 5;
        else if (page.State.Mode == StreamingMode.CardKit && refused.FailureKind is not (FailureKind.Authentication or FailureKind.Quota)) await page.LeaveCardKitAsync(CancellationToken.None);
        else if (refused.FailureKind is FailureKind.Authentication or FailureKind.Quota) return new(started, LongestPause, GoOn: true);
        else Problem = e; // recalled, forbidden…: frames cannot mend it

        return new(started, TimeSpan.Zero, Problem is null);
    }

    private TimeSpan Pause() => TimeSpan.FromMilliseconds(Math.Min(LongestPause.TotalMilliseconds, Interval().TotalMilliseconds * Math.Pow(2, Math.Min(_failures++, 6))));

    private Frame Snapshot()
    {
        lock (_gate) return new(_text.ToString(), _pending.Count, _pieces);
    }

    private void Shown(Frame frame)
    {
        long[] times;
        long pieces;
        lock (_gate)
        {
            times = [.. _pending.Take(frame.Times)];
            _pending.RemoveRange(0, frame.Times);
            pieces = frame.Pieces - _shownPieces;
            _shownPieces = frame.Pieces;
        }

        if (_observer is null || pieces == 0) return;
        var lags = Array.ConvertAll(times, t => _client.Clock.GetElapsedTime(t));
        _observer.FrameShown(_sheets[^1].Page.State.Mode, (int)pieces, lags);
    }

    private readonly record struct Frame(string Text, int Times, long Pieces);

    private sealed class Sheet(StreamingPage page)
    {
        public StreamingPage Page { get; } = page;

        public string? Shown { get; set; }

        public bool IsFull { get; set; }
    }
}

/// <summary>Is told what becomes of a stream's frames. Called between frames: be quick.</summary>
public interface IStreamObserver
{
    /// <summary>The platform took a frame.</summary>
    /// <param name="mode">How it went.</param>
    /// <param name="pieces">Pieces that it brought; all but one of them cost no call.</param>
    /// <param name="lags">For each of these pieces (the first 1,024), the time since it was appended.</param>
    void FrameShown(StreamingMode mode, int pieces, IReadOnlyList<TimeSpan> lags);

    /// <summary>A frame was not taken; the next one brings all.</summary>
    void FrameFailed(Exception cause);
}
