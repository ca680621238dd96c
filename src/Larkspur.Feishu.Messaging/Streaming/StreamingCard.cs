namespace Larkspur.Feishu.Messaging.Streaming;

/// <summary>A card that is written while one reads: <c>await using var card = await StreamingCard.OpenAsync(feishu, StreamTarget.To("chat_id", chat));</c></summary>
/// <remarks>
/// <para>The loading card is there when <see cref="OpenAsync"/> returns. <see cref="Append"/> and <see cref="Replace"/> are cheap and may be called from any thread for every token:
/// frames carry the newest text only. CardKit is used where the app may (scope <c>cardkit:card:write</c>), otherwise the message is changed as a whole. A text that outgrows a card
/// goes on in the next.</para>
/// <para>Nothing is kept beyond the process: a card whose process dies stays as it is. The gateway's streams are the durable ones.</para>
/// </remarks>
public sealed class StreamingCard : IAsyncDisposable
{
    private readonly CardStream _stream;
    private readonly StreamingCardOptions _options;
    private readonly TimeProvider _clock;
    private bool _ended;

    private StreamingCard(CardStream stream, StreamingCardOptions options, TimeProvider clock) => (_stream, _options, _clock) = (stream, options, clock);

    /// <summary>The text so far.</summary>
    public string Text => _stream.Text;

    /// <summary>The cards: a long text has several.</summary>
    public IReadOnlyList<StreamedPage> Pages => _stream.Pages;

    /// <summary>Shows the loading card.</summary>
    /// <param name="feishu">The app.</param>
    /// <param name="target">Where the card goes.</param>
    /// <param name="options">How it looks; null: as is usual.</param>
    /// <param name="observer">Is told of frames; null: nobody.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ArgumentException">An option is outside of its bounds.</exception>
    /// <exception cref="FeishuApiException">The card cannot be sent there.</exception>
    /// <exception cref="PlatformNetworkException">No answer came; the card may be there. With an <see cref="StreamingCardOptions.IdempotencyKey"/> it is safe to ask again.</exception>
    public static async Task<StreamingCard> OpenAsync(
        FeishuClient feishu, StreamTarget target, StreamingCardOptions? options = null, IStreamObserver? observer = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(feishu);
        ArgumentNullException.ThrowIfNull(target);
        options ??= new();
        var stream = new CardStream(feishu, target, options, new MemoryJournal(), options.IdempotencyKey ?? Guid.NewGuid().ToString("N"), observer: observer);
        await stream.OpenAsync(cancellation);
        return new StreamingCard(stream, options, feishu.Clock);
    }

    /// <summary>Adds to the text. Returns at once; any thread.</summary>
    public void Append(string text) => _stream.Append(text);

    /// <summary>Replaces the text, for whoever has all of it each time. Returns at once; any thread.</summary>
    public void Replace(string fullText) => _stream.Replace(fullText);

    /// <summary>Ends the card well: its text is exactly this one when the task ends.</summary>
    /// <param name="finalText">The whole text; null: what was appended.</param>
    /// <param name="end">What stands below it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StreamingCardException">The text could not be put into the card; its <see cref="Exception.InnerException"/> is the platform's last word.</exception>
    public Task CompleteAsync(string? finalText = null, StreamingCardEnd? end = null, CancellationToken cancellation = default)
    {
        if (finalText is not null) _stream.Replace(finalText);
        return EndAsync(end ?? new(), cancellation);
    }

    /// <summary>Ends the card with what was written and words that say that it stops here.</summary>
    /// <param name="words">Shown below the text, in the reader's language; give a reference that an operator can look for.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <inheritdoc cref="CompleteAsync" path="/exception"/>
    public Task FailAsync(string words, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(words);
        if (_stream.Text.Length == 0) _stream.Replace(words);
        else _stream.Append("\n\n" + words);
        return EndAsync(new StreamingCardEnd { Template = "red", Summary = StreamingCardFace.SummaryOf(words) }, cancellation);
    }

    /// <summary>A card that was not ended is ended with what it says: nothing stays "generating". What goes wrong then is not told: end it yourself to know.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_ended) return;
        try
        {
            await EndAsync(new(), CancellationToken.None);
        }
        catch (StreamingCardException)
        {
            // An exception from here would hide the one that left the card open.
        }
    }

    private async Task EndAsync(StreamingCardEnd end, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_ended, this);
        _ended = true;
        await _stream.StopAsync();
        var cards = CardStream.FinalCards(_options, _stream.Text, end, _stream.Pages.Count);
        var begun = _clock.GetTimestamp();
        for (var page = 0; page < cards.Count; page++) await FinishAsync(page, cards[page], begun, cancellation);
    }

    private async Task FinishAsync(int page, string card, long begun, CancellationToken cancellation)
    {
        for (var failures = 0; ; failures++)
        {
            try
            {
                await _stream.FinishAsync(page, card, cancellation);
                return;
            }
            catch (Exception e) when (e is PlatformApiException or PlatformNetworkException)
            {
                var pause = (e as FeishuApiException)?.RetryAfter ?? TimeSpan.FromMilliseconds(Math.Min(10_000, 200 * Math.Pow(2, failures)));
                var left = _options.FinalPatience - _clock.GetElapsedTime(begun);
                if (e is PlatformApiException { IsTransient: false } || pause > left)
                    throw new StreamingCardException($"The last frame could not be put into card {page + 1}: {e.Message}", _stream.Text, _stream.Pages, e);
                await Task.Delay(pause, _clock, cancellation);
            }
        }
    }
}

/// <summary>A streamed card does not show its final text.</summary>
/// <param name="message">What happened.</param>
/// <param name="text">The text that it should show.</param>
/// <param name="pages">The cards.</param>
/// <param name="inner">The platform's last word.</param>
public sealed class StreamingCardException(string message, string text, IReadOnlyList<StreamedPage> pages, Exception inner) : Exception(message, inner)
{
    /// <summary>The text that it should show: send it another way.</summary>
    public string Text { get; } = text;

    /// <summary>The cards as far as they are known.</summary>
    public IReadOnlyList<StreamedPage> Pages { get; } = pages;
}
