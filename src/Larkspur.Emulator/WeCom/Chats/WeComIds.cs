namespace Larkspur.Emulator.WeCom.Chats;

/// <summary>Ids as they look on WeCom's wire.</summary>
internal sealed class WeComIds(IdSource ids)
{
    /// <summary>Of a record in one chat; no wire knows it.</summary>
    public string Message() => ids.Next("wm_");

    /// <summary>Of a message that an application or bot sent.</summary>
    public string MsgId() => ids.Next("")[..24] + ids.Next("")[..16];

    /// <summary>Of a message that a person sent to the application: 64 bits, in decimal, above zero.</summary>
    public string Number()
    {
        Span<byte> bytes = stackalloc byte[8];
        ids.Fill(bytes);
        return ((BitConverter.ToInt64(bytes) & long.MaxValue) | (1L << 60)).ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    public string Chat() => ids.Next("wr");

    public string Nonce() => ids.Next("")[..16];

    /// <summary>A secret that is its own proof: a code, a key of a file.</summary>
    public string Code() => ids.Next("") + ids.Next("");

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        ids.Fill(bytes);
        return bytes;
    }
}
