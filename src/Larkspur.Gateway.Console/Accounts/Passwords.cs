using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Larkspur.Gateway.Console.Accounts;

/// <summary>Hashes passwords (PBKDF2 with SHA-512), and compares them in the same time whether there is an account or not.</summary>
internal sealed class Passwords
{
    /// <summary>What a guess costs whoever has stolen the hashes: OWASP's number for PBKDF2-HMAC-SHA512.</summary>
    public const int Rounds = 210_000;

    private readonly PasswordHasher<Passwords> _hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = Rounds }));
    private readonly Lazy<string> _nobody;

    public Passwords() => _nobody = new Lazy<string>(() => _hasher.HashPassword(this, Guid.NewGuid().ToString("N")));

    public string Hash(string password) => _hasher.HashPassword(this, password);

    /// <summary>Whether the password is the one that was hashed; without a hash the same work is done, and it is wrong.</summary>
    public PasswordMatch Compare(string? hash, string password)
    {
        // An account without a password is one whose person signs in elsewhere: none is right.
        if (hash is "") hash = null;
        var bounded = password.Length <= AccountRules.LongestPassword ? password : "";
        var result = _hasher.VerifyHashedPassword(this, hash ?? _nobody.Value, bounded);
        if (result == PasswordVerificationResult.Failed || hash is null || bounded.Length == 0) return PasswordMatch.Wrong;
        return result == PasswordVerificationResult.SuccessRehashNeeded ? PasswordMatch.RightButOld : PasswordMatch.Right;
    }
}

/// <summary>How a password compares with a hash.</summary>
internal enum PasswordMatch
{
    Wrong,
    Right,

    /// <summary>It is right, and was hashed with fewer rounds than are usual now: it is hashed anew.</summary>
    RightButOld,
}
