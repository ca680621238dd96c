using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Emulator.State;

/// <summary>Ids as they look on the wire. An <c>open_id</c> is different in every app, a <c>union_id</c> in every developer.</summary>
public static class WireIds
{
    public static string OpenId(string appId, string userId) => "ou_" + Hash("open", appId + "/" + userId);

    public static string Hash(string kind, string value) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("larkspur/" + kind + "/" + value)))[..32];
}

/// <summary>Makes new ids. Give a seed to get the same ones in every run.</summary>
public sealed class IdSource(int? seed = null)
{
    private readonly Random? _seeded = seed is { } s ? new Random(s) : null;
    private readonly Lock _gate = new();

    /// <param name="prefix">For example <c>om_</c>; 32 hex digits follow.</param>
    public string Next(string prefix)
    {
        Span<byte> bytes = stackalloc byte[16];
        Fill(bytes);
        return prefix + Convert.ToHexStringLower(bytes);
    }

    public void Fill(Span<byte> bytes)
    {
        if (_seeded is null)
        {
            RandomNumberGenerator.Fill(bytes);
            return;
        }

        lock (_gate) _seeded.NextBytes(bytes);
    }
}
