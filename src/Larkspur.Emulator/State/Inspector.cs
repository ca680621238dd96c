using System.Collections.Immutable;

namespace Larkspur.Emulator.State;

/// <summary>One call of an app to the emulated API. Secrets and tokens are redacted before they get here.</summary>
public sealed record ApiCall
{
    public required long Number { get; init; }
    public required DateTimeOffset Time { get; init; }
    /// <summary>The platform that was called, by the name that control calls have for it.</summary>
    public required string Platform { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; }
    public string? EndpointId { get; init; }
    public string? AppId { get; init; }
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];
    public string RequestBody { get; init; } = "";
    public int Status { get; init; }
    public long? Code { get; init; }
    public string ResponseBody { get; init; } = "";
    public required string LogId { get; init; }
    public double Milliseconds { get; init; }
    /// <summary>In words: served, why it was refused, or which fault was injected.</summary>
    public string Verdict { get; init; } = "";
}

/// <summary>One delivery attempt of an event or callback.</summary>
public sealed record PushAttempt
{
    public required long Number { get; init; }
    public required DateTimeOffset Time { get; init; }
    /// <summary>The platform that pushed, by the name that control calls have for it.</summary>
    public required string Platform { get; init; }
    public required string AppId { get; init; }
    public const string Webhook = "webhook";
    public const string Socket = "ws";

    /// <summary>The receiver's address; over a long connection, which one.</summary>
    public required string Url { get; init; }
    /// <summary><see cref="Webhook"/> or <see cref="Socket"/>.</summary>
    public string Transport { get; init; } = Webhook;
    public required string EventType { get; init; }
    public required string EventId { get; init; }
    /// <summary>Stands before the attempt in the count that <see cref="Number"/> ends it in: what ended under a smaller number was over when this one began.</summary>
    public long Began { get; init; }
    /// <summary>1 for the first try; up to 5.</summary>
    public required int Attempt { get; init; }
    /// <summary>Of the request; over a long connection, the frames out and what the answering frame added.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Headers { get; init; } = [];
    public string PlainBody { get; init; } = "";
    /// <summary>The body on the wire when encrypted, else empty.</summary>
    public string EncryptedBody { get; init; } = "";
    /// <summary>0 when no answer came.</summary>
    public int Status { get; init; }
    public string ResponseBody { get; init; } = "";
    public double Milliseconds { get; init; }
    public string Verdict { get; init; } = "";
    /// <summary>When the platform tries again; <see langword="null"/> when it does not.</summary>
    public DateTimeOffset? NextAttempt { get; init; }
}

/// <summary>The last API calls and pushes, newest first.</summary>
public sealed class Inspector(Action<ChangeKind> changed)
{
    public const int Capacity = 1000;
    public const int LongestBody = 64 * 1024;

    private readonly Lock _gate = new();
    private readonly LinkedList<ApiCall> _calls = [];
    private readonly LinkedList<PushAttempt> _pushes = [];
    private long _number;

    /// <summary>Every push, at its end; for who must not miss one. Handlers are quick and do not throw.</summary>
    public event Action<PushAttempt>? Pushed;

    /// <summary>Every call, at its end, before its answer leaves.</summary>
    public event Action<ApiCall>? Called;

    public long NextNumber() => Interlocked.Increment(ref _number);

    public void Add(ApiCall call)
    {
        Called?.Invoke(call);
        Add(_calls, call with { RequestBody = Cut(call.RequestBody), ResponseBody = Cut(call.ResponseBody) }, ChangeKind.ApiCall);
    }

    public void Add(PushAttempt push)
    {
        Pushed?.Invoke(push);
        Add(_pushes, push with { PlainBody = Cut(push.PlainBody), EncryptedBody = Cut(push.EncryptedBody), ResponseBody = Cut(push.ResponseBody) }, ChangeKind.Push);
    }

    public IReadOnlyList<ApiCall> Calls(int limit = 200)
    {
        lock (_gate) return [.. _calls.Take(limit)];
    }

    public IReadOnlyList<PushAttempt> Pushes(int limit = 200)
    {
        lock (_gate) return [.. _pushes.Take(limit)];
    }

    public void Clear()
    {
        lock (_gate)
        {
            _calls.Clear();
            _pushes.Clear();
        }
    }

    private static string Cut(string body) => body.Length <= LongestBody ? body : body[..LongestBody] + "…";

    private void Add<T>(LinkedList<T> list, T item, ChangeKind kind)
    {
        lock (_gate)
        {
            list.AddFirst(item);
            if (list.Count > Capacity) list.RemoveLast();
        }

        changed(kind);
    }
}
