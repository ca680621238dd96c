using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.SignIn.Providers.Protocol;
using Larkspur.Gateway.People.SignIn.Providers.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.SignIn.Providers.Rest;

/// <summary>Reads what a provider says of itself now, and says what that means.</summary>
internal sealed class ProviderTester(ProviderDiscovery discovery, IDatabase database, AuditTrail audit)
{
    public async Task<IdentityProviderTestView> RunAsync(
        Actor who, IdentityProvider provider, string redirectUri, CancellationToken cancellation)
    {
        var view = await LookAsync(provider, redirectUri, cancellation);
        await database.TransactAsync(async unit =>
        {
            await audit.AddAsync(unit, who, "identity_provider.tested", provider.Name,
                new() { ["ok"] = view.Ok, ["problem"] = view.Problem });
            return true;
        }, cancellation);
        return view;
    }

    private async Task<IdentityProviderTestView> LookAsync(IdentityProvider provider, string redirectUri, CancellationToken cancellation)
    {
        try
        {
            var metadata = await discovery.AskAsync(provider, cancellation);
            var way = ClientProof.WayOf(provider, metadata);
            if (provider.IsUnreadable) throw new ProviderException("unreadable_secret");
            var found = ProviderTexts.Found(metadata.Keys.Count, string.Join(", ", metadata.Algorithms), way);
            if (!provider.Enabled)
                found = new($"{found.Chinese}{ProviderTexts.Off.Chinese}", $"{found.English} {ProviderTexts.Off.English}");
            return new IdentityProviderTestView
            {
                Name = provider.Name, Ok = true, Message = found.English, MessageZh = found.Chinese, RedirectUri = redirectUri,
                AuthorizationEndpoint = metadata.Authorization.OriginalString, TokenEndpoint = metadata.Token.OriginalString,
                UserinfoEndpoint = metadata.UserInfo?.OriginalString, ClientAuth = way, Algorithms = metadata.Algorithms,
                Keys = [.. metadata.Keys.Select(key => key.Kid ?? "")],
            };
        }
        catch (ProviderException e)
        {
            var sentence = ProviderTexts.FindProblem(e.Word) ?? LocalText.From(e.Word);
            if (e.Detail is { Length: > 0 } detail) sentence = ProviderTexts.With(sentence, detail);
            return new IdentityProviderTestView
            {
                Name = provider.Name, Ok = false, Problem = e.Word, Message = sentence.English, MessageZh = sentence.Chinese,
                RedirectUri = redirectUri, Algorithms = [], Keys = [],
            };
        }
    }
}
