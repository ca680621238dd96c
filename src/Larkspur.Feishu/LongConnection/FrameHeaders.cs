using System.Globalization;
using Larkspur.Feishu.LongConnection.Wire;

namespace Larkspur.Feishu.LongConnection;

/// <summary>The keys and values in frames.</summary>
internal static class FrameHeaders
{
    public const int Control = 0;
    public const int Data = 1;

    public const string Type = "type";
    public const string MessageId = "message_id";
    public const string Sum = "sum";
    public const string Seq = "seq";
    public const string HandlingTime = "biz_rt";

    public const string Event = "event";
    public const string Ping = "ping";
    public const string Pong = "pong";

    /// <summary>The first header of a key, or null.</summary>
    public static string? Find(Frame frame, string key)
    {
        foreach (Header header in frame.Headers)
        {
            if (header.Key == key) return header.Value;
        }

        return null;
    }

    /// <summary>A header's number; <paramref name="absent"/> when there is no such header, null when it is none.</summary>
    public static int? Number(Frame frame, string key, int absent) => Find(frame, key) switch
    {
        null => absent,
        { } text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null,
    };

    /// <summary>The client's sign of life. Fields that are zero are written too: the format requires them.</summary>
    public static Frame PingOf(int service)
    {
        var ping = new Frame { SeqId = 0, LogId = 0, Service = service, Method = Control };
        ping.Headers.Add(new Header { Key = Type, Value = Ping });
        return ping;
    }
}
