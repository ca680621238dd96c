using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Streams;

/// <summary>How streams behave. Section <c>Larkspur:Streams</c>.</summary>
public sealed class StreamOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Streams";

    /// <summary>False: never CardKit; cards are changed as whole messages. Default true.</summary>
    public bool UseCardKit { get; set; } = true;

    /// <summary>Least time between two frames of a card. Default 150 ms; from 100 ms to 1 min.</summary>
    public TimeSpan FrameInterval { get; set; } = TimeSpan.FromMilliseconds(150);

    /// <summary>The same where the whole message is changed. Default 500 ms; from 200 ms to 1 min.</summary>
    public TimeSpan PatchInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The same while the app's calls of the month run out. Default 5 s.</summary>
    public TimeSpan EconomyInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What a crash loses at most of a text that this gateway writes itself. Default 1 s; up to 10 s. What a business system sends is durable when it is answered.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A stream that nobody feeds for so long is closed with a line that says so. Default 5 min; from 1 s to a day.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How long a change of a message that got no answer may still arrive: the last face is shown once more after it. Default 30 s; from 1 s
    /// to 10 min.
    /// </summary>
    public TimeSpan LostFrameTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Streams open at once in one process. Default 2,000.</summary>
    public int MaxOpen { get; set; } = 2000;

    /// <summary>Of these, streams that one system feeds over REST. Default 200: it does not take the others' places, nor the assistant's.</summary>
    public int MaxOpenPerSystem { get; set; } = 200;

    /// <summary>Longest text, in characters. Default 200,000; up to 1,000,000.</summary>
    public int MaxLength { get; set; } = 200_000;

    /// <summary>What is wrong, with the settings' names.</summary>
    IEnumerable<string> ISectionOptions.Problems()
    {
        const string Section = "Larkspur:Streams:";
        if (FrameInterval < TimeSpan.FromMilliseconds(100) || FrameInterval > TimeSpan.FromMinutes(1)) yield return Section + "FrameInterval: from 00:00:00.1 to 00:01:00; a card takes ten operations a second";
        if (PatchInterval < TimeSpan.FromMilliseconds(200) || PatchInterval > TimeSpan.FromMinutes(1)) yield return Section + "PatchInterval: from 00:00:00.2 to 00:01:00; a message takes five changes a second";
        if (EconomyInterval < FrameInterval || EconomyInterval > TimeSpan.FromHours(1)) yield return Section + "EconomyInterval: from Larkspur:Streams:FrameInterval to 01:00:00";
        if (CheckpointInterval < TimeSpan.FromMilliseconds(100) || CheckpointInterval > TimeSpan.FromSeconds(10)) yield return Section + "CheckpointInterval: from 00:00:00.1 to 00:00:10";
        if (IdleTimeout < TimeSpan.FromSeconds(1) || IdleTimeout > TimeSpan.FromDays(1)) yield return Section + "IdleTimeout: from 00:00:01 to 1.00:00:00";
        if (LostFrameTime < TimeSpan.FromSeconds(1) || LostFrameTime > TimeSpan.FromMinutes(10))
            yield return Section + "LostFrameTime: from 00:00:01 to 00:10:00";
        if (MaxOpen is < 1 or > 100_000) yield return Section + "MaxOpen: from 1 to 100000";
        if (MaxOpenPerSystem is < 1 or > 100_000) yield return Section + "MaxOpenPerSystem: from 1 to 100000";
        if (MaxLength is < 1000 or > 1_000_000) yield return Section + "MaxLength: from 1000 to 1000000";
    }
}
