using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Platforms.Web;

/// <summary>The web chat. Section <c>Larkspur:WebChat</c>.</summary>
public sealed class WebChatOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:WebChat";

    /// <summary>Event streams that one process serves at once. Default 2,000.</summary>
    public int MaxStreams { get; set; } = 2000;

    /// <summary>Event streams of one session at once. Default 5.</summary>
    public int MaxStreamsPerSession { get; set; } = 5;

    /// <summary>Messages of one session in a minute, for each process. Default 20; half of them may come at once.</summary>
    public int MessagesPerMinute { get; set; } = 20;

    /// <summary>All calls of one session in a minute, for each process. Default 240.</summary>
    public int CallsPerMinute { get; set; } = 240;

    /// <summary>What is wrong, with the settings' names.</summary>
    IEnumerable<string> ISectionOptions.Problems()
    {
        const string Section = "Larkspur:WebChat:";
        if (MaxStreams is < 1 or > 100_000) yield return Section + "MaxStreams: from 1 to 100000";
        if (MaxStreamsPerSession is < 1 or > 100) yield return Section + "MaxStreamsPerSession: from 1 to 100";
        if (MessagesPerMinute is < 2 or > 10_000) yield return Section + "MessagesPerMinute: from 2 to 10000";
        if (CallsPerMinute is < 10 or > 100_000) yield return Section + "CallsPerMinute: from 10 to 100000";
    }
}
