using System.Runtime.ExceptionServices;
using Larkspur.Feishu;
using Larkspur.Feishu.SignIn;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Authorizations.Tokens;

/// <summary>Calls of the platform in a person's own name, for a holder whom they have allowed it.</summary>
internal sealed class PersonCalls(AuthorizationStore store, UserTokenStore tokens, PlatformCalls calls, IIdentities identities)
{
    /// <summary>The authorization by which a holder may call for a person; null: there is none, and they are to be asked.</summary>
    /// <param name="app">The app.</param>
    /// <param name="openId">Who, as the app knows them.</param>
    /// <param name="holder">Who calls.</param>
    /// <param name="scopes">All that is needed.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<UserAuthorization?> FindAsync(FeishuApp app, string openId, string holder, IReadOnlyList<string> scopes,
        CancellationToken cancellation) => (await store.GivenAsync(app.Name, openId, holder, cancellation))
        .FirstOrDefault(a => scopes.All(a.Scopes.Contains));

    /// <summary>Makes a call. Its scope is one that this very authorization names: what the person allowed others does not count.</summary>
    /// <typeparam name="T">What it brings.</typeparam>
    /// <param name="app">The app.</param>
    /// <param name="by">The authorization.</param>
    /// <param name="endpoint">What is called.</param>
    /// <param name="call">The call; it is made once more when the platform refuses the token.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="AuthorizationNeededException">The person has not allowed it, or not any more.</exception>
    /// <exception cref="PlatformApiException">The platform refused for another reason.</exception>
    public async Task<T> CallAsync<T>(FeishuApp app, UserAuthorization by, FeishuEndpoint endpoint, Func<FeishuCallOptions, Task<T>> call,
        CancellationToken cancellation)
    {
        var open = CallableEndpoints.ScopesOf(endpoint.Id);
        if (!by.IsGiven || by.App != app.Name || open.FirstOrDefault(by.Scopes.Contains) is not { } scope)
            throw new AuthorizationNeededException(by, open);
        var person = await identities.FindAsync(FeishuOpenIds.Of(app.Name, by.OpenId), cancellation);
        if (person is { IsDisabled: true })
        {
            await store.EndOfPersonAsync(Actor.System, app.Name, by.OpenId, AuthorizationEnds.Left, cancellation);
            throw new AuthorizationNeededException(by, [scope]);
        }

        try
        {
            return await tokens.Of(app).AsAsync(by.OpenId, [scope], async token =>
            {
                // It may have been taken back while the token was renewed.
                if (await store.FindAsync(by.Id, cancellation) is not { IsGiven: true })
                    throw new AuthorizationNeededException(by, [scope]);
                return await call(calls.Call(app, endpoint) with { UserAccessToken = token.UserAccessToken });
            }, cancellation);
        }
        catch (FeishuAuthorizationNeededException e) when (e.InnerException is FeishuApiException { Code: ScopeNotAllowed } refused)
        {
            // The token has what was asked for, and this endpoint wants more: that is its word, and no end of anything.
            ExceptionDispatchInfo.Throw(refused);
            throw;
        }
        catch (FeishuAuthorizationNeededException e)
        {
            if (!await store.EndWithoutTokensAsync(app.Name, by.OpenId, sql => tokens.HasAsync(sql, app, by.OpenId), cancellation))
                await store.EndAsync(Actor.System, by, AuthorizationEnds.Revoked, cancellation);
            throw new AuthorizationNeededException(by, [scope], e);
        }
    }

    private const int ScopeNotAllowed = 99991679;
}

/// <summary>A call in a person's name needs their word first.</summary>
/// <param name="by">The authorization that does not hold.</param>
/// <param name="scopes">Scopes of which any one would do.</param>
/// <param name="inner">What the platform said; null: it was not asked.</param>
internal sealed class AuthorizationNeededException(UserAuthorization by, IReadOnlyList<string> scopes, Exception? inner = null)
    : Exception($"This call needs the authorisation of {by.OpenId}.", inner)
{
    public UserAuthorization By { get; } = by;

    public IReadOnlyList<string> Scopes { get; } = scopes;
}
