using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.People.SignIn.Providers.Protocol;
using Larkspur.Gateway.People.SignIn.Providers.Rows;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.People.SignIn.Providers.Rest;

/// <summary>Makes changes of what was entered for an identity provider. What it says of a secret never repeats it.</summary>
internal sealed class ProviderRequests(ConfiguredWebhooks settings)
{
    private const string NoGroups = "none";

    private static readonly string[] Products = [IdentityProvider.OpenId, IdentityProvider.Entra];

    /// <summary>Reads and judges it.</summary>
    /// <exception cref="RequestRefusedException">A field does not fit.</exception>
    public ProviderChange Read(KeyGrant caller, string name, PutIdentityProvider sent)
    {
        if (!ProviderNames.IsName(name)) throw RequestRefusedException.Malformed("bad_name", "/{name}", ProviderNames.Rule);
        DemandAmong("/client_auth", sent.ClientAuth, ClientProof.All);
        DemandAmong("/product", sent.Product, Products);
        DemandVisible("bad_value", "/client_id", sent.ClientId, "A client id is what the provider shows for the application");
        DemandVisible("bad_secret", "/client_secret", sent.ClientSecret,
            "A client secret is what the provider shows once for the application");
        DemandTitle("/title_zh", sent.TitleZh);
        DemandTitle("/title_en", sent.TitleEn);
        DemandVisible("bad_value", "/name_claim", sent.NameClaim, "A claim is named as the token has it");
        DemandVisible("bad_value", "/groups_claim", sent.GroupsClaim, "A claim is named as the token has it");
        DemandScopes(sent.Scopes);
        DemandTenants(sent.AllowedTenants);
        DemandSystem(caller, sent.System);
        return new ProviderChange
        {
            TitleZh = sent.TitleZh, TitleEn = sent.TitleEn, Issuer = IssuerOf(sent.Issuer), ClientId = sent.ClientId,
            ClientSecret = sent.ClientSecret, ClientAuth = sent.ClientAuth, Product = sent.Product, Scopes = sent.Scopes,
            NameClaim = sent.NameClaim, GroupsClaim = sent.GroupsClaim == NoGroups ? "" : sent.GroupsClaim,
            AllowedTenants = sent.AllowedTenants is { } tenants ? [.. tenants.Select(t => t.ToLowerInvariant()).Distinct()] : null,
            AllowGuests = sent.AllowGuests, CreatePeople = sent.CreatePeople, Enabled = sent.Enabled, Owner = sent.System,
        };
    }

    private string? IssuerOf(string? given)
    {
        if (given is null) return null;
        if (given.EndsWith("/.well-known/openid-configuration", StringComparison.Ordinal))
            throw RequestRefusedException.Impossible("bad_url", "/issuer",
                "This is the address of the metadata: give the issuer that stands in it.");
        var problem = ProviderAddresses.Problem(given, settings.PrivateReach, out var url);
        if (problem is null && url!.Query.Length > 0) problem = "It has a query: an issuer has none.";
        if (problem is null && given.Any(c => c is <= ' ' or >= '\u007f')) problem = "It has blanks, or letters that are not ASCII.";
        return problem is null ? given : throw RequestRefusedException.Impossible("bad_url", "/issuer", problem);
    }

    private static void DemandAmong(string pointer, string? given, string[] known)
    {
        if (given is null || known.Contains(given, StringComparer.Ordinal)) return;
        var near = Spelling.Nearest(given, known) is { } meant ? $" Did you mean \"{meant}\"?" : "";
        throw RequestRefusedException.Impossible("bad_value", pointer, $"There are: {string.Join(", ", known)}.{near}");
    }

    private static void DemandVisible(string word, string pointer, string? given, string what)
    {
        if (given is not null && (given.Length == 0 || given.Any(c => c is <= ' ' or >= '\u007f')))
            throw RequestRefusedException.Impossible(word, pointer, $"{what}: letters, digits and signs of ASCII, no blanks.");
    }

    private static void DemandTitle(string pointer, string? given)
    {
        if (given is not null && !ListedName.IsSound(given)) throw RequestRefusedException.Impossible("bad_name", pointer, ListedName.Rule);
    }

    private static void DemandScopes(IReadOnlyList<string>? scopes)
    {
        for (var i = 0; i < scopes?.Count; i++)
            DemandVisible("bad_value", $"/scopes/{i}", scopes[i], "A scope is one word for each item");
        if (scopes is not null && !scopes.Contains("openid", StringComparer.Ordinal))
            throw RequestRefusedException.Impossible("bad_value", "/scopes", "openid must be among them: without it there is no id_token.");
    }

    private static void DemandTenants(IReadOnlyList<string>? tenants)
    {
        for (var i = 0; i < tenants?.Count; i++)
        {
            if (!Guid.TryParseExact(tenants[i], "D", out _)) throw RequestRefusedException.Impossible("bad_value", $"/allowed_tenants/{i}",
                "A tenant is its directory id, like 72f988bf-86f1-41af-91ab-2d7cd011db47, and not its domain, which can change hands.");
        }
    }

    /// <summary>The caller may give it to whose it is to be.</summary>
    private static void DemandSystem(KeyGrant caller, string? system)
    {
        if (system is null) return;
        if (system.Length > 0 && !ListedName.IsSound(system))
            throw RequestRefusedException.Impossible("bad_name", "/system", ListedName.Rule);
        if (!caller.MayChange(system))
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "system_not_held", "/system",
                $"The calling key belongs to another system: giving an identity provider to this one takes {ApiScopes.OthersWrite}.");
    }
}
