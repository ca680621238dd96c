using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>What a browser holds of a session or of a log-in under way: 32 random bytes. The row has their hash.</summary>
internal static class ConsoleToken
{
    private const int Bytes = 32;
    private const int Characters = 43;

    public static string Make() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The row's id; null: it is no token.</summary>
    public static string? IdOf(string? token) =>
        token is { Length: Characters } ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token))) : null;
}
