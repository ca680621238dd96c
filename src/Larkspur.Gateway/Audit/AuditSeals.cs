using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Gateway.Audit;

/// <summary>Seals of the audit log: HMAC-SHA256 in lower-case hex, under a key that only the key ring opens.</summary>
internal sealed class AuditSeals(byte[] key)
{
    /// <summary>Bytes of a key.</summary>
    public const int KeySize = 32;

    /// <summary>Tells two chains apart, and nothing of the key.</summary>
    public string Chain { get; } = Convert.ToHexStringLower(HMACSHA256.HashData(key, "larkspur audit chain 1"u8).AsSpan(0, 16));

    /// <summary>Of a line, over the seal of the line before it and all its members.</summary>
    /// <param name="before">The seal before it; empty: it is the first.</param>
    /// <param name="line">The line, as it is stored.</param>
    public string Of(string before, AuditLine line)
    {
        using var hash = Begin("larkspur audit line 1");
        Add(hash, before);
        Add(hash, line.Id);
        Add(hash, line.At.ToUnixTimeMilliseconds());
        Add(hash, line.Who);
        Add(hash, line.What);
        Add(hash, line.Subject);
        Add(hash, line.Detail);
        Add(hash, line.Address);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Of the chain's ends.</summary>
    public string Tip(ChainState state)
    {
        using var hash = Begin("larkspur audit tip 1");
        Add(hash, state.Ready ? 1L : 0);
        Add(hash, state.Pruned);
        Add(hash, state.Anchor);
        Add(hash, state.Last);
        Add(hash, state.Head);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Whether the chain's ends are as the gateway left them.</summary>
    public bool Fits(ChainState state) => IsSame(state.Tip, Tip(state));

    /// <summary>Compares two seals without telling by the time where they differ.</summary>
    public static bool IsSame(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one),
        Encoding.UTF8.GetBytes(other));

    private IncrementalHash Begin(string purpose)
    {
        var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        Add(hash, purpose);
        return hash;
    }

    /// <summary>With its length before it: what is moved from one member to the next is another line. Null is no empty text.</summary>
    private static void Add(IncrementalHash hash, string? text)
    {
        Add(hash, text is null ? -1 : (long)Encoding.UTF8.GetByteCount(text));
        if (text is not null) hash.AppendData(Encoding.UTF8.GetBytes(text));
    }

    private static void Add(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }
}

/// <summary>Where the chain begins and ends.</summary>
/// <param name="Key">Its key, encrypted; null: it has not begun.</param>
/// <param name="Ready">Lines from before it are sealed.</param>
/// <param name="Handed">The highest id that a line got.</param>
/// <param name="Pruned">Lines up to this id are forgotten.</param>
/// <param name="Anchor">The seal of the last of those; empty: none.</param>
/// <param name="Last">The last line.</param>
/// <param name="Head">Its seal.</param>
/// <param name="Tip">The seal over all of this but key and handed ids.</param>
internal sealed record ChainState(string? Key, bool Ready, long Handed, long Pruned, string Anchor, long Last, string Head, string Tip);
