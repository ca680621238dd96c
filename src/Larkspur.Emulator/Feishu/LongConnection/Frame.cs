namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>One message of the long connection: <c>Frame</c> of the platform's protobuf 2 package <c>pbbp2</c>.</summary>
public sealed record Frame
{
    /// <summary><see cref="Method"/> of pings and pongs.</summary>
    public const int Control = 0;

    /// <summary><see cref="Method"/> of events and their acknowledgements.</summary>
    public const int Data = 1;

    public ulong SeqId { get; init; }
    public ulong LogId { get; init; }
    public int Service { get; init; }
    public int Method { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];
    public string? PayloadEncoding { get; init; }
    public string? PayloadType { get; init; }
    public ReadOnlyMemory<byte> Payload { get; init; }
    public string? LogIdNew { get; init; }

    /// <summary>The first header of that name.</summary>
    public string? Header(string key)
    {
        foreach (var (name, value) in Headers)
        {
            if (name == key) return value;
        }

        return null;
    }
}

/// <summary>Keys of <see cref="Frame.Headers"/>.</summary>
internal static class FrameHeader
{
    public const string Type = "type";
    public const string MessageId = "message_id";
    /// <summary>How many frames make up the message.</summary>
    public const string Sum = "sum";
    /// <summary>Which of them this is, from 0.</summary>
    public const string Seq = "seq";
    public const string TraceId = "trace_id";
    public const string Timestamp = "timestamp";
    /// <summary>Milliseconds that the client's handler took; added to the acknowledgement.</summary>
    public const string HandlerTime = "biz_rt";
}
