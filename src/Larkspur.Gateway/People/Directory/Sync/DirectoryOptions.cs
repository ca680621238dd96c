using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>What holds a sync back from taking people for gone. Section <c>Larkspur:Directory</c>.</summary>
public sealed class DirectoryOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Directory";

    /// <summary>So many may always be gone without a question. Default 5.</summary>
    public int MostLeavers { get; set; } = 5;

    /// <summary>And so many of a hundred. Default 10. What is more is asked.</summary>
    public int MostLeaversPercent { get; set; } = 10;

    /// <summary>How long what a directory told of somebody who left is kept. Default 90 days; at least 30.</summary>
    public TimeSpan KeepLeavers { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How often it is noted that events can come: a break is known to this. Default 20 s; 1 s to 1 min.</summary>
    public TimeSpan ListenEvery { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How many of a company of so many may be gone without a question.</summary>
    internal long LimitOf(long members) => Math.Max(MostLeavers, members * MostLeaversPercent / 100);

    IEnumerable<string> ISectionOptions.Problems()
    {
        if (MostLeavers is < 0 or > 1000) yield return "Larkspur:Directory:MostLeavers: 0 to 1000";
        if (MostLeaversPercent is < 0 or > 50) yield return "Larkspur:Directory:MostLeaversPercent: 0 to 50";
        if (ListenEvery < TimeSpan.FromSeconds(1) || ListenEvery > TimeSpan.FromMinutes(1))
            yield return "Larkspur:Directory:ListenEvery: 00:00:01 to 00:01:00";
        if (KeepLeavers < TimeSpan.FromDays(30)) yield return "Larkspur:Directory:KeepLeavers: at least 30.00:00:00; who comes"
            + " back in that time is who they were";
    }
}
