using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Ingress;

/// <summary>Proves that a challenge came to a gateway on this database, not only to somebody who has the app's keys: its answer carries the nonce, sealed with the key ring.</summary>
/// <remarks>
/// Where nothing encrypts it, the platform's own challenge carries the Verification Token as it is. Ours goes to whatever address
/// somebody has set as the callback
/// domain, and whoever has the token can forge events: so it carries a seal in the token's place, which only a gateway on this database can open.
/// </remarks>
internal sealed partial class CallbackProof(IDataProtectionProvider protection, ILogger<CallbackProof> logger)
{
    /// <summary>The answer's header.</summary>
    public const string Header = "X-Larkspur-Proof";

    /// <summary>The question's header where nothing hides the body: nonce and Verification Token, sealed.</summary>
    public const string SealHeader = "X-Larkspur-Challenge";

    private const string Prefix = "larkspur-doctor-";
    private const int NonceBytes = 16;
    private const int LongestHeader = 1000;

    private readonly Lazy<IDataProtector> _protector = new(() => protection.CreateProtector("callback-proof"));
    private readonly Lazy<IDataProtector> _seals = new(() => protection.CreateProtector("callback-challenge"));

    /// <summary>A new challenge of our own.</summary>
    public static string NewNonce() => Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceBytes));

    /// <summary>It is a challenge of our own making, not the platform's.</summary>
    public static bool IsOurs(string? challenge) =>
        challenge?.Length == Prefix.Length + (NonceBytes * 2) && challenge.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The header for a challenge of our own; null for the platform's, and while the key ring is away.</summary>
    public string? Of(string? challenge)
    {
        if (challenge is null || !IsOurs(challenge)) return null;
        try
        {
            return _protector.Value.Protect(challenge);
        }
        catch (Exception e) when (e is CryptographicException or Storage.StorageUnavailableException or InvalidOperationException)
        {
            // Whoever asks learns that nothing is proven; a sender never gets a 5xx.
            KeyRingAway(e);
            return null;
        }
    }

    /// <summary>Whether the header was made for this nonce by a gateway on this database.</summary>
    public bool Proves(string nonce, string? header)
    {
        if (header is not { Length: > 0 and <= LongestHeader }) return false;
        try
        {
            return _protector.Value.Unprotect(header) == nonce;
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            ProofOfOther(e);
            return false;
        }
    }

    /// <summary>What a challenge of ours carries in the token's place.</summary>
    public string Seal(string nonce, string verificationToken) => _seals.Value.Protect(nonce + HashOf(verificationToken));

    /// <summary>The nonce of a challenge that a gateway on this database made with the same Verification Token; null: it is none.</summary>
    public string? Opened(string? seal, string? verificationToken)
    {
        if (seal is not { Length: > 0 and <= LongestHeader } || string.IsNullOrEmpty(verificationToken)) return null;
        try
        {
            var plain = _seals.Value.Unprotect(seal);
            var hash = HashOf(verificationToken);
            return plain.EndsWith(hash, StringComparison.Ordinal) ? plain[..^hash.Length] : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or Storage.StorageUnavailableException or InvalidOperationException)
        {
            SealOfOther(e);
            return null;
        }
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    [LoggerMessage(LogLevel.Warning, "The key ring is away: a challenge of the doctor is answered without its proof")]
    private partial void KeyRingAway(Exception error);
    [LoggerMessage(LogLevel.Debug, "A challenge's proof is another gateway's")] private partial void ProofOfOther(Exception error);
    [LoggerMessage(LogLevel.Debug, "A challenge's seal is another gateway's, or the key ring is away")]
    private partial void SealOfOther(Exception error);
}
