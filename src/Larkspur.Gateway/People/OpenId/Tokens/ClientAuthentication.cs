using System.Collections.Concurrent;
using System.Text;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.OpenId.Tokens;

/// <summary>Which client asks: by HTTP Basic or in the body, never both; a public one only says who it is (RFC 6749, section
/// 2.3).</summary>
internal sealed class ClientAuthentication(IDatabase database, TimeProvider clock)
{
    private const int LongestHeader = 4096;

    /// <summary>Wrong secrets by the client and the address that they came from. Those of clients that there are not share one.</summary>
    private readonly ConcurrentDictionary<string, FailedAttempts> _failed = new(StringComparer.Ordinal);

    /// <summary>The client.</summary>
    /// <exception cref="OAuthRefusedException"><c>invalid_client</c>, or the request names two.</exception>
    public async Task<OidcClient> RequireAsync(HttpContext http, Parameters form, CancellationToken cancellation)
    {
        var (id, secret) = Presented(http.Request, form);
        var client = await database.ReadAsync(sql => OidcClient.FindAsync(sql, id), cancellation);
        // The right secret always goes through: whoever sends wrong ones from the same address must not keep the client out.
        if (client is { IsEnabled: true } && (client.SecretHash is { } hash
            ? secret is not null && TokenText.Equal(TokenText.Hash(secret), hash) : secret is null)) return client;
        var failed = _failed.GetOrAdd(client?.Id ?? "", _ => new FailedAttempts(clock));
        if (failed.AreUsedUp(http, out var wait)) throw new OAuthRefusedException("invalid_client",
            "Too many wrong secrets came from this address: wait.") { Status = StatusCodes.Status429TooManyRequests, Wait = wait };
        // A public client that lacks what it does not have is a mistake, no guess.
        if (secret is not null) failed.Add(http);
        throw new OAuthRefusedException("invalid_client", client is null or { IsEnabled: false } ? "There is no such client."
            : client.IsPublic ? "A public client has no secret." : secret is null ? "The secret is missing." : "The secret is wrong.");
    }

    private static (string Id, string? Secret) Presented(HttpRequest request, Parameters form)
    {
        var (id, secret) = (form["client_id"], form["client_secret"]);
        if (request.Headers.Authorization is not [{ } header])
            return id is null ? throw new OAuthRefusedException("invalid_client", "No client is named.") : (id, secret);
        if (secret is not null || form.IsRepeated("client_secret"))
            throw new OAuthRefusedException("invalid_request", "The secret stands in the header and in the body: one of the two.");
        var basic = Basic(header) ?? throw new OAuthRefusedException("invalid_client",
            "The Authorization header is not Basic with id and secret, each form-url-encoded.");
        if (id is not null && id != basic.Id) throw new OAuthRefusedException("invalid_request", "Header and body name two clients.");
        return basic;
    }

    /// <summary>Id and secret of a header, each of which was form-url-encoded (RFC 6749, section 2.3.1); null: it has none.</summary>
    internal static (string Id, string Secret)? Basic(string header)
    {
        if (header.Length > LongestHeader || !header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        Span<byte> bytes = stackalloc byte[LongestHeader];
        if (!Convert.TryFromBase64String(header["Basic ".Length..].Trim(), bytes, out var length)) return null;
        var text = Encoding.UTF8.GetString(bytes[..length]);
        return text.IndexOf(':') is >= 0 and var colon ? (Decode(text[..colon]), Decode(text[(colon + 1)..])) : null;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
