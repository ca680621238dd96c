using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Ingress;

/// <summary>Proves that a challenge came to a gateway on this database, not only to somebody who has the app's keys: its answer carries the nonce, sealed with the key ring.</summary>
internal sealed class CallbackProof(IDataProtectionProvider protection, ILogger<CallbackProof> logger)
{
    /// <summary>The answer's header.</summary>
    public const string Header = "X-Larkspur-Proof";

    private const string Prefix = "larkspur-doctor-";
    private const int NonceBytes = 16;

    private readonly Lazy<IDataProtector> _protector = new(() => protection.CreateProtector("callback-proof"));

    /// <summary>A new challenge of our own.</summary>
    public static string NewNonce() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));

    /// <summary>The header for a challenge of our own; null for the platform's, and while the key ring is away.</summary>
    public string? Of(string challenge)
    {
        if (challenge.Length != Prefix.Length + (NonceBytes * 2) || !challenge.StartsWith(Prefix, StringComparison.Ordinal)) return null;
        try
        {
            return _protector.Value.Protect(challenge);
        }
        catch (Exception e) when (e is CryptographicException or Storage.StorageUnavailableException or InvalidOperationException)
        {
            // Whoever asks learns that nothing is proven; a sender never gets a 5xx.
            logger.LogWarning(e, "The key ring is away: a challenge of the doctor is answered without its proof");
            return null;
        }
    }

    /// <summary>Whether the header was made for this nonce by a gateway on this database.</summary>
    public bool Proves(string nonce, string? header)
    {
        if (header is not { Length: > 0 and <= 1000 }) return false;
        try
        {
            return _protector.Value.Unprotect(header) == nonce;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            logger.LogDebug(e, "A challenge's proof is another gateway's");
            return false;
        }
    }
}
