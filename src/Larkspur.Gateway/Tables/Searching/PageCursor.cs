using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Tables.Searching;

/// <summary>Where a page ended: the platform's place, and which search it is of. With another search it would skip records.</summary>
internal static class PageCursor
{
    private const int HashLength = 12;

    public static string Make(string place, string search) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(HashOf(search) + place));

    /// <summary>The platform's place.</summary>
    /// <exception cref="RequestRefusedException">It is none, or of another search.</exception>
    public static string Read(string cursor, string search)
    {
        var text = Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : "";
        return text.Length > HashLength && text.StartsWith(HashOf(search), StringComparison.Ordinal) ? text[HashLength..]
            : throw RequestRefusedException.Malformed("bad_cursor", "?cursor", TablesTexts.OtherSearch);
    }

    private static string HashOf(string search) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(search)))[..HashLength];
}
