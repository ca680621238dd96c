using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;

/// <summary>How chat history is compared with what arrived. Section <c>Larkspur:Gaps</c>.</summary>
public sealed class GapOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Gaps";

    /// <summary>False: history is never read. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How often it is compared without an occasion. Default 6 h. Occasions are the start, and a long connection that is made anew.</summary>
    public TimeSpan Every { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Least time between two occasions: a connection that comes and goes must not use up the month's calls. Default 10 min.</summary>
    public TimeSpan Pause { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>What is younger may still be on its way: it is left to the next time. Default 20 s, longer than the platform's first repetition takes.</summary>
    public TimeSpan Settle { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How far back it is looked at most. Default 24 h: the platform itself goes on for seven.</summary>
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Looked at twice, since clocks differ. Default 2 min.</summary>
    public TimeSpan Overlap { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Calls that one comparison may make; the rest has its turn the next time. Default 200.</summary>
    public int MaxCalls { get; set; } = 200;

    /// <summary>Two-person chats without a message for longer are left out. Default 7 days.</summary>
    public TimeSpan ActiveWithin { get; set; } = TimeSpan.FromDays(7);

    /// <summary>
    /// True: every message of groups is filled in. Default false: those that mention the bot. Set it when the app has <c>im:message.group_msg</c> not only to read history
    /// but to receive all messages, and a business system wants them.
    /// </summary>
    public bool AllGroupMessages { get; set; }

    IEnumerable<string> ISectionOptions.Problems()
    {
        if (Every < TimeSpan.FromMinutes(1)) yield return "Larkspur:Gaps:Every: at least 00:01:00";
        if (Pause < TimeSpan.Zero || Pause > TimeSpan.FromDays(1)) yield return "Larkspur:Gaps:Pause: from 00:00:00 to a day";
        if (Settle < TimeSpan.Zero || Settle > TimeSpan.FromHours(1)) yield return "Larkspur:Gaps:Settle: from 00:00:00 to an hour";
        if (MaxAge < TimeSpan.FromMinutes(1) || MaxAge > TimeSpan.FromDays(30)) yield return "Larkspur:Gaps:MaxAge: from 00:01:00 to 30 days";
        if (Overlap < TimeSpan.Zero || Overlap > TimeSpan.FromHours(1)) yield return "Larkspur:Gaps:Overlap: from 00:00:00 to an hour";
        if (MaxCalls is < 1 or > 10_000)
            yield return "Larkspur:Gaps:MaxCalls: from 1 to 10000. To read no history set Larkspur:Gaps:Enabled to false";
        if (ActiveWithin < TimeSpan.FromMinutes(1)) yield return "Larkspur:Gaps:ActiveWithin: at least 00:01:00";
    }
}
