using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Authorizations;
using Larkspur.Gateway.Authorizations.Requests;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Console.Pages.Authorizations;

/// <summary>What people let others do in their own name, and what an administrator takes back.</summary>
internal sealed class AuthorizationPageService(
    AuthorizationStore store, AuthorizationRequests requests, FeishuApps apps, IIdentities identities, PersonAdministration people)
{
    private const int OnPage = 30;

    /// <summary>A part of a name that more people have is no name to look for.</summary>
    private const int MostPeople = 50;

    /// <summary>There is an address that a link could lead to: people can be asked.</summary>
    public bool CanAsk => requests.CanAsk;

    /// <summary>The apps that call, by name.</summary>
    public IReadOnlyList<string> Apps => [.. apps.All.Select(a => a.Name).Order(StringComparer.Ordinal)];

    /// <summary>A page, the newest first.</summary>
    /// <param name="wanted">What is looked for.</param>
    /// <param name="before">Where the page before ended; null: the first page.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>It, and where the next one begins; null: that was all.</returns>
    public async Task<(IReadOnlyList<AuthorizationLine> Items, long? Next)> ListAsync(
        AuthorizationWanted wanted, long? before, CancellationToken cancellation)
    {
        var filter = new AuthorizationFilter
        {
            App = wanted.App, State = AuthorizationStates.All.Contains(wanted.State) ? wanted.State : null, Before = before,
            OpenIds = wanted.Person is { } named ? await OpenIdsAsync(named, cancellation) : null, Limit = OnPage + 1,
        };
        var rows = await store.PageAsync(filter, cancellation);
        List<AuthorizationLine> lines = [];
        foreach (var row in rows.Take(OnPage)) lines.Add(await LineAsync(row, cancellation));
        return (lines, rows.Count > OnPage ? rows[OnPage - 1].Number : null);
    }

    /// <summary>Takes one back, or a question that nobody has answered.</summary>
    /// <exception cref="ActionRefusedException">It has ended before.</exception>
    public async Task WithdrawAsync(Actor who, string id, CancellationToken cancellation)
    {
        if (await store.FindAsync(id, cancellation) is not { } row
            || !await store.EndAsync(who, row, AuthorizationEnds.Withdrawn, cancellation))
            throw new ActionRefusedException(AuthorizationsTexts.Over);
    }

    private async Task<AuthorizationLine> LineAsync(UserAuthorization row, CancellationToken cancellation)
    {
        var person = await identities.FindAsync(FeishuOpenIds.Of(row.App, row.OpenId), cancellation);
        return AuthorizationLine.Of(row, row.StateAt(store.Now), person, requests.LinkOf(row));
    }

    /// <summary>Who is meant by a part of a name or address, or by an id.</summary>
    private async Task<IReadOnlyList<string>> OpenIdsAsync(string named, CancellationToken cancellation)
    {
        var found = await people.ListAsync(new PersonFilter { Search = named, Limit = MostPeople }, cancellation);
        // Somebody who was asked may be nobody here yet: the app knows them all the same.
        return [.. found.SelectMany(FeishuOpenIds.Of).Select(i => i.Value).Append(named).Distinct(StringComparer.Ordinal)];
    }
}

/// <summary>Which authorizations are looked for; what is null does not matter.</summary>
/// <param name="State">How they stand.</param>
/// <param name="App">Which app calls.</param>
/// <param name="Person">Whose: a part of a name or address, or an id.</param>
internal sealed record AuthorizationWanted(string? State, string? App, string? Person);
