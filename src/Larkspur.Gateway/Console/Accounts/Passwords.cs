using Microsoft.AspNetCore.Identity;

namespace Larkspur.Gateway.Console.Accounts;

/// <summary>Hashes passwords, and compares them in the same time whether there is an account or not.</summary>
internal sealed class Passwords
{
    private readonly PasswordHasher<Passwords> _hasher = new();
    private readonly Lazy<string> _nobody;

    public Passwords() => _nobody = new Lazy<string>(() => _hasher.HashPassword(this, Guid.NewGuid().ToString("N")));

    public string Hash(string password) => _hasher.HashPassword(this, password);

    /// <summary>True when the password is the one that was hashed; without a hash the same work is done, and it is false.</summary>
    public bool Matches(string? hash, string password)
    {
        var bounded = password.Length <= AccountRules.LongestPassword ? password : "";
        var matches = _hasher.VerifyHashedPassword(this, hash ?? _nobody.Value, bounded) != PasswordVerificationResult.Failed;
        return matches && hash is not null && bounded.Length > 0;
    }
}
