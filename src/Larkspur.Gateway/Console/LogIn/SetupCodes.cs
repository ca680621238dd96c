using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>The code in the log that makes its reader the first administrator: whoever finds the port first does not become one.</summary>
internal sealed class SetupCodes(IDatabase database, TimeProvider clock)
{
    private const string Letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int MostKept = 20;

    /// <summary>Makes a code. Those of earlier starts and of other processes stay good: each stands in a log that only operators read.</summary>
    public async Task<string> MakeAsync(CancellationToken cancellation)
    {
        var code = RandomNumberGenerator.GetString(Letters, 16);
        await database.TransactAsync(async unit =>
        {
            await unit.ExecuteAsync("INSERT INTO console_setup_code (hash, made_at) VALUES ($1, $2)", HashOf(code), clock.GetUtcNow().ToUnixTimeMilliseconds());
            await unit.ExecuteAsync($"DELETE FROM console_setup_code WHERE hash NOT IN (SELECT hash FROM console_setup_code ORDER BY made_at DESC LIMIT {MostKept})");
        }, cancellation);
        return string.Join('-', code.Chunk(4).Select(part => new string(part)));
    }

    /// <summary>Whether it is one of them; it is used up then, so that of two who enter it at the same time the second waits and finds it gone.</summary>
    public static async ValueTask<bool> TakeAsync(IUnitOfWork unit, string? code) =>
        code is { Length: <= 64 } && await unit.ExecuteAsync("DELETE FROM console_setup_code WHERE hash = $1", HashOf(Plain(code))) == 1;

    /// <summary>As a person may type it.</summary>
    private static string Plain(string code) => new([.. code.ToUpperInvariant().Where(char.IsAsciiLetterOrDigit)]);

    private static string HashOf(string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(code)));
}
