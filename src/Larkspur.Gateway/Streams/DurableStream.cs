using Larkspur.Feishu;
using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Streams;

/// <summary>A stream in the process that sends its frames.</summary>
internal sealed class DurableStream : IStream, IStreamObserver
{
    private readonly StreamRow _row;
    private readonly StreamCompleter _ender;
    private readonly LiveStreams _live;
    private readonly StreamMetrics _metrics;
    private readonly LateFrames _late;
    private readonly int _longest;
    private readonly CardStream _cards;
    private readonly Lock _gate = new();
    private int _length;
    private bool _cut;
    private volatile bool _dirty;
    private volatile bool _opened;
    private volatile bool _ended;
    private volatile bool _lost;

    public DurableStream(StreamRow row, IReadOnlyList<StreamedPage> pages, FeishuClient client, StreamStore store, StreamOptions options, Func<TimeSpan> interval,
        StreamCompleter ender, LiveStreams live, LateFrames late, StreamMetrics metrics)
    {
        (_row, _ender, _live, _late, _metrics, _longest) = (row, ender, live, late, metrics, options.MaxLength);
        _opened = pages is [{ MessageId: not null }, ..];
        _cards = new CardStream(client, row.Target, row.Face.Options(options), new StreamJournal(store, row.Id, row.Node), row.Id, pages, interval, this, held: !_opened);
        if (row.Text.Length > 0) Replace(row.Text);
        _dirty = false;
    }

    public string Id => _row.Id;

    /// <summary>The system that feeds it; empty: no single one.</summary>
    public string Owner => _row.Owner;

    /// <summary>The loading card is known to be there.</summary>
    public bool IsOpened => _opened;

    public void Append(string text)
    {
        if (string.IsNullOrEmpty(text) || _ended) return;
        lock (_gate)
        {
            var room = _longest - _length;
            if (text.Length > room) (text, _cut) = (text[..room], true);
            _length += text.Length;
            _cards.Append(text);
            _dirty = true;
        }
    }

    public void Replace(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (_ended) return;
        lock (_gate)
        {
            _cut = text.Length > _longest;
            if (_cut) text = text[.._longest];
            _length = text.Length;
            _cards.Replace(text);
            _dirty = true;
        }
    }

    /// <summary>Shows a text that is durable already.</summary>
    public void Show(string text)
    {
        Replace(text);
        _dirty = false;
    }

    /// <summary>What is to be put down since the last time, or null.</summary>
    public string? TakeDirty()
    {
        if (!_dirty || _ended) return null;
        _dirty = false;
        return _cards.Text;
    }

    /// <summary>It could not be put down: again the next time.</summary>
    public void StillDirty() => _dirty = true;

    public void Opened(StreamedPage page)
    {
        if (_opened) return;
        _opened = true;
        _cards.Begin(page);
    }

    public ValueTask FinishAsync(IEffects effects, StreamEnd end)
    {
        _ended = true;
        return _ender.EndAsync(effects, Id, Complete(end));
    }

    public async ValueTask FinishAsync(IUnitOfWork unit, StreamEnd end)
    {
        _ended = true;
        await _ender.EndAsync(unit, Id, Complete(end));
    }

    public Task FinishAsync(StreamEnd end, CancellationToken cancellation = default)
    {
        _ended = true;
        return _ender.EndAsync(Id, Complete(end), cancellation);
    }

    /// <summary>No more frames; ends when the one on its way was answered.</summary>
    /// <returns>True: there was one.</returns>
    public async Task<bool> StopAsync()
    {
        var wasSending = await _cards.StopAsync();
        if (_lost && IsPatched) _late.Lost(Id);
        return wasSending;
    }

    private bool IsPatched => _cards.Pages.Any(static page => page.Mode == StreamingMode.Patch);

    /// <summary>It takes no more text.</summary>
    public bool IsOver => _ended;

    /// <summary>The row has ended, or is not this process's any more.</summary>
    /// <param name="elsewhere">By another process: whether frames of this one came after that, nobody knows.</param>
    public void Abandon(bool elsewhere)
    {
        _ended = true;
        _ = LeaveAsync();

        async Task LeaveAsync()
        {
            var wasSending = await StopAsync();
            if ((elsewhere || wasSending) && IsPatched) _late.Answered(Id);
            _live.Remove(this);
        }
    }

    /// <summary>No more frames; ends when the one on its way was answered. Until then it can be found, so that the last face waits for it.</summary>
    public async Task QuietAsync()
    {
        await StopAsync();
        _live.Remove(this);
    }

    /// <summary>An event, or a turn, that is still open is handled again, and goes on in this card; its end closes it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ended || _row.InboxId > 0 || _row.TurnId > 0 || _row.IsFedOverApi) return;
        await FinishAsync(StreamCompleter.Interrupted(_row, _cards.Text));
    }

    public void FrameShown(StreamingMode mode, int pieces, IReadOnlyList<TimeSpan> lags) => _metrics.Shown(mode, pieces, lags);

    public void FrameFailed(Exception cause)
    {
        if (cause is PlatformNetworkException { Sent: true }) _lost = true;
        if (cause is StreamLostException) Abandon(elsewhere: true);
        else _metrics.Failed(cause);
    }

    private StreamEnd Complete(StreamEnd end)
    {
        lock (_gate)
        {
            var text = end.Text ?? _cards.Text;
            var cut = _cut && end.Text is null;
            if (text.Length > _longest) (text, cut) = (text[.._longest], true);
            return end with { Text = cut ? text + "\n\n" + _row.Face.Say(BotTexts.StreamCut) : text };
        }
    }
}
