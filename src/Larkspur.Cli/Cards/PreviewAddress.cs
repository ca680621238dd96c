using System.Buffers.Text;
using System.IO.Compression;
using System.Text;
using Larkspur.Cli.Calls;

namespace Larkspur.Cli.Cards;

/// <summary>
/// Addresses of the emulator's card preview (docs/emulator.md): the card stands in the fragment, raw deflate in base64url, so that it never reaches a server.
/// </summary>
internal static class PreviewAddress
{
    /// <summary>The page takes no longer fragments.</summary>
    private const int Longest = 32_000;

    /// <exception cref="CallFailure">The emulator's address is none, or the card does not fit.</exception>
    public static Uri Of(string card, string? emulator)
    {
        var listening = Environment.GetEnvironmentVariable("LARKSPUR_EMULATOR_URLS");
        var page = GatewayAddress.Find(emulator, listening is { Length: > 0 } ? listening : "http://127.0.0.1:8081")
            ?? throw new CallFailure(ExitCodes.Usage, $"\"{emulator ?? listening}\" is not an address. Write it like http://127.0.0.1:8081");
        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.SmallestSize, leaveOpen: true)) deflate.Write(Encoding.UTF8.GetBytes(card));
        var fragment = Base64Url.EncodeToString(packed.GetBuffer().AsSpan(0, (int)packed.Length));
        return fragment.Length <= Longest ? new Uri(page, "cards#c=" + fragment) : throw new CallFailure(ExitCodes.Refused, "the card is too large for an address; paste it into the page instead.");
    }
}
