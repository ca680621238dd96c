using Larkspur.Feishu.Messaging.Streaming;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Streams;

/// <summary>Cards that are written while somebody reads, and that survive this process: none stays "generating".</summary>
internal interface IStreams
{
    /// <summary>
    /// Begins a stream, or takes up the one of this key: work that is done again after a crash goes on in the same card, from an empty text. When this returns the
    /// stream and its loading card are durable; the card itself comes through the outbox.
    /// </summary>
    /// <exception cref="TooManyStreamsException">As many are open as the settings allow.</exception>
    /// <exception cref="ArgumentException">The request names no receiver, or too long a key.</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    Task<IStream> OpenAsync(StreamRequest request, CancellationToken cancellation = default);

    /// <summary>What a message shows of ours: all of the text whose card, or one of whose cards, it is; null: nothing.</summary>
    /// <param name="app">The app's name in the settings.</param>
    /// <param name="messageId">The platform's id of the message.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    Task<ShownStream?> ShownInAsync(string app, string messageId, CancellationToken cancellation = default);
}

/// <summary>A text that a message shows.</summary>
/// <param name="Text">As far as it is written.</param>
/// <param name="TurnId">The turn that it answers; 0: none.</param>
/// <param name="HasEnded">Nothing is added any more.</param>
internal sealed record ShownStream(string Text, long TurnId, bool HasEnded);

/// <summary>A stream that this process writes. Dispose it: what was not finished then is closed with a line that says so, unless its event will be handled again.</summary>
internal interface IStream : IAsyncDisposable
{
    /// <summary><c>st_</c> and 32 hexadecimal digits.</summary>
    string Id { get; }

    /// <summary>Adds to the text. Returns at once, any thread; what exceeds the longest text is left out, and the end says so.</summary>
    void Append(string text);

    /// <summary>Replaces the text. Returns at once, any thread.</summary>
    void Replace(string text);

    /// <summary>Ends the stream in the transaction that ends its event: once that is durable the final text will be shown, whatever becomes of this process.</summary>
    ValueTask FinishAsync(IEffects effects, StreamEnd end);

    /// <summary>The same in any transaction.</summary>
    ValueTask FinishAsync(IUnitOfWork unit, StreamEnd end);

    /// <summary>The same in a transaction of its own.</summary>
    Task FinishAsync(StreamEnd end, CancellationToken cancellation = default);
}

/// <summary>What a stream is begun with.</summary>
internal sealed record StreamRequest
{
    /// <summary>The app's name in the settings.</summary>
    public required string App { get; init; }

    /// <summary>Names the reason for it, up to 500 characters: one stream per key and app.</summary>
    public required string Key { get; init; }

    /// <summary>The chat: messages of one lane leave in order.</summary>
    public required string Lane { get; init; }

    /// <summary>Where its cards go.</summary>
    public required StreamTarget Target { get; init; }

    /// <summary>The event whose work it is; 0: no event's.</summary>
    public long InboxId { get; init; }

    /// <summary>The assistant's turn whose answer it is; 0: no turn's. While that is open, nobody else ends the stream.</summary>
    public long TurnId { get; init; }

    /// <summary>What people may quote and operators search for; null: one is made from the key.</summary>
    public string? Reference { get; init; }

    /// <summary>Header; null: none.</summary>
    public string? Title { get; init; }

    /// <summary>What the loading card says; null: words of ours in <see cref="Language"/>.</summary>
    public string? Thinking { get; init; }

    /// <summary>Components below the text while it is written, card JSON 2.0.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>Of our own words on the card; null: Chinese and English.</summary>
    public Language? Language { get; init; }

    /// <summary>A business system writes it, over REST.</summary>
    /// <summary>The system that writes it; empty: no single system's.</summary>
    public string Owner { get; init; } = "";

    public bool IsFedOverApi { get; init; }

    /// <summary>An answer to the message of an event.</summary>
    public static StreamRequest Answering(EventContext context, Outbox.OutboxMessage address) => new()
    {
        App = context.Event.App, Key = $"event {context.Event.Platform} {context.Event.EventId}", Lane = address.Lane, InboxId = context.InboxId, Reference = context.Reference,
        Target = address.TargetType == "message_id" ? StreamTarget.Reply(address.Target) with { InThread = address.InThread } : StreamTarget.To(address.TargetType, address.Target),
    };
}

/// <summary>How a stream ends.</summary>
internal sealed record StreamEnd
{
    /// <summary>The whole text; null: what was written.</summary>
    public string? Text { get; init; }

    /// <summary>Small grey text below it.</summary>
    public string? Footer { get; init; }

    /// <summary>Components below it, card JSON 2.0.</summary>
    public IReadOnlyList<string> Components { get; init; } = [];

    /// <summary>Header colour; null: as it was.</summary>
    public string? Template { get; init; }

    /// <summary>A word for the row and the metrics.</summary>
    public string Ending { get; init; } = StreamEndings.Finished;
}

/// <summary>Words for how streams end.</summary>
internal static class StreamEndings
{
    public const string Finished = "finished";

    public const string Failed = "failed";

    /// <summary>Its process died, and nobody does its work again.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>Nobody fed it for too long.</summary>
    public const string Idle = "idle";
}

/// <summary>As many streams are open as the settings allow.</summary>
internal sealed class TooManyStreamsException(int most, string setting) : Exception($"{most} streams are open in this process, which is as many as Larkspur:Streams:{setting} allows.");
