using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Gateway.Inbox;

/// <summary>
/// Keys under which events are remembered: 16 bytes, of which the first 12 come from the platform's id alone, so that all apps' rows of one id
/// stand side by side. Two ids that share a key are one chance in 2^96 a pair.
/// </summary>
internal static class SeenKey
{
    private const int IdBytes = 12;
    private const int Length = 16;

    public static byte[] ForEvent(string platform, string app, string eventId) => Of("e:" + eventId, platform + "\n" + app);

    public static byte[] ForMessage(string platform, string app, string messageId) => Of("m:" + messageId, platform + "\n" + app);

    /// <summary>First and last key that an event id can have, whatever the app.</summary>
    public static (byte[] First, byte[] Last) RangeOfEvent(string eventId)
    {
        var first = Of("e:" + eventId, "");
        var last = (byte[])first.Clone();
        first.AsSpan(IdBytes).Clear();
        last.AsSpan(IdBytes).Fill(byte.MaxValue);
        return (first, last);
    }

    private static byte[] Of(string id, string owner)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var key = new byte[Length];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        hash[..IdBytes].CopyTo(key);
        SHA256.HashData(Encoding.UTF8.GetBytes(owner), hash);
        hash[..(Length - IdBytes)].CopyTo(key.AsSpan(IdBytes));
        return key;
    }
}
