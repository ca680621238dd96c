using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>Codes that people copy: 80 random bits in four groups of four characters, without letters that look like digits.</summary>
internal static class GroupedCode
{
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 16;
    private const int Group = 4;

    /// <summary>As long as a person may type it, with blanks and dashes.</summary>
    private const int LongestTyped = 64;

    public static string Make() =>
        string.Join('-', RandomNumberGenerator.GetString(Letters, Length).Chunk(Group).Select(part => new string(part)));

    /// <summary>What is kept of a code, bound to what it is for; null: it cannot be one.</summary>
    public static string? HashOf(string purpose, string? typed)
    {
        if (typed is not { Length: <= LongestTyped }) return null;
        var plain = new string([.. typed.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]);
        return plain.Length == Length ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(purpose + plain))) : null;
    }
}
