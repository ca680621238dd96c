using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Authorizations.Page;
using Larkspur.Gateway.Authorizations.Resuming;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Authorizations.Requests;

/// <summary>Asks people by a card to let an app call in their own name: "Authorise once".</summary>
internal sealed class AuthorizationRequests(AuthorizationStore store, ReplySender replies, OwnAddress own, ResumeSignal signal)
{
    /// <summary>There is an address that a link could lead to.</summary>
    public bool CanAsk => own.ForLinks is not null;

    /// <summary>Where a person answers; null: there is no address that a link could lead to.</summary>
    public Uri? LinkOf(UserAuthorization row) =>
        own.ForLinks is { } address ? new Uri(OwnAddress.Text(address) + AuthorizationPaths.Of(row.Id)) : null;

    /// <summary>Asks, and shows the card: once for each cause.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="who">On whose behalf.</param>
    /// <param name="wish">What is asked.</param>
    /// <param name="cause">Names what needs it: the message, the request. A card is shown once for each.</param>
    /// <param name="reference">What people may quote.</param>
    /// <param name="place">Where the card is shown; null: to the person alone, by the app that is to call.</param>
    /// <returns>The authorization; one that is given already asks nothing.</returns>
    /// <exception cref="AuthorizationRefusedException">The person is not asked.</exception>
    /// <exception cref="InvalidOperationException">There is no address (<see cref="CanAsk"/>).</exception>
    public async ValueTask<(UserAuthorization Row, bool IsNew)> AskAsync(IUnitOfWork unit, Actor who, AuthorizationWish wish,
        string cause, string reference, CardPlace? place = null)
    {
        (UserAuthorization Row, bool IsNew) asked;
        try
        {
            asked = await store.AskAsync(unit, who, wish);
        }
        catch (AuthorizationRefusedException e)
        {
            throw e.With(LinkOf);
        }

        if (asked.Row.IsGiven) return asked;
        var link = LinkOf(asked.Row) ?? throw new InvalidOperationException("The gateway has no address that a link could lead to.");
        place ??= CardPlace.Private(wish.App, wish.OpenId);
        var key = $"authorization {asked.Row.Id} {cause}";
        await replies.SayAsync(unit, place.Platform, place.App, place.To, AuthorizationCards.Request(asked.Row, link, place.Locale), key,
            reference);
        await AuthorizationCards.QueuedAsync(unit, asked.Row, place, key);
        return asked;
    }

    /// <summary>Asks for what stopped, and keeps it until the answer: it goes on with a yes, at once where that has just come.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="wish">What is asked.</param>
    /// <param name="work">What stopped.</param>
    /// <param name="reference">What people may quote.</param>
    /// <param name="place">Where the card is shown; null: to the person alone.</param>
    /// <returns>True: a card asks for it. False: it is allowed already, and goes on.</returns>
    /// <inheritdoc cref="AskAsync" path="/exception"/>
    public async ValueTask<bool> StopAsync(IUnitOfWork unit, AuthorizationWish wish, StoppedWork work, string reference,
        CardPlace? place = null)
    {
        var (row, _) = await AskAsync(unit, Actor.System, wish, work.Key, reference, place);
        await ResumeRows.AddAsync(unit, row.Id, work, store.Now);
        if (!row.IsGiven) return true;
        await ResumeRows.ReleaseAsync(unit, row.Id, store.Now);
        unit.AfterCommit(signal.Wake);
        return false;
    }
}
