using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.People.SignIn;
using Larkspur.Gateway.People.SignIn.Providers.Rest;
using Larkspur.Gateway.People.SignIn.Providers.Rows;

namespace Larkspur.Gateway.Console.Pages.SignIn;

/// <summary>What the page does with identity providers, under the rules of the REST API.</summary>
internal sealed class ProviderPageService(ProviderStore store, ProviderRequests requests, ProviderTester tester)
{
    /// <summary>By name.</summary>
    public IReadOnlyList<IdentityProvider> List() => [.. store.All];

    /// <summary>Adds one.</summary>
    /// <exception cref="ActionRefusedException">A field does not fit, or the name is taken.</exception>
    public Task AddAsync(Actor who, ProviderDraft draft, CancellationToken cancellation)
    {
        var name = draft.Name.Trim();
        if (store.Find(name) is not null) throw new ActionRefusedException(ProvidersTexts.Taken);
        var groups = draft.GroupsClaim.Trim();
        return PutAsync(who, name, new PutIdentityProvider
        {
            Issuer = draft.Issuer.Trim(), ClientId = draft.ClientId.Trim(), ClientSecret = draft.ClientSecret.Trim(),
            TitleZh = Given(draft.TitleZh), TitleEn = Given(draft.TitleEn), GroupsClaim = Given(groups),
            Scopes = groups == "groups" && draft.AsksForGroups ? ["openid", "profile", "groups"] : null, CreatePeople = draft.CreatePeople,
        }, cancellation);
    }

    /// <summary>Switches one on or off; off, whoever signed in by it is signed out.</summary>
    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public Task SwitchAsync(Actor who, string name, bool enabled, CancellationToken cancellation) =>
        PutAsync(who, name, new PutIdentityProvider { Enabled = enabled }, cancellation);

    /// <summary>Takes one away.</summary>
    public Task RemoveAsync(Actor who, string name, CancellationToken cancellation) =>
        store.DeleteAsync(new KeyGrant(who), name, cancellation);

    /// <summary>Reads its metadata and keys now.</summary>
    /// <returns>What was found; null: it is not there any more.</returns>
    public async Task<IdentityProviderTestView?> TestAsync(Actor who, string name, Uri own, CancellationToken cancellation) =>
        store.Find(name) is { } provider
            ? await tester.RunAsync(who, provider, SignInPaths.CallbackOf(own, name).OriginalString, cancellation) : null;

    private async Task PutAsync(Actor who, string name, PutIdentityProvider sent, CancellationToken cancellation)
    {
        var caller = new KeyGrant(who);
        try
        {
            await store.PutAsync(caller, name, requests.Read(caller, name, sent), cancellation);
        }
        catch (RequestRefusedException e)
        {
            throw new ActionRefusedException(e.Word == "bad_name" ? ProvidersTexts.BadName : RefusalTexts.Of(e));
        }
        catch (ProviderRefusedException e)
        {
            throw new ActionRefusedException(e.Word == "missing" ? ProvidersTexts.Missing
                : e.Sentence is { } sentence ? new LocalText(sentence, sentence) : ProvidersTexts.Refused);
        }
    }

    private static string? Given(string text) => text.Trim() is { Length: > 0 } given ? given : null;
}

/// <summary>An identity provider as it stands in the form. Its secret is entered, and never shown.</summary>
internal sealed class ProviderDraft
{
    public string Name { get; set; } = "";

    public string TitleZh { get; set; } = "";

    public string TitleEn { get; set; } = "";

    public string Issuer { get; set; } = "";

    public string ClientId { get; set; } = "";

    public string ClientSecret { get; set; } = "";

    /// <summary>The claim with groups or roles; empty: they are not asked for.</summary>
    public string GroupsClaim { get; set; } = "";

    /// <summary>Groups are a scope of their own there.</summary>
    public bool AsksForGroups { get; set; }

    public bool CreatePeople { get; set; }
}
