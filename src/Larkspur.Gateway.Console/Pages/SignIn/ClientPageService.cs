using System.Text.Json;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.People.OpenId.Clients;
using Larkspur.Gateway.People.OpenId.Rest;

namespace Larkspur.Gateway.Console.Pages.SignIn;

/// <summary>What the page does with clients of the OpenID provider, under the rules of the REST API.</summary>
internal sealed class ClientPageService(ClientStore store, ClientReading reading)
{
    /// <summary>All of them, by name.</summary>
    public async Task<IReadOnlyList<OidcClient>> ListAsync(CancellationToken cancellation) => [.. await store.AllAsync(cancellation)];

    /// <summary>Connects a system.</summary>
    /// <returns>Its id, and its secret; null: it is a public one.</returns>
    /// <exception cref="ActionRefusedException">A field does not fit.</exception>
    public async Task<(string Id, string? Secret)> AddAsync(Actor who, ClientDraft draft, CancellationToken cancellation)
    {
        var caller = new KeyGrant(who);
        try
        {
            var settings = reading.New(caller, new NewOidcClient
            {
                Name = draft.Name.Trim(), Public = draft.IsPublic, RedirectUris = Lines(draft.RedirectUris),
                PostLogoutRedirectUris = Lines(draft.PostLogoutRedirectUris), IdTokenClaims = draft.IdTokenClaims,
                AllowedGroups = Lines(draft.AllowedGroups), VerifiedEmailDomains = Lines(draft.VerifiedEmailDomains),
            });
            var (client, secret) = await store.AddAsync(caller, ClientReading.Name(draft.Name.Trim()), draft.IsPublic, settings,
                cancellation);
            return (client.Id, secret);
        }
        catch (RequestRefusedException e)
        {
            throw new ActionRefusedException(RefusalTexts.Of(e));
        }
        catch (TooManyClientsException)
        {
            throw new ActionRefusedException(ClientsTexts.TooMany);
        }
    }

    /// <summary>Gives a system another secret; the one before ends at once.</summary>
    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public async Task<string?> RotateAsync(Actor who, string id, CancellationToken cancellation) =>
        await store.RotateAsync(new KeyGrant(who), id, cancellation) is var (_, secret) ? secret
            : throw new ActionRefusedException(ClientsTexts.Missing);

    /// <summary>Switches a system on or off; off, all that it has ends.</summary>
    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public async Task SwitchAsync(Actor who, string id, bool enabled, CancellationToken cancellation)
    {
        var caller = new KeyGrant(who);
        var change = new ChangeOidcClient { Enabled = enabled };
        _ = await store.ChangeAsync(caller, id, before => reading.Changed(caller, before, change, Named), cancellation)
            ?? throw new ActionRefusedException(ClientsTexts.Missing);

        static bool Named(string member) => member == JsonNamingPolicy.SnakeCaseLower.ConvertName(nameof(ChangeOidcClient.Enabled));
    }

    /// <summary>Disconnects a system.</summary>
    public Task RemoveAsync(Actor who, OidcClient client, CancellationToken cancellation) =>
        store.RemoveAsync(new KeyGrant(who), client, cancellation);

    private static string[] Lines(string text) =>
        text.Split(['\n', ' ', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}

/// <summary>A client as it stands in the form.</summary>
internal sealed class ClientDraft
{
    public string Name { get; set; } = "";

    /// <summary>One in a line.</summary>
    public string RedirectUris { get; set; } = "";

    /// <inheritdoc cref="RedirectUris"/>
    public string PostLogoutRedirectUris { get; set; } = "";

    /// <summary>It runs in browsers or on people's machines, and can keep no secret.</summary>
    public bool IsPublic { get; set; }

    /// <summary>It looks into the id_token for what others ask userinfo for.</summary>
    public bool IdTokenClaims { get; set; }

    /// <summary>Departments and roles whose people may sign in; empty: everybody.</summary>
    public string AllowedGroups { get; set; } = "";

    /// <summary>Domains whose addresses the administrator answers for.</summary>
    public string VerifiedEmailDomains { get; set; } = "";
}
