using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Queueing;

/// <summary>When something counts as stuck. Section <c>Larkspur:Watchdog</c>.</summary>
public sealed class WatchdogOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Watchdog";

    /// <summary>How long a row may be open. Default 10 min.</summary>
    public TimeSpan OpenFor { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often it is looked. Default 1 min.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(1);

    IEnumerable<string> ISectionOptions.Problems()
    {
        if (OpenFor <= TimeSpan.Zero || Interval <= TimeSpan.Zero)
            yield return "Larkspur:Watchdog: OpenFor and Interval must be longer than zero, like 00:10:00 and 00:01:00";
    }
}
