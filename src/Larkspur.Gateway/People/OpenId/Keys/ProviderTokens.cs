using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Larkspur.Gateway.People.OpenId.Keys;

/// <summary>Signs what the provider says, and reads again what it signed.</summary>
internal sealed class ProviderTokens(SigningKeys keys)
{
    /// <summary><c>typ</c> of an access token (RFC 9068), which no id_token has.</summary>
    public const string AccessType = "at+jwt";

    /// <summary><c>typ</c> of a logout token.</summary>
    public const string LogoutType = "logout+jwt";

    public const string PlainType = "JWT";

    private const int Longest = 8 << 10;

    private static readonly JsonWebTokenHandler Handler =
        new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false, MaximumTokenSizeInBytes = Longest };

    /// <summary>Signs claims.</summary>
    /// <param name="claims">All of them, times as numbers of seconds.</param>
    /// <param name="type">Of the header.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async ValueTask<string> SignAsync(IDictionary<string, object> claims, string type, CancellationToken cancellation) =>
        Handler.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims, TokenType = type, SigningCredentials = await keys.CredentialsAsync(cancellation),
        });

    /// <summary>An id_token of ours, also one whose time is over; null: it is none.</summary>
    /// <remarks>The algorithm is ours, and keys are ours alone: what its header names besides (<c>jku</c>, <c>jwk</c>, <c>x5u</c>) is not
    /// looked at.</remarks>
    public async ValueTask<IdTokenHint?> ReadHintAsync(string token, string issuer, CancellationToken cancellation) =>
        token.Length > Longest ? null : await ReadHintAsync(token, issuer, await keys.PublishedAsync(cancellation));

    /// <summary>The same by keys that are at hand.</summary>
    internal static async ValueTask<IdTokenHint?> ReadHintAsync(string token, string issuer, IReadOnlyList<PublishedKey> known)
    {
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256], IssuerSigningKeys = known.Select(k => k.ToKey()),
            TryAllIssuerSigningKeys = false, ValidIssuer = issuer, ValidateAudience = false, ValidateLifetime = false,
            ValidTypes = [PlainType], RequireExpirationTime = true, RequireSignedTokens = true,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken { Subject.Length: > 0 } read }
            && read.Audiences.ToArray() is [var client]
            ? new IdTokenHint(read.Subject, client, read.TryGetPayloadValue<string>("sid", out var sid) ? sid : null) : null;
    }
}

/// <summary>What an id_token of ours says of whom it was for.</summary>
internal sealed record IdTokenHint(string Person, string Client, string? Sid);
