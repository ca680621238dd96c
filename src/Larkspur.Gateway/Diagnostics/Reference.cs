using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Gateway.Diagnostics;

/// <summary>Short ids that a person can read out and an operator can search for.</summary>
internal static class Reference
{
    private const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>Eight characters in two groups, the same for every attempt at one event: <c>7QX4-M0RT</c>.</summary>
    public static string For(string platform, string app, string eventId)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{platform}\n{app}\n{eventId}"), hash);
        return string.Create(9, System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(hash), static (text, bits) =>
        {
            for (var i = 0; i < text.Length; i++)
            {
                if (i == 4)
                {
                    text[i] = '-';
                    continue;
                }

                text[i] = Crockford[(int)(bits & 31)];
                bits >>= 5;
            }
        });
    }
}
