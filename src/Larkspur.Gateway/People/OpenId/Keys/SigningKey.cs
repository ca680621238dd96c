using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Larkspur.Gateway.People.OpenId.Keys;

/// <summary>A key as everybody may know it.</summary>
/// <param name="Kid">Its thumbprint (RFC 7638).</param>
/// <param name="Modulus">n, in base64url.</param>
/// <param name="Exponent">e, in base64url.</param>
/// <param name="State">A word of <see cref="KeyStates"/>.</param>
/// <param name="MadeAt">When it was made.</param>
/// <param name="StateAt">Since when it is in its state.</param>
internal sealed record PublishedKey(
    string Kid, string Modulus, string Exponent, string State, DateTimeOffset MadeAt, DateTimeOffset StateAt)
{
    /// <summary>The key, to check signatures by.</summary>
    public SecurityKey ToKey() => new RsaSecurityKey(new RSAParameters
    {
        Modulus = Base64UrlEncoder.DecodeBytes(Modulus), Exponent = Base64UrlEncoder.DecodeBytes(Exponent),
    }) { KeyId = Kid };

    /// <summary>Out of a SubjectPublicKeyInfo.</summary>
    public static PublishedKey Of(byte[] publicKey, string state, DateTimeOffset madeAt, DateTimeOffset stateAt)
    {
        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(publicKey, out _);
        var parts = rsa.ExportParameters(false);
        var (n, e) = (Base64Url.EncodeToString(parts.Modulus), Base64Url.EncodeToString(parts.Exponent));
        return new PublishedKey(Thumbprint(n, e), n, e, state, madeAt, stateAt);
    }

    /// <summary>RFC 7638 of an RSA key.</summary>
    public static string Thumbprint(string modulus, string exponent) => Base64Url.EncodeToString(
        new JsonWebKey { Kty = JsonWebAlgorithmsKeyTypes.RSA, N = modulus, E = exponent }.ComputeJwkThumbprint());
}

/// <summary>States of a key, in their order. After the last it is gone.</summary>
internal static class KeyStates
{
    /// <summary>Published, so that clients know it before it signs.</summary>
    public const string Next = "next";

    /// <summary>It signs.</summary>
    public const string Active = "active";

    /// <summary>It signed; what it signed may still hold.</summary>
    public const string Retiring = "retiring";
}
