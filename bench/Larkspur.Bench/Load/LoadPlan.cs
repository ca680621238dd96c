namespace Larkspur.Bench.Load;

/// <summary>What a driver process is to send. Travels as one line of JSON.</summary>
internal sealed record LoadPlan
{
    public required int Port { get; init; }

    public required int Connections { get; init; }

    /// <summary>Bound of the sending, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Requests made beforehand; when they are used up the run ends early.</summary>
    public required int Events { get; init; }

    /// <summary>Events a second on a fixed schedule (open loop), or null: each connection sends as soon as it was answered.</summary>
    public double? Rate { get; init; }

    public required string EventType { get; init; }

    /// <summary>Part of every event id: two plans never share one.</summary>
    public required string Run { get; init; }

    public RequestKind Kind { get; init; }

    /// <summary>The status that every answer must have.</summary>
    public int Expect { get; init; } = 200;
}

/// <summary>How far into the receiver a request comes.</summary>
internal enum RequestKind
{
    /// <summary>Valid, under an id of its own.</summary>
    Fresh,

    /// <summary>Valid, all under one id.</summary>
    Duplicate,

    /// <summary>Refused by the signature.</summary>
    WrongSignature,

    /// <summary>Signed and encrypted well, refused by the verification token inside.</summary>
    WrongToken,
}

/// <summary>What came of it.</summary>
internal sealed record LoadResult
{
    public required long Sent { get; init; }

    /// <summary>Answers with the expected status.</summary>
    public required long Answered { get; init; }

    /// <summary>From the first request to the last answer, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Processor time that the driver itself used, in seconds.</summary>
    public required double Cpu { get; init; }

    /// <summary>Milliseconds; on a schedule they count from the scheduled time, otherwise from the sending.</summary>
    public required double P50 { get; init; }

    public required double P99 { get; init; }

    public required double Max { get; init; }

    /// <summary>The first thing that went wrong, or null.</summary>
    public string? Problem { get; init; }

    public double Rate => Answered / Seconds;
}
