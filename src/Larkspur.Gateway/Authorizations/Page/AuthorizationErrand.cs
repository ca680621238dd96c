using Larkspur.Feishu;
using Larkspur.Feishu.SignIn;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Authorizations.Tokens;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn;
using Larkspur.Gateway.People.SignIn.Attempts;
using Larkspur.Gateway.People.SignIn.Entering;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Authorizations.Page;

/// <summary>Sends a person to the platform's page with the scopes of an authorization, and takes them back: only when the platform says
/// that they are who was asked are their tokens kept.</summary>
internal sealed class AuthorizationErrand(AuthorizationStore store, UserTokenStore tokens, FeishuApps apps, IIdentities identities,
    SignInAttempts attempts, OwnAddress own) : ISignInErrand
{
    private const string ErrandName = "authorization";

    public string Name => ErrandName;

    /// <summary>Gives the browser an attempt.</summary>
    /// <returns>Where to send it.</returns>
    /// <exception cref="SignInRefusedException">The app is not connected now.</exception>
    public async Task<Uri> BeginAsync(HttpContext http, UserAuthorization row, CancellationToken cancellation)
    {
        var app = AppOf(row);
        var method = AppMethodName.Of(PlatformNames.Feishu, app.Name);
        var redirect = SignInPaths.CallbackOf(own.Of(http.Request), method);
        var attempt = attempts.Make(method, redirect, AuthorizationPaths.Of(row.Id)) with { Errand = $"{ErrandName}:{row.Id}" };
        // With all that is allowed already: the new token takes the place of the one before.
        var others = (await store.OpenAsync(row.App, row.OpenId, cancellation)).Where(a => a.IsGiven).SelectMany(a => a.Scopes);
        var page = new FeishuLoginPage
        {
            Scopes = [.. row.Scopes.Concat(others).Distinct(StringComparer.Ordinal)], Offline = true,
            Challenge = PkcePair.Of(attempt.Verifier).Challenge,
        };
        var address = app.Client.SignIn.Address(redirect, attempt.State, page);
        attempts.Keep(http, attempt);
        return address;
    }

    public async Task<string> FinishAsync(HttpContext http, string subject, SignInReturn back, CancellationToken cancellation)
    {
        if (await store.FindAsync(subject, cancellation) is not { } row || !row.IsOpenAt(store.Now))
            return AuthorizationPaths.Of(subject);
        var app = AppOf(row);
        var answer = FeishuLoginAnswer.Read(back.Query, back.State);
        // The page does not say who it was that said no: whoever has the link could be.
        if (answer.Outcome == FeishuLoginOutcome.Refused) return AuthorizationPaths.WithProblem(row.Id, AuthorizationPaths.Denied);

        if (answer.Outcome != FeishuLoginOutcome.SignedIn)
            throw new SignInRefusedException("wrong_state", $"the page of the platform: {answer.Outcome}");
        var given = await ExchangeAsync(app, answer.Code!, back, cancellation);
        var person = await app.Client.SignIn.GetPersonAsync(given.AccessToken, cancellation);
        // Whoever has the link may follow it. What they would allow is theirs to allow, and was not asked of them.
        if (person.OpenId != row.OpenId) return AuthorizationPaths.WithProblem(row.Id, AuthorizationPaths.NotAsked);
        var known = await identities.FindAsync(FeishuOpenIds.Of(app.Name, row.OpenId), cancellation);
        if (known is { IsDisabled: true }) throw new SignInRefusedException("left", $"the person of {row.Id} may not work");
        if (!row.Scopes.All(s => given.Scopes.Contains(s, StringComparer.Ordinal)))
            return AuthorizationPaths.WithProblem(row.Id, AuthorizationPaths.ScopesMissing);

        var who = known is null ? new Actor($"feishu:{row.OpenId}", SignInFlow.AddressOf(http))
            : Actor.Person(known.Id, SignInFlow.AddressOf(http));
        await store.DecideAsync(who, row.Id, given: true, unit => tokens.SaveAsync(unit, app, row.OpenId, given), cancellation);
        return AuthorizationPaths.Of(row.Id);
    }

    private FeishuApp AppOf(UserAuthorization row) => apps.TryGet(row.App, out var app) ? app
        : throw new SignInRefusedException("away", $"the app {row.App} is not connected");

    private static async Task<FeishuUserTokens> ExchangeAsync(FeishuApp app, string code, SignInReturn back, CancellationToken cancellation)
    {
        try
        {
            return await app.Client.SignIn.ExchangeAsync(code, back.Redirect, back.Verifier, cancellation);
        }
        catch (FeishuSignInException e)
        {
            throw new SignInRefusedException(e.Problem switch
            {
                FeishuSignInProblem.CodeGone or FeishuSignInProblem.WrongVerifier => "code_gone",
                FeishuSignInProblem.PersonRefused => "left",
                FeishuSignInProblem.App => "misconfigured",
                _ => "failed",
            }, e.Message, e);
        }
    }
}
