using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Providers.Identity;
using Larkspur.Gateway.People.SignIn.Providers.Protocol;
using Larkspur.Gateway.People.SignIn.Providers.Rows;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;

namespace Larkspur.Gateway.People.SignIn.Providers;

/// <summary>
/// Signs people in by an identity provider: authorization code with PKCE and nonce (OpenID Connect Core 1.0, section 3.1). The state is the
/// attempt's own; here it is only handed on.
/// </summary>
internal sealed class ProviderSignIn(IdentityProvider provider, ProviderProtocol protocol) : ISignInMethod
{
    private const int LongestCode = 8000;

    public string Name => provider.Name;

    public LocalText Title => provider.Title;

    public string Mark => "idp";

    public async Task<Uri> BeginAsync(SignInStart start, CancellationToken cancellation)
    {
        try
        {
            var metadata = await protocol.Discovery.OfAsync(provider, cancellation);
            var query = new List<(string Name, string Value)>
            {
                ("response_type", "code"), ("client_id", provider.ClientId), ("redirect_uri", start.Redirect.OriginalString),
                ("scope", string.Join(' ', provider.Scopes)), ("state", start.State), ("nonce", start.Nonce),
                ("code_challenge", Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(start.Verifier)))),
                ("code_challenge_method", "S256"), ("ui_locales", start.Language == Language.Chinese ? "zh-CN" : "en"),
            };
            if (start.Again) query.AddRange([("prompt", "login"), ("max_age", "0")]);
            return new Uri(QueryHelpers.AddQueryString(metadata.Authorization.AbsoluteUri,
                query.Select(item => new KeyValuePair<string, string?>(item.Name, item.Value))));
        }
        catch (ProviderException e)
        {
            throw Refused(e);
        }
    }

    public async Task<SignInProof> FinishAsync(SignInReturn back, CancellationToken cancellation)
    {
        try
        {
            var metadata = await protocol.Discovery.OfAsync(provider, cancellation);
            var code = CodeOf(back, metadata);
            var tokens = await protocol.Request.SendAsync(provider, metadata, code, back, cancellation);
            var (body, issuer) = await protocol.Check.ReadAsync(provider, metadata, tokens, back, cancellation);
            return await ProofAsync(metadata, tokens, body, issuer, cancellation);
        }
        catch (ProviderException e)
        {
            throw Refused(e);
        }
    }

    /// <summary>The code that the browser brought.</summary>
    /// <exception cref="ProviderException">The answer is another provider's, or a refusal, or none.</exception>
    private string CodeOf(SignInReturn back, ProviderMetadata metadata)
    {
        var query = QueryHelpers.ParseQuery(back.Query);
        // Before anything else is looked at: a code of another provider must not be sent to this one, nor the other way round (RFC 9207).
        var issuer = One("iss");
        if (issuer is null ? metadata.SaysIssuer : !IsItsIssuer(metadata, issuer)) throw new ProviderException("mixed_up",
            issuer is null ? "the answer names no issuer, and this provider's do" : protocol.Calls.Plain(issuer));
        if (One("error") is { } error)
        {
            throw new ProviderException(error switch
            {
                "access_denied" => "denied",
                "login_required" or "interaction_required" or "account_selection_required" or "consent_required" => "code_refused",
                "server_error" or "temporarily_unavailable" => "failed",
                _ => "refused",
            }, protocol.Calls.Plain($"{error} {One("error_description")}".Trim()));
        }

        return One("code") is { Length: > 0 and <= LongestCode } code ? code : throw new ProviderException("bad_answer", "it has no code");

        string? One(string name) => query.TryGetValue(name, out var values)
            ? values.Count == 1 ? values[0] : throw new ProviderException("bad_answer", $"it has {name} twice") : null;
    }

    private bool IsItsIssuer(ProviderMetadata metadata, string issuer) => metadata.IsOfManyTenants
        ? provider.AllowedTenants.Any(tenant => EntraIssuer.Of(metadata.Issuer, tenant) == issuer) : metadata.Issuer == issuer;

    private async Task<SignInProof> ProofAsync(
        ProviderMetadata metadata, Tokens tokens, JsonElement body, string issuer, CancellationToken cancellation)
    {
        // Whose account it is, and whether they may, is the signed token's word alone.
        var account = ProviderAccount.Of(provider, body, issuer, ProviderAccount.NameOf(body, provider.NameClaim));
        var groups = provider.GroupsClaim is { } claim ? GroupClaim.Read(body, claim) : GroupClaim.None;
        if ((account.Name is null || groups is null) && metadata.UserInfo is not null && tokens.AccessToken is not null)
        {
            var (more, failure) = await protocol.UserInfo.ReadAsync(metadata, tokens, Claims.Text(body, "sub")!, cancellation);
            if (more is { } info)
            {
                account = account with { Name = account.Name ?? ProviderAccount.NameOf(info, provider.NameClaim) };
                groups ??= GroupClaim.Read(info, provider.GroupsClaim!);
            }
            else
            {
                groups ??= GroupClaim.NotKnown($"the provider did not say them ({failure})");
            }
        }

        groups ??= GroupClaim.None;
        if (groups.Unknown is { } why) protocol.GroupsUnknown(provider.Name, provider.GroupsClaim!, account.ToString(), why);
        return new SignInProof(account with { Name = account.Name ?? ProviderAccount.NameOf(body, "preferred_username") })
        {
            MakesPeople = provider.CreatePeople, AdmitsExternals = provider.AllowGuests, Groups = groups.Names,
            GroupsAreUnknown = groups.Unknown is not null,
        };
    }

    private SignInRefusedException Refused(ProviderException e)
    {
        var (word, sentence) = e.Word switch
        {
            _ when e.IsAway => ("provider_away", ProviderTexts.Away(Title)),
            "denied" => ("provider_denied", ProviderTexts.Denied(Title)),
            "code_refused" => ("provider_again", ProviderTexts.Again),
            "old_auth_time" => ("provider_again", ProviderTexts.ProveAgain(Title)),
            "guest" => ("provider_guest", ProviderTexts.Guest(Title)),
            "bad_tenant" => ("provider_tenant", ProviderTexts.OtherTenant(Title)),
            _ => ("provider_wrong", ProviderTexts.Wrong(Title)),
        };
        return new SignInRefusedException(word, $"identity provider {provider.Name}: {e.Message}", e) { Sentence = sentence };
    }
}
