using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Makes one person of two, and two of one. Always under <see cref="PersonRows.LockAsync"/>, with everything that follows from it in the same transaction.</summary>
/// <param name="audit">Has a line of each.</param>
/// <param name="followers">Are told. Asked for late: those who keep rows of people may ask for people themselves.</param>
/// <param name="clock">The time.</param>
internal sealed class PersonJoining(AuditTrail audit, Lazy<IPersonMerged[]> followers, TimeProvider clock)
{
    public const string ByAdministrator = "administrator";
    public const string ByCode = "code";
    public const string ByEmail = "verified_email";

    /// <summary>Everything of one person becomes another's; the id is that one's alias from now on.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="who">Who says that they are one.</param>
    /// <param name="how">By which proof: <see cref="ByAdministrator"/>, <see cref="ByCode"/>, <see cref="ByEmail"/>.</param>
    /// <param name="from">Who is no more.</param>
    /// <param name="into">Who remains.</param>
    public async ValueTask<KnownPerson> MergeAsync(IUnitOfWork unit, Actor who, string how, KnownPerson from, KnownPerson into)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await unit.ExecuteAsync("UPDATE person_account SET person = $2, apart = 0 WHERE person = $1", from.Id, into.Id);
        await unit.ExecuteAsync("UPDATE person_alias SET person = $2 WHERE person = $1", from.Id, into.Id);
        await unit.ExecuteAsync("INSERT INTO person_alias (id, person, merged_at) VALUES ($1, $2, $3)", from.Id, into.Id, now);
        await unit.ExecuteAsync("DELETE FROM person_link WHERE person = $1", from.Id);
        await unit.ExecuteAsync("DELETE FROM person_link_try WHERE person = $1", from.Id);
        // Who was shut out under one id is not let in by having had another.
        if (from.IsDisabled && !into.IsDisabled) await unit.ExecuteAsync("UPDATE person SET disabled_at = $2 WHERE id = $1", into.Id, now);
        await unit.ExecuteAsync("DELETE FROM person WHERE id = $1", from.Id);
        foreach (var follower in followers.Value) await follower.MergedAsync(unit, from.Id, into.Id);
        if (from.IsDisabled || into.IsDisabled) await DisabledAsync(unit, who, into.Id);
        await audit.AddAsync(unit, who, "person.merged", into.Id, new JsonObject { ["from"] = from.Id, ["how"] = how, ["accounts"] = Names(from.Accounts), ["with"] = Names(into.Accounts) });
        return (await PersonRows.FindAsync(unit, into.Id))!;
    }

    /// <summary>An account becomes a person of its own.</summary>
    /// <returns>The new person.</returns>
    public async ValueTask<KnownPerson> UnlinkAsync(IUnitOfWork unit, Actor who, KnownPerson from, KnownAccount account)
    {
        var id = await MakeAsync(unit);
        await unit.ExecuteAsync("UPDATE person_account SET person = $2, apart = 1, conflict = NULL WHERE id = $1", account.Id, id);
        // Who is shut out is not let in by taking an account off.
        if (from.IsDisabled) await unit.ExecuteAsync("UPDATE person SET disabled_at = $2 WHERE id = $1", id, clock.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var follower in followers.Value) await follower.UnlinkedAsync(unit, from.Id, id, account.Ids);
        await audit.AddAsync(unit, who, "person.unlinked", from.Id, new JsonObject { ["to"] = id, ["accounts"] = Names([account]) });
        return (await PersonRows.FindAsync(unit, id))!;
    }

    /// <summary>Somebody is shut out: what stands open for them ends.</summary>
    public async ValueTask DisabledAsync(IUnitOfWork unit, Actor who, string person)
    {
        foreach (var follower in followers.Value) await follower.DisabledAsync(unit, who, person);
    }

    /// <summary>A new person without an account yet.</summary>
    public async ValueTask<string> MakeAsync(IUnitOfWork unit)
    {
        var id = KnownPerson.NewId();
        await unit.ExecuteAsync("INSERT INTO person (id, created_at) VALUES ($1, $2)", id, clock.GetUtcNow().ToUnixTimeMilliseconds());
        return id;
    }

    /// <summary>Accounts by their main ids, as an operator would search for them.</summary>
    public static JsonArray Names(IEnumerable<KnownAccount> accounts) => new([.. accounts.Select(a => (JsonNode?)(a.Ids is [var main, ..] ? main.ToString() : a.Platform))]);
}
