using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Authorizations.Requests;
using Larkspur.Gateway.Authorizations.Resuming;
using Larkspur.Gateway.Authorizations.Tokens;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Authorizations.Rows;

/// <summary>What people allowed, were asked for, and took back. Every change is told to the webhooks and written into the audit log, in its
/// own transaction.</summary>
internal sealed class AuthorizationStore(
    IDatabase database, AuthorizationEvents events, AuthorizationCards cards, AuditTrail audit, ResumeSignal signal, TimeProvider clock)
{
    /// <summary>So long a person may take to answer.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(7);

    /// <summary>Questions of one holder that one person has before them at once: nobody is asked to death.</summary>
    public const int MostWaiting = 3;

    /// <summary>So often one holder asks one person within <see cref="Life"/>, whatever became of it.</summary>
    public const int MostAsked = 10;

    private const string Lock = "user_authorizations";

    public DateTimeOffset Now => clock.GetUtcNow();

    public Task<UserAuthorization?> FindAsync(string id, CancellationToken cancellation) =>
        database.ReadAsync(sql => AuthorizationRows.FindAsync(sql, id), cancellation);

    /// <summary>What a person allows an app or is asked by it, the newest first.</summary>
    public Task<List<UserAuthorization>> OpenAsync(string app, string openId, CancellationToken cancellation) =>
        database.ReadAsync(sql => AuthorizationRows.OpenAsync(sql, app, openId), cancellation);

    /// <summary>What a person allows a holder now.</summary>
    public Task<List<UserAuthorization>> GivenAsync(string app, string openId, string holder, CancellationToken cancellation) =>
        database.ReadAsync(sql => AuthorizationRows.GivenAsync(sql, app, openId, holder), cancellation);

    /// <summary>A page, the newest first.</summary>
    public Task<List<UserAuthorization>> PageAsync(AuthorizationFilter filter, CancellationToken cancellation) =>
        database.ReadAsync(sql => AuthorizationRows.PageAsync(sql, filter, Now), cancellation);

    /// <summary>Asks for something. What is given, or waits for an answer already, is not asked for anew.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="who">On whose behalf, for the audit log.</param>
    /// <param name="wish">What is asked.</param>
    /// <returns>The authorization, and whether it is new.</returns>
    /// <exception cref="AuthorizationRefusedException">The person said no a short while ago, or has too many questions before
    /// them.</exception>
    public async ValueTask<(UserAuthorization Row, bool IsNew)> AskAsync(IUnitOfWork unit, Actor who, AuthorizationWish wish)
    {
        await Revisions.TakeAsync(unit, Lock);
        var now = Now;
        var own = await AuthorizationRows.OfHolderAsync(unit, wish.App, wish.OpenId, wish.Holder, now - Life);
        if (own.FirstOrDefault(a => a.IsGiven && wish.Scopes.All(a.Scopes.Contains)) is { } given) return (given, false);
        var waiting = own.Where(a => a.StateAt(now) == AuthorizationStates.Waiting).ToArray();
        if (waiting.FirstOrDefault(a => wish.Scopes.All(a.Scopes.Contains)) is { } before) return (before, false);
        if (own.FirstOrDefault(a => a.State == AuthorizationStates.Refused && now - a.DecidedAt < Life
            && a.Scopes.Any(wish.Scopes.Contains)) is { } refused) throw new AuthorizationRefusedException("refused_before", refused);
        if (own.Count(a => now - a.AskedAt < Life) >= MostAsked) throw new AuthorizationRefusedException("asked_too_often");
        if (waiting.Length >= MostWaiting) throw new AuthorizationRefusedException("too_many_waiting");
        var row = new UserAuthorization
        {
            Id = UserAuthorization.NewId(), App = wish.App, OpenId = wish.OpenId, Holder = wish.Holder, Owner = wish.Owner,
            Scopes = [.. wish.Scopes.Distinct(StringComparer.Ordinal)], Reason = wish.Reason, State = AuthorizationStates.Waiting,
            AskedAt = now, ExpiresAt = now + Life,
        };
        await AuthorizationRows.AddAsync(unit, row);
        await audit.AddAsync(unit, who, "authorization.asked", row.Id, Detail(row));
        return (row, true);
    }

    /// <summary>The person's answer; what stopped for it goes on.</summary>
    /// <param name="who">The person.</param>
    /// <param name="id">What they answer.</param>
    /// <param name="given">Their answer.</param>
    /// <param name="keep">Keeps what came with a yes, in the same transaction; null: nothing did.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>Null: it was answered before, has ended, or nobody waits for it any more.</returns>
    public Task<UserAuthorization?> DecideAsync(
        Actor who, string id, bool given, Func<IUnitOfWork, ValueTask>? keep, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
        {
            await Revisions.TakeAsync(unit, Lock);
            var now = Now;
            if (!await AuthorizationRows.DecideAsync(unit, id, given, now, now + Life)) return null;
            if (keep is not null) await keep(unit);
            var row = (await AuthorizationRows.FindAsync(unit, id))!;
            await audit.AddAsync(unit, who, given ? "authorization.given" : "authorization.refused", id, Detail(row));
            await events.TellAsync(unit, row, given ? AuthorizationEvents.Given : AuthorizationEvents.Refused, now);
            await cards.ChangeAsync(unit, row);
            // With a no it is said that it did not go on.
            await ResumeRows.ReleaseAsync(unit, id, now);
            unit.AfterCommit(signal.Wake);
            if (!given) return row;
            foreach (var old in await AuthorizationRows.GivenAsync(unit, row.App, row.OpenId, row.Holder))
            {
                // What it allowed is allowed still, by the new one.
                if (old.Id == id || !old.Scopes.All(row.Scopes.Contains)) continue;
                await ResumeRows.MoveAsync(unit, old.Id, id);
                await EndAsync(unit, who, old, AuthorizationEnds.Replaced);
            }

            return row;
        }, cancellation);

    /// <summary>Ends one. When it was the person's last with the app, the tokens go too.</summary>
    /// <returns>False: it had ended before.</returns>
    public Task<bool> EndAsync(Actor who, UserAuthorization row, string why, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
        {
            await Revisions.TakeAsync(unit, Lock);
            return await EndAsync(unit, who, row, why);
        }, cancellation);

    /// <summary>Ends all that a person allows an app. What they are asked stays open, unless they have left: their yes brings new
    /// tokens.</summary>
    public Task EndOfPersonAsync(Actor who, string app, string openId, string why, CancellationToken cancellation) =>
        database.TransactAsync(unit => EndOfPersonAsync(unit, who, app, openId, why), cancellation);

    /// <summary>The same, where their tokens have run out: looked at once no answer can bring new ones.</summary>
    /// <param name="app">The app.</param>
    /// <param name="openId">The person.</param>
    /// <param name="has">There are tokens.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>False: there are tokens.</returns>
    public Task<bool> EndWithoutTokensAsync(string app, string openId, Func<ISql, ValueTask<bool>> has, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
        {
            await Revisions.TakeAsync(unit, Lock);
            if (await has(unit)) return false;
            await EndOfPersonAsync(unit, Actor.System, app, openId, AuthorizationEnds.RunOut);
            return true;
        }, cancellation);

    /// <inheritdoc cref="EndOfPersonAsync(Actor, string, string, string, CancellationToken)"/>
    /// <param name="unit">The transaction.</param>
    /// <param name="who">Who ends it.</param>
    /// <param name="app">The app.</param>
    /// <param name="openId">The person.</param>
    /// <param name="why">Why.</param>
    /// <param name="givenBefore">Only what was given before it; null: all.</param>
    public async ValueTask EndOfPersonAsync(IUnitOfWork unit, Actor who, string app, string openId, string why,
        DateTimeOffset? givenBefore = null)
    {
        await Revisions.TakeAsync(unit, Lock);
        foreach (var row in await AuthorizationRows.OpenAsync(unit, app, openId))
        {
            if (givenBefore is { } time && row.DecidedAt > time) continue;
            if (row.IsGiven || why == AuthorizationEnds.Left) await EndAsync(unit, who, row, why);
        }

        if (!await AuthorizationRows.AnyGivenAsync(unit, app, openId)) await UserTokenRows.ForgetAsync(unit, app, openId);
    }

    private async ValueTask<bool> EndAsync(IUnitOfWork unit, Actor who, UserAuthorization row, string why)
    {
        if (!await AuthorizationRows.EndAsync(unit, row.Id, why, Now)) return false;
        if (why is AuthorizationEnds.RunOut or AuthorizationEnds.Revoked)
        {
            // The person did not take it back: they are told that what waited for them cannot go on.
            await ResumeRows.ReleaseAsync(unit, row.Id, Now);
            unit.AfterCommit(signal.Wake);
        }
        else await ResumeRows.ForgetAsync(unit, row.Id);

        var detail = Detail(row);
        detail["why"] = why;
        await audit.AddAsync(unit, who, "authorization.ended", row.Id, detail);
        var ended = row with { State = AuthorizationStates.Ended, EndedAt = Now, EndedWhy = why };
        await events.TellAsync(unit, ended, AuthorizationEvents.Ended, Now);
        await cards.ChangeAsync(unit, ended);
        if (!await AuthorizationRows.AnyGivenAsync(unit, row.App, row.OpenId)) await UserTokenRows.ForgetAsync(unit, row.App, row.OpenId);
        return true;
    }

    private static JsonObject Detail(UserAuthorization row) => new()
    {
        ["app"] = row.App, ["open_id"] = row.OpenId, ["holder"] = row.Holder, ["scopes"] = UserAuthorization.Text(row.Scopes),
    };
}

/// <summary>What somebody is to be asked.</summary>
/// <param name="App">The app's name in the settings.</param>
/// <param name="OpenId">Who, as the app knows them.</param>
/// <param name="Holder">Who calls: a word of <see cref="AuthorizationHolders"/>.</param>
/// <param name="Owner">The business system; empty: the gateway itself, or the administrators.</param>
/// <param name="Scopes">What of the platform.</param>
/// <param name="Reason">What for, as the person reads it.</param>
internal sealed record AuthorizationWish(
    string App, string OpenId, string Holder, string Owner, IReadOnlyList<string> Scopes, LocalText Reason);
