using System.Collections.Concurrent;
using System.Diagnostics;
using Larkspur.Emulator.State;

namespace Larkspur.Testing.Chaos;

/// <summary>What was delivered and answered, as the platform's side saw it.</summary>
/// <remarks>
/// A message is recorded by the gateway somewhere between the begin of its first delivery and the end of its first acknowledged one. Both ends are
/// known exactly, on one counter; that is all that an outsider can know, and enough to judge the order (<see cref="Judgement"/>).
/// </remarks>
internal sealed class Deliveries : IDisposable
{
    private const string MessageIdMember = "\"message_id\":\"";

    private readonly ConcurrentDictionary<string, Delivery> _byMessage = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<int, long> _answered = new();
    private readonly Inspector _inspector;
    private int _attempts;
    private int _unacknowledged;
    private int _acknowledged;

    public Deliveries(Inspector inspector)
    {
        _inspector = inspector;
        inspector.Pushed += Pushed;
        inspector.Called += Called;
    }

    public int Attempts => Volatile.Read(ref _attempts);

    public int Unacknowledged => Volatile.Read(ref _unacknowledged);

    public int Acknowledged => Volatile.Read(ref _acknowledged);

    /// <summary>Messages of which an answer was seen.</summary>
    public int Answered => _answered.Count;

    /// <summary>Changes with everything that happens.</summary>
    public long Progress => Attempts + _answered.Count;

    public Delivery? Of(string messageId) => _byMessage.GetValueOrDefault(messageId);

    /// <summary>When the first answer came, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long? AnsweredAt(int number) => _answered.TryGetValue(number, out var at) ? at : null;

    public void Dispose()
    {
        _inspector.Pushed -= Pushed;
        _inspector.Called -= Called;
    }

    private void Pushed(PushAttempt push)
    {
        if (push.EventType != "im.message.receive_v1") return;
        var at = push.PlainBody.IndexOf(MessageIdMember, StringComparison.Ordinal) + MessageIdMember.Length;
        var id = push.PlainBody[at..push.PlainBody.IndexOf('"', at)];
        Interlocked.Increment(ref _attempts);
        Interlocked.Increment(ref push.Status == 200 ? ref _acknowledged : ref _unacknowledged);
        _byMessage.GetOrAdd(id, static _ => new Delivery()).Add(push);
    }

    private void Called(ApiCall call)
    {
        if (call.EndpointId is not ("im.v1.message.reply" or "im.v1.message.create") || !call.Verdict.Contains("served", StringComparison.Ordinal)) return;
        if (Marker.In(call.RequestBody) is { } number) _answered.TryAdd(number, Stopwatch.GetTimestamp());
    }
}

/// <summary>The deliveries of one message, under whatever event ids.</summary>
internal sealed class Delivery
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _eventIds = [];

    /// <summary>Count before the first attempt.</summary>
    public long Began { get; private set; } = long.MaxValue;

    /// <summary>Count after the first acknowledged attempt.</summary>
    public long? AcknowledgedBy { get; private set; }

    /// <summary>When the first attempt left, by <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long? BeganAt { get; private set; }

    /// <summary>By <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long? AcknowledgedAt { get; private set; }

    public int Acknowledgements { get; private set; }

    public string LastVerdict { get; private set; } = "";

    public string[] EventIds
    {
        get { lock (_gate) return [.. _eventIds]; }
    }

    public void Add(PushAttempt push)
    {
        lock (_gate)
        {
            _eventIds.Add(push.EventId);
            Began = Math.Min(Began, push.Began);
            BeganAt ??= Stopwatch.GetTimestamp() - (long)(push.Milliseconds * Stopwatch.Frequency / 1000);
            LastVerdict = $"attempt {push.Attempt} of {push.EventId}: {push.Verdict}";
            if (push.Status != 200) return;
            Acknowledgements++;
            AcknowledgedBy = Math.Min(AcknowledgedBy ?? long.MaxValue, push.Number);
            AcknowledgedAt ??= Stopwatch.GetTimestamp();
        }
    }
}
