namespace Larkspur.Gateway.Queueing;

/// <summary>When something counts as stuck. Section <c>Larkspur:Watchdog</c>.</summary>
public sealed class WatchdogOptions
{
    /// <summary>How long a row may be open. Default 10 min.</summary>
    public TimeSpan OpenFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often it is looked. Default 1 min.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);
}
