using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Storage.DataProtection;

/// <summary>Finds what Data Protection has encrypted in a text: base64, or its form for addresses, of a header that is always the same,
/// the key's id and the rest.</summary>
internal static partial class SealedText
{
    /// <summary>The first four bytes: Data Protection's mark and the version of its format.</summary>
    private static ReadOnlySpan<byte> Mark => [0x09, 0xF0, 0xC9, 0xF0];

    private const int IdSize = 16;

    /// <summary>Whether something in the text is encrypted with one of the keys.</summary>
    public static bool Has(string text, IReadOnlySet<Guid> keys)
    {
        foreach (var match in Token().EnumerateMatches(text))
        {
            if (Decoded(text.Substring(match.Index, match.Length)) is { } box && KeyOf(box) is { } key && keys.Contains(key)) return true;
        }

        return false;
    }

    /// <summary>The text with everything that one of the keys has encrypted encrypted anew, in its purpose's alphabet. What cannot be
    /// opened stays as it is.</summary>
    public static string Renewed(string text, IReadOnlySet<Guid> keys,
        IReadOnlyList<(SealedPurpose Purpose, IDataProtector Protector)> protectors) => Token().Replace(text, match =>
    {
        if (Decoded(match.Value) is not { } box || KeyOf(box) is not { } key || !keys.Contains(key)) return match.Value;
        foreach (var (purpose, protector) in protectors)
        {
            try
            {
                return Encoded(protector.Protect(protector.Unprotect(box)), purpose);
            }
            catch (CryptographicException)
            {
                // Another purpose's, or nobody's any more: the next is tried.
                continue;
            }
        }

        return match.Value;
    });

    /// <summary>The key that has encrypted these bytes, or null: they are nothing of Data Protection's.</summary>
    public static Guid? KeyOf(ReadOnlySpan<byte> box) => box.Length > Mark.Length + IdSize && box.StartsWith(Mark)
        ? new Guid(box.Slice(Mark.Length, IdSize)) : null;

    private static byte[]? Decoded(string token)
    {
        var plain = token.TrimEnd('=').Replace('+', '-').Replace('/', '_');
        return Base64Url.IsValid(plain) ? Base64Url.DecodeFromChars(plain) : null;
    }

    private static string Encoded(byte[] box, SealedPurpose purpose) => purpose.IsBase64Url ? Base64Url.EncodeToString(box)
        : Convert.ToBase64String(box);

    [GeneratedRegex("CfDJ8[A-Za-z0-9+/_-]{60,}={0,2}")]
    private static partial Regex Token();
}
