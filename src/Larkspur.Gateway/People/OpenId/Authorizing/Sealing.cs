using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.IdentityModel.Tokens;

namespace Larkspur.Gateway.People.OpenId.Authorizing;

/// <summary>What the gateway gives a browser along, to have it back as it was: nobody else can read or make it.</summary>
internal sealed class Sealing(IDataProtectionProvider protection, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    // At the first use: the key ring is in the database.
    private readonly Lazy<IDataProtector> _protector = new(() => protection.CreateProtector("openid pages"));

    public string Seal(SealedNote note) => Base64UrlEncoder.Encode(
        _protector.Value.Protect(JsonSerializer.SerializeToUtf8Bytes(note, SealedJson.Default.SealedNote)));

    /// <summary>Null: it is none of ours, or older than an hour.</summary>
    public SealedNote? Open(string? text)
    {
        if (text is not { Length: > 0 and < 12_000 }) return null;
        try
        {
            var note = JsonSerializer.Deserialize(_protector.Value.Unprotect(Base64UrlEncoder.DecodeBytes(text)),
                SealedJson.Default.SealedNote);
            return note is not null && clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(note.At) is var age && age < Longest
                && age > -Longest ? note : null;
        }
        catch (Exception e) when (e is CryptographicException or FormatException or JsonException)
        {
            // Made by somebody else, or with a key that is gone.
            return null;
        }
    }
}

/// <summary>What is given along.</summary>
/// <param name="Kind">What it is for: a note for one thing opens no other.</param>
/// <param name="At">When it was made.</param>
/// <param name="Text">The request that it belongs to, or an address.</param>
/// <param name="Sid">The session that it was made in.</param>
/// <param name="Person">Who is expected.</param>
/// <param name="State">What the answer repeats.</param>
internal sealed record SealedNote(string Kind, long At, string Text, string? Sid = null, string? Person = null, string? State = null)
{
    public const string Asked = "asked";
    public const string Consent = "consent";
    public const string Logout = "logout";
}

[JsonSerializable(typeof(SealedNote))]
internal sealed partial class SealedJson : JsonSerializerContext;
