using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.ScimTargets;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>What administrators do with people.</summary>
internal sealed class PersonAdministration(
    IDatabase database, PersonJoining joining, TrustedIssuers trusted, AuditTrail audit, TimeProvider clock)
{
    public async Task<KnownPerson?> FindAsync(string id, CancellationToken cancellation) =>
        await database.ReadAsync(sql => PersonRows.FindAsync(sql, id), cancellation) is { } person ? trusted.Judge(person) : null;

    public async Task<List<KnownPerson>> ListAsync(PersonFilter filter, CancellationToken cancellation) =>
        [.. (await database.ReadAsync(sql => PersonRows.ListAsync(sql, filter), cancellation)).Select(trusted.Judge)];

    /// <summary>Two people are one. A repeat finds it done.</summary>
    /// <returns>Who remains; null: there is no <paramref name="into"/>.</returns>
    /// <exception cref="RequestRefusedException">There is no <paramref name="from"/>, or it is the same person under the same id.</exception>
    public Task<KnownPerson?> MergeAsync(Actor who, string from, string into, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await PersonRows.LockAsync(unit);
        if (await PersonRows.FindAsync(unit, into) is not { } stays) return null;
        var goes = await PersonRows.FindAsync(unit, from) ?? throw RequestRefusedException.Impossible("no_such_person", "/from", "Nobody has this id.");
        if (goes.Id != stays.Id) return await joining.MergeAsync(unit, who, PersonJoining.ByAdministrator, goes, stays);
        return from == into ? throw RequestRefusedException.Impossible("same_person", "/from", "Nobody is merged with themselves.") : stays;
    }, cancellation);

    /// <summary>An account is another person's.</summary>
    /// <returns>Who keeps the history, and who is new; null: there is no such person.</returns>
    /// <exception cref="RequestRefusedException">The person has no such account, or no other.</exception>
    public Task<(KnownPerson Person, KnownPerson Unlinked)?> UnlinkAsync(Actor who, string id, long account, CancellationToken cancellation) =>
        database.TransactAsync<(KnownPerson, KnownPerson)?>(async unit =>
        {
            await PersonRows.LockAsync(unit);
            if (await PersonRows.FindAsync(unit, id) is not { } person) return null;
            var taken = person.Accounts.FirstOrDefault(a => a.Id == account) ?? throw RequestRefusedException.Impossible("unknown_account", "/account", "This person has no account of this number.");
            if (person.Accounts.Count == 1) throw new RequestRefusedException(StatusCodes.Status409Conflict, "only_account", "/account", "It is the only account of this person: there is nothing to unlink it from.");
            var unlinked = await joining.UnlinkAsync(unit, who, person, taken);
            return ((await PersonRows.FindAsync(unit, person.Id))!, unlinked);
        }, cancellation);

    /// <summary>Two who became one are two again, each with what was theirs.</summary>
    /// <returns>Who keeps the id, and who is a person of their own again; null: there is no such person.</returns>
    /// <exception cref="RequestRefusedException">Nothing of this name can be undone.</exception>
    public Task<(KnownPerson Person, KnownPerson Unlinked)?> UndoAsync(Actor who, string id, string join, CancellationToken cancellation) =>
        database.TransactAsync<(KnownPerson, KnownPerson)?>(async unit =>
        {
            await PersonRows.LockAsync(unit);
            if (await PersonRows.FindAsync(unit, id) is not { } person) return null;
            if ((await JoinRows.OpenOfAsync(unit, person.Id, clock.GetUtcNow())).FirstOrDefault(j => j.Id == join) is not { } open)
                throw RequestRefusedException.Impossible("unknown_join", "/join", "Nothing of this name can be undone for this person: it was undone, or is older than 24 hours.");
            return await joining.UndoAsync(unit, who, open)
                ?? throw new RequestRefusedException(StatusCodes.Status409Conflict, "only_account", "/join", "There is nothing left to separate: the platform has told since that the accounts are one.");
        }, cancellation);

    /// <summary>What can still be undone of a person, the newest first.</summary>
    public Task<List<PersonJoin>> JoinsAsync(string person, CancellationToken cancellation) => database.ReadAsync(sql => JoinRows.OpenOfAsync(sql, person, clock.GetUtcNow()), cancellation);

    /// <summary>Shuts a person out, or lets them in again.</summary>
    /// <returns>Null: there is no such person.</returns>
    public Task<KnownPerson?> DisableAsync(Actor who, string id, bool disabled, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await PersonRows.LockAsync(unit);
        if (await PersonRows.FindAsync(unit, id) is not { } person
            || person.IsShutOut == disabled) return await PersonRows.FindAsync(unit, id);
        await unit.ExecuteAsync("UPDATE person SET disabled_at = $2 WHERE id = $1", person.Id, disabled ? clock.GetUtcNow().ToUnixTimeMilliseconds() : null);
        await PushedChanges.OfPeopleAsync(unit, database.Dialect, [person.Id]);
        if (disabled) await joining.DisabledAsync(unit, who, person.Id);
        await audit.AddAsync(unit, who, disabled ? "person.disabled" : "person.enabled", person.Id, new JsonObject { ["accounts"] = PersonJoining.Names(person.Accounts) });
        return person with { IsShutOut = disabled };
    }, cancellation);
}
