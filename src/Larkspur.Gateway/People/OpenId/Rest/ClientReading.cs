using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.People.OpenId.Claims;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.People.OpenId.Rest;

/// <summary>Reads what was sent of a client, and says what cannot be.</summary>
internal sealed class ClientReading(ConfiguredWebhooks settings)
{
    private static readonly string[] GroupWays = [GroupForms.Names, GroupForms.Ids];

    /// <summary>Settings of a new one.</summary>
    /// <exception cref="RequestRefusedException">It cannot be so.</exception>
    public ClientSettings New(KeyGrant caller, NewOidcClient sent)
    {
        var begun = new ClientSettings { RedirectUris = [], Trusted = !sent.Public && caller.ChangesAll };
        return Read(caller, begun, sent, sent.RedirectUris, sent.Public, clears: _ => false);
    }

    /// <summary>A client as it is to be.</summary>
    /// <exception cref="RequestRefusedException">It cannot be so.</exception>
    public OidcClient Changed(KeyGrant caller, OidcClient before, ChangeOidcClient sent, Func<string, bool> names) => before with
    {
        Name = sent.Name is { } name ? Name(name) : before.Name, IsEnabled = sent.Enabled ?? before.IsEnabled,
        Settings = Read(caller, before.Settings, sent, sent.RedirectUris, before.IsPublic, names),
    };

    /// <summary>A name as people read it.</summary>
    public static string Name(string text) => text.Trim() is { Length: > 0 } name && !name.Any(char.IsControl) ? name
        : throw RequestRefusedException.Impossible("bad_value", "/name", "A name has letters, and no line breaks.");

    private ClientSettings Read(KeyGrant caller, ClientSettings before, OidcClientBody sent, IReadOnlyList<string>? redirects,
        bool isPublic,
        Func<string, bool> clears)
    {
        // Whoever lets people in without asking, or says whose addresses are theirs, answers for the whole company.
        foreach (var (field, says) in ((string, bool)[])[("trusted", sent.Trusted == true && !before.Trusted),
            ("introspects", sent.Introspects == true && !before.Introspects),
            ("verified_email_domains", sent.VerifiedEmailDomains is { Count: > 0 })])
        {
            if (says && !caller.ChangesAll) throw new RequestRefusedException(StatusCodes.Status403Forbidden, "administrators_only",
                "/" + field, $"Only administrators say this: it takes a key with {Api.ApiScopes.OthersWrite}.");
        }

        Demand(redirects, "redirect_uris", isPublic);
        Demand(sent.PostLogoutRedirectUris, "post_logout_redirect_uris", isPublic);
        if (sent.Groups is { } groups && !GroupWays.Contains(groups))
            throw RequestRefusedException.Impossible("bad_value", "/groups", $"There are names and ids.{Near(groups)}");
        if (sent.PolicyClaim is { } claim && (!claim.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or ':' or '.' or '/')
            || Taken.Contains(claim)))
            throw RequestRefusedException.Impossible("bad_value", "/policy_claim",
                "A claim's name has letters, digits and - _ : . /, and is none of those that the provider has.");
        var made = before with
        {
            RedirectUris = redirects ?? before.RedirectUris,
            PostLogoutRedirectUris = sent.PostLogoutRedirectUris ?? before.PostLogoutRedirectUris,
            BackchannelLogoutUri = sent.BackchannelLogoutUri is { } back ? Reachable(back)
                : clears("backchannel_logout_uri") ? null : before.BackchannelLogoutUri,
            Trusted = sent.Trusted ?? before.Trusted, RequirePkce = sent.RequirePkce ?? before.RequirePkce,
            IdTokenClaims = sent.IdTokenClaims ?? before.IdTokenClaims, Groups = sent.Groups ?? before.Groups,
            PolicyClaim = sent.PolicyClaim ?? (clears("policy_claim") ? null : before.PolicyClaim),
            Policies = sent.Policies ?? before.Policies, JwtAccessTokens = sent.JwtAccessTokens ?? before.JwtAccessTokens,
            AlwaysRefresh = sent.AlwaysRefresh ?? before.AlwaysRefresh, Introspects = sent.Introspects ?? before.Introspects,
            GraceSeconds = sent.GraceSeconds ?? before.GraceSeconds,
            AccessTokenSeconds = sent.AccessTokenSeconds ?? before.AccessTokenSeconds,
            IdTokenSeconds = sent.IdTokenSeconds ?? before.IdTokenSeconds,
            RefreshIdleSeconds = sent.RefreshIdleSeconds ?? before.RefreshIdleSeconds,
            RefreshSeconds = sent.RefreshSeconds ?? before.RefreshSeconds,
            VerifiedEmailDomains = sent.VerifiedEmailDomains ?? before.VerifiedEmailDomains,
            AllowedGroups = sent.AllowedGroups ?? before.AllowedGroups,
        };
        return made.Introspects && isPublic
            ? throw RequestRefusedException.Impossible("public_client", "/introspects", "A public client proves nothing of itself.") : made;
    }

    private static readonly HashSet<string> Taken = new(
        ["iss", "aud", "exp", "iat", "nbf", "jti", "auth_time", "nonce", "sid", "at_hash", "azp", "acr", "amr", .. PersonClaims.All],
        StringComparer.Ordinal);

    private static void Demand(IReadOnlyList<string>? addresses, string field, bool isPublic)
    {
        foreach (var (place, address) in (addresses ?? []).Index())
        {
            if (RedirectAddresses.Problem(address, isPublic) is { } problem)
                throw RequestRefusedException.Impossible("bad_url", $"/{field}/{place}", problem);
        }
    }

    private string Reachable(string address)
    {
        if (address.Length > 0 && Uri.TryCreate(address, UriKind.Absolute, out var read) && read.Query.Length > 0)
            return Judged(read.GetLeftPart(UriPartial.Path)) + read.Query;
        return Judged(address);
    }

    private string Judged(string address)
    {
        var (url, problem) = TargetAddresses.Read(address, settings.PrivateReach);
        return problem is null ? url! : throw RequestRefusedException.Impossible("bad_url", "/backchannel_logout_uri", problem);
    }

    private static string Near(string groups) => Spelling.Nearest(groups, GroupWays) is { } meant ? $" Did you mean \"{meant}\"?" : "";
}
