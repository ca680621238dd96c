using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Larkspur.Gateway.People.SignIn.Providers.Protocol;

/// <summary>The three parts of a signed token, before anything in it is believed. Keys that the header brings or names an address of
/// (<c>jwk</c>, <c>jku</c>, <c>x5c</c>, <c>x5u</c>) are not looked at.</summary>
/// <param name="Algorithm">As the header says.</param>
/// <param name="KeyId">Null: it names none.</param>
/// <param name="Body">What is signed.</param>
internal sealed record IdTokenHeader(string Algorithm, string? KeyId, JsonElement Body)
{
    private static readonly JsonDocumentOptions Shape = new() { MaxDepth = 16, AllowDuplicateProperties = false };

    /// <exception cref="ProviderException">It is no signed token, or one of another kind.</exception>
    public static IdTokenHeader Read(string token)
    {
        if (token.Split('.') is not [var first, var second, { Length: > 0 }]) throw Bad("it is not signed, or encrypted");
        var (header, body) = (Parse(first), Parse(second));
        if (Claims.Text(header, "alg") is not { Length: > 0 and <= 20 } algorithm) throw Bad("it names no algorithm");
        // An access token, or a token of logging out, is no word on who signs in.
        if (Claims.Has(header, "typ") && !string.Equals(Claims.Text(header, "typ"), "JWT", StringComparison.OrdinalIgnoreCase))
            throw new ProviderException("token_type", "its typ is not JWT");
        if (Claims.Has(header, "crit")) throw Bad("it has extensions that must be understood");
        return new IdTokenHeader(algorithm, Claims.Has(header, "kid") ? Claims.Text(header, "kid") ?? "" : null, body);
    }

    public override string ToString() => $"{Algorithm} {KeyId}";

    private static JsonElement Parse(string part)
    {
        try
        {
            using var document = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(part), Shape);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw Bad("it is no object");
        }
        catch (Exception e) when (e is JsonException or FormatException or DecoderFallbackException)
        {
            throw new ProviderException("bad_token", "it cannot be read", e);
        }
    }

    private static ProviderException Bad(string detail) => new("bad_token", detail);
}
