using System.Collections.Concurrent;

namespace Larkspur.WeCom.AiBots;

/// <summary>Streams of callback mode: what is being written, kept for the platform's polls (about one a second) until its end.</summary>
/// <remarks>In this process's memory: polls must reach the process that writes. A stream that is not finished is ended by the poll after 6 minutes, with what there is; whoever polls again is told the same for a minute more at least. Thread-safe.</remarks>
/// <param name="clock">Time; null: the system's.</param>
public sealed class AiBotStreams(TimeProvider? clock = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly ConcurrentDictionary<string, AiBotStream> _streams = new(StringComparer.Ordinal);

    /// <summary>Begins the answer to a message; return <see cref="AiBotStream.Answer"/> to the platform at once, and write on.</summary>
    /// <param name="message">What is answered; its 6 minutes count.</param>
    /// <param name="feedbackId">Lets people judge the answer, at most 256 bytes.</param>
    public AiBotStream Open(AiBotDelivery message, string? feedbackId = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        foreach ((string id, AiBotStream old) in _streams)
        {
            // A minute more: the last poll may be under way.
            if (_clock.GetUtcNow() > old.EndsAt + TimeSpan.FromMinutes(1)) _streams.TryRemove(id, out _);
        }

        var stream = new AiBotStream(Guid.NewGuid().ToString("N"), message.ReceivedAt + AiBotLimits.StreamLife, feedbackId, _clock);
        _streams[stream.Id] = stream;
        return stream;
    }

    /// <summary>What to answer to a poll; null when the stream is not (any more) known here: answer with an empty body.</summary>
    public AiBotAnswer? Poll(BotStreamPolled poll)
    {
        ArgumentNullException.ThrowIfNull(poll);
        // It stays when it is over: the answer to the last poll may be lost, and the platform then asks again.
        return _streams.TryGetValue(poll.StreamId, out AiBotStream? stream) ? stream.Snapshot() : null;
    }
}

/// <summary>One answer while it is being written.</summary>
public sealed class AiBotStream
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly string? _feedbackId;
    private string _text = "";
    private bool _finished;
    private IReadOnlyList<ReadOnlyMemory<byte>>? _images;

    internal AiBotStream(string id, DateTimeOffset endsAt, string? feedbackId, TimeProvider clock) => (Id, EndsAt, _feedbackId, _clock) = (id, endsAt, feedbackId, clock);

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>After this the platform takes nothing.</summary>
    public DateTimeOffset EndsAt { get; }

    /// <summary>The first answer, to be returned to the platform at once.</summary>
    public AiBotAnswer Answer
    {
        get { lock (_gate) return AiBotAnswer.Stream(Id, _text, _finished, _finished ? _images : null, _feedbackId); }
    }

    /// <summary>Adds to the text.</summary>
    /// <exception cref="AiBotLimitException">More than 20,480 bytes, or later than 6 minutes; the stream stays as it was.</exception>
    /// <exception cref="InvalidOperationException">It is finished.</exception>
    public void Append(string text) => Change(old => old + text, finish: false, null);

    /// <summary>Sets the whole text.</summary>
    /// <inheritdoc cref="Append" path="/exception"/>
    public void Write(string text) => Change(_ => text, finish: false, null);

    /// <summary>Sets the whole text for good.</summary>
    /// <inheritdoc cref="Append" path="/exception"/>
    public void Finish(string text, IReadOnlyList<ReadOnlyMemory<byte>>? images = null) => Change(_ => text, finish: true, images);

    internal AiBotAnswer Snapshot()
    {
        lock (_gate) return AiBotAnswer.Stream(Id, _text, _finished || _clock.GetUtcNow() >= EndsAt, _finished ? _images : null);
    }

    private void Change(Func<string, string> change, bool finish, IReadOnlyList<ReadOnlyMemory<byte>>? images)
    {
        lock (_gate)
        {
            if (_finished) throw new InvalidOperationException("The stream is finished.");
            if (_clock.GetUtcNow() >= EndsAt) throw new AiBotLimitException(AiBotLimit.StreamLife, "Six minutes after the message nothing more is taken: send the rest by the response address, or as an application message.");
            string text = change(_text);
            // Judged with its pictures before anything changes.
            _ = AiBotAnswer.Stream(Id, text, finish, images);
            (_text, _finished, _images) = (text, finish, images);
        }
    }
}
