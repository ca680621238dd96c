using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Inbox;

/// <summary>How events are recorded. Section <c>Larkspur:Inbox</c>.</summary>
public sealed class InboxOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Inbox";

    /// <summary>
    /// SQLite: keys of events held in memory before they are merged into their table, default 65,536 (two for a received message, one for other events;
    /// about 6 MB, and up to seven times that while a merge falls behind). More make a merge cheaper, fewer make the first event after a start quicker:
    /// the rows since the last merge are read back then.
    /// </summary>
    public int RecentKeys { get; set; } = 64 << 10;

    IEnumerable<string> ISectionOptions.Problems()
    {
        if (RecentKeys is < 16 or > 4 << 20) yield return "Larkspur:Inbox:RecentKeys: from 16 to 4194304";
    }
}
