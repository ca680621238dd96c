using System.Text.Json;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Providers.Protocol;
using Larkspur.Gateway.People.SignIn.Providers.Rows;

namespace Larkspur.Gateway.People.SignIn.Providers.Identity;

/// <summary>
/// Whose account it is, by what never changes there. Mail addresses, user names and phone numbers are not read at all: people change them,
/// administrators give them to others, and some providers let anybody write what they like.
/// </summary>
internal static class ProviderAccount
{
    /// <summary>The account that a judged token is about.</summary>
    /// <exception cref="ProviderException">It does not say whose it is, or they may not sign in.</exception>
    public static PlatformAccount Of(IdentityProvider provider, JsonElement body, string issuer, string? name) => new()
    {
        Platform = PlatformIdentity.IdentityProvider, App = provider.Name, Name = name,
        Ids = [Sound(provider.IsEntra ? OfEntra(body, issuer)
            : new PlatformIdentity(PlatformIdentity.IdentityProvider, issuer, "subject", Claims.Text(body, "sub")!))],
        IsExternal = provider.IsEntra && IsGuest(provider, body, issuer),
    };

    /// <summary>As they are shown; null: it is not told.</summary>
    public static string? NameOf(JsonElement body, string claim) =>
        Claims.Text(body, claim) is { } name && !string.IsNullOrWhiteSpace(name) ? name : null;

    /// <summary>Entra's <c>sub</c> is another one for each client; its <c>oid</c> is one within the tenant.</summary>
    private static PlatformIdentity OfEntra(JsonElement body, string issuer) =>
        Claims.Text(body, "oid") is { } id && Guid.TryParseExact(id, "D", out var read)
            ? new PlatformIdentity(PlatformIdentity.IdentityProvider, issuer, "oid", read.ToString("D"))
            : throw new ProviderException("no_object_id", "is profile among the scopes?");

    private static PlatformIdentity Sound(PlatformIdentity id) => id.IsSound ? id : throw new ProviderException("no_subject");

    /// <summary>Who is not said to be a member is none.</summary>
    /// <exception cref="ProviderException">They are a guest, and guests do not get in.</exception>
    private static bool IsGuest(IdentityProvider provider, JsonElement body, string issuer)
    {
        var kind = body.TryGetProperty("acct", out var said) ? said.ValueKind == JsonValueKind.Number && said.TryGetInt32(out var number)
            ? number : Claims.Text(said) switch { "0" => 0, "1" => 1, _ => (int?)null } : null;
        // Somebody whom another tenant, or another provider, has let in.
        var isFromElsewhere = Claims.Text(body, "idp") is { } by && by != issuer;
        if (kind == 0 && !isFromElsewhere) return false;
        if (provider.AllowGuests) return true;
        throw kind is null && !isFromElsewhere ? new ProviderException("no_account_kind") : new ProviderException("guest");
    }
}
