namespace Larkspur.Feishu.Tables;

/// <summary>How a base is read and written.</summary>
public sealed record TableOptions
{
    /// <summary>By which id people are read and written: <c>open_id</c>, <c>union_id</c> or <c>user_id</c>.</summary>
    public string UserIdType { get; init; } = "open_id";

    /// <summary>
    /// Least time between two writes of a base by this process, whoever makes them. Default none: they are one after the other anyway. The
    /// platform advises 0.5 to 1 s where a base is busy.
    /// </summary>
    public TimeSpan WriteSpacing { get; init; }

    /// <summary>
    /// Pause after a conflict or a busy base (1254291, 1254290, 1254607), doubled each time, with as much again at random at most.
    /// </summary>
    public TimeSpan ConflictPause { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>Longest of those pauses.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Tries of one call, the first included.</summary>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>The base's time zone, for dates without a time; null: the base is asked once.</summary>
    public TimeZoneInfo? TimeZone { get; init; }

    /// <summary>
    /// What every call overrides: the person or tenant to act for, a longer time-out. Its tries are <see cref="MaxAttempts"/>.
    /// </summary>
    public FeishuCallOptions? Call { get; init; }

    /// <summary>Source of the pauses' jitter; null: the shared one.</summary>
    public Random? Random { get; init; }

    internal TimeSpan Pause(int failed)
    {
#pragma warning disable CA5394 // Jitter needs no cryptographic randomness.
        var jitter = 1 + (Random ?? Random.Shared).NextDouble();
#pragma warning restore CA5394
        var pause = ConflictPause * Math.Pow(2, Math.Min(failed - 1, 20)) * jitter;
        return pause < LongestPause ? pause : LongestPause;
    }
}
