using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>How syncs work. Section <c>Larkspur:Syncs</c>.</summary>
public sealed class SyncOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Syncs";

    /// <summary>How often a source is asked what changed. Default 5 s.</summary>
    public TimeSpan LookEvery { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Syncs that one process works on at once. Default 8.</summary>
    public int AtOnce { get; set; } = 8;

    /// <summary>How long what syncs wrote can be seen and brought back. Default 30 days.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(30);

    IEnumerable<string> ISectionOptions.Problems()
    {
        if (LookEvery < TimeSpan.FromMilliseconds(100)) yield return "Larkspur:Syncs:LookEvery: at least 00:00:00.1";
        if (AtOnce is < 1 or > 100) yield return "Larkspur:Syncs:AtOnce: 1 to 100";
        if (Keep < TimeSpan.FromDays(1)) yield return "Larkspur:Syncs:Keep: at least 1.00:00:00 (a day)";
    }
}
