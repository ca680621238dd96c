using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Makes one person of two, and two of one. Always under <see cref="PersonRows.LockAsync"/>, with everything that follows from
/// it in the same transaction.</summary>
/// <param name="audit">Has a line of each.</param>
/// <param name="followers">Are told. Asked for late: those who keep rows of people may ask for people themselves.</param>
/// <param name="guards">Say who is joined by administrators alone.</param>
/// <param name="messages">Tells the people themselves; asked for late too.</param>
/// <param name="clock">The time.</param>
internal sealed class PersonJoining(AuditTrail audit, Lazy<IPersonMerged[]> followers, Lazy<IJoinGuard[]> guards,
    Lazy<ILinkMessages> messages, TimeProvider clock)
{
    public const string ByAdministrator = "administrator";
    public const string ByCode = "code";
    public const string ByEmail = "verified_email";

    /// <summary>Somebody who was signed in signed in with the other account too, and said that it is theirs.</summary>
    public const string BySignIn = "sign_in";

    private const string Accounts = JoinRows.Accounts;
    private const string Aliases = "alias";
    private const string Fields = "field";

    /// <summary>Of two people the one whose id and name remain: a company's directory says more than a web session's issuer; of equals
    /// the one whose id more rows know, which is the older.</summary>
    public static (KnownPerson From, KnownPerson Into) Order(KnownPerson one, KnownPerson other) =>
        one.Proof != other.Proof
            ? (one.Proof < other.Proof ? (one, other) : (other, one))
            : one.Seq < other.Seq ? (other, one) : (one, other);

    /// <summary>Only an administrator may join one of these with others.</summary>
    public async ValueTask<bool> IsGuardedAsync(ISql sql, params string[] people)
    {
        foreach (var guard in guards.Value)
        {
            foreach (var person in people)
            {
                if (await guard.IsGuardedAsync(sql, person)) return true;
            }
        }

        return false;
    }

    /// <summary>Everything of one person becomes another's; the id is that one's alias from now on. All their accounts are told, and it
    /// can be undone for a day.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="who">Who says that they are one.</param>
    /// <param name="how">By which proof: <see cref="ByAdministrator"/>, <see cref="ByCode"/>, <see cref="ByEmail"/>.</param>
    /// <param name="from">Who is no more.</param>
    /// <param name="into">Who remains.</param>
    /// <param name="what">The audit log's word.</param>
    public async ValueTask<KnownPerson> MergeAsync(IUnitOfWork unit, Actor who, string how, KnownPerson from, KnownPerson into,
        string what = "person.merged")
    {
        var at = clock.GetUtcNow();
        var now = at.ToUnixTimeMilliseconds();
        await JoinRows.PruneAsync(unit, at);
        var (since, sinceInto) = (await DisabledAtAsync(unit, from.Id), await DisabledAtAsync(unit, into.Id));
        var join = new PersonJoin(PersonJoin.NewId(), into.Id, from.Id, how, at, at + PersonJoin.UndoPeriod)
        {
            FormerSeq = from.Seq, FormerCreatedAt = from.CreatedAt, FormerDisabledAt = since, PersonDisabledAt = sinceInto,
        };
        await JoinRows.AddAsync(unit, join, who.Name);
        foreach (var account in from.Accounts)
            await JoinRows.NoteAsync(unit, join, Accounts, account.Id, "", account.IsApart ? "apart" : null);
        foreach (var (name, value) in from.OwnFields) await JoinRows.NoteAsync(unit, join, Fields, 0, name, value);
        foreach (var alias in from.FormerIds) await JoinRows.NoteAsync(unit, join, Aliases, 0, alias, null);
        await unit.ExecuteAsync("UPDATE person_account SET person = $2, apart = 0 WHERE person = $1", from.Id, into.Id);
        await unit.ExecuteAsync("UPDATE person_alias SET person = $2 WHERE person = $1", from.Id, into.Id);
        await unit.ExecuteAsync("INSERT INTO person_alias (id, person, merged_at) VALUES ($1, $2, $3)", from.Id, into.Id, now);
        await unit.ExecuteAsync("DELETE FROM person_link WHERE person = $1", from.Id);
        await unit.ExecuteAsync("DELETE FROM person_link_try WHERE person = $1", from.Id);
        // Who was shut out under one id is not let in by having had another.
        if (from.IsShutOut && !into.IsShutOut) await unit.ExecuteAsync("UPDATE person SET disabled_at = $2 WHERE id = $1", into.Id, now);
        await unit.ExecuteAsync("DELETE FROM person WHERE id = $1", from.Id);
        foreach (var follower in followers.Value) await follower.MergedAsync(unit, join);
        // A directory that has one of the two as a colleague has both.
        await EndIfAwayAsync(unit, who, into.Id, at);
        await audit.AddAsync(unit, who, what, into.Id,
            new JsonObject
            {
                ["from"] = from.Id, ["how"] = how, ["accounts"] = Names(from.Accounts), ["with"] = Names(into.Accounts), ["join"] = join.Id,
            });
        var one = (await PersonRows.FindAsync(unit, into.Id))!;
        await messages.Value.JoinedAsync(unit, join, one, from.Accounts);
        return one;
    }

    /// <summary>Makes the two people again who became one, each with what was theirs; what was asked meanwhile is theirs whose account
    /// asked it.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="who">Who wants it.</param>
    /// <param name="join">What is undone; the caller has looked whether it still may be.</param>
    /// <returns>Null: they are not one any more, or the platform has told since that accounts of both are one.</returns>
    public async ValueTask<(KnownPerson Person, KnownPerson Former)?> UndoAsync(IUnitOfWork unit, Actor who, PersonJoin join)
    {
        if (await PersonRows.SurvivorAsync(unit, join.Former) is not { } survivor || survivor == join.Former
            || await PersonRows.FindAsync(unit, survivor) is not { } person) return null;
        var back = (await JoinRows.NumbersAsync(unit, join, Accounts)).ToHashSet();
        var going = person.Accounts.Where(a => back.Contains(a.Id)).ToArray();
        if (going.Length == 0 || going.Length == person.Accounts.Count) return null;

        var at = clock.GetUtcNow();
        var disabledAt = (await DisabledAtAsync(unit, survivor))?.ToUnixTimeMilliseconds();
        var joinedAt = join.JoinedAt.ToUnixTimeMilliseconds();
        // By the join alone: that ends with it. By an administrator since: both are. Before it: whoever was, and the other is not.
        var byJoin = join is { FormerDisabledAt: not null, PersonDisabledAt: null } && disabledAt == joinedAt;
        var since = disabledAt > joinedAt ? disabledAt : null;
        await unit.ExecuteAsync("INSERT INTO person (seq, id, created_at, disabled_at) VALUES ($1, $2, $3, $4)",
            join.FormerSeq, join.Former, join.FormerCreatedAt.ToUnixTimeMilliseconds(),
            join.FormerDisabledAt?.ToUnixTimeMilliseconds() ?? since);
        var own = (await JoinRows.NamedAsync(unit, join, Fields)).ToDictionary(f => f.Name, f => f.Value!, StringComparer.Ordinal);
        if (own.Count > 0)
            await unit.ExecuteAsync("UPDATE person SET fields = $2 WHERE id = $1", join.Former, MemberRow.TextOf(own));
        if (byJoin) await unit.ExecuteAsync("UPDATE person SET disabled_at = NULL WHERE id = $1", survivor);
        // Apart: their mail address does not join them again.
        foreach (var account in going)
        {
            await unit.ExecuteAsync(
                "UPDATE person_account SET person = $2, apart = 1, conflict = NULL WHERE id = $1", account.Id, join.Former);
        }

        await unit.ExecuteAsync("DELETE FROM person_alias WHERE id = $1", join.Former);
        var ids = new HashSet<string>(StringComparer.Ordinal) { join.Former };
        foreach (var (alias, _) in await JoinRows.NamedAsync(unit, join, Aliases))
        {
            var isBack = await unit.ExecuteAsync(
                "UPDATE person_alias SET person = $3 WHERE id = $1 AND person = $2", alias, survivor, join.Former) == 1;
            if (isBack) ids.Add(alias);
        }

        await unit.ExecuteAsync("DELETE FROM person_link WHERE person = $1", survivor);
        var former = (await PersonRows.FindAsync(unit, join.Former))!;
        var undo = new JoinUndo(join, survivor, former, ids, at);
        foreach (var follower in followers.Value) await follower.UndoneAsync(unit, undo);
        foreach (var one in (string[])[survivor, join.Former]) await EndIfAwayAsync(unit, who, one, at);
        await JoinRows.UndoneAsync(unit, join, who.Name, at);
        var stays = (await PersonRows.FindAsync(unit, survivor))!;
        await audit.AddAsync(unit, who, "person.join_undone", survivor,
            new JsonObject
            {
                ["join"] = join.Id, ["to"] = former.Id, ["accounts"] = Names(former.Accounts), ["with"] = Names(stays.Accounts),
            });
        await messages.Value.UndoneAsync(unit, join, stays, former);
        return (stays, former);
    }

    /// <summary>An account becomes a person of its own.</summary>
    /// <returns>The new person.</returns>
    public async ValueTask<KnownPerson> UnlinkAsync(IUnitOfWork unit, Actor who, KnownPerson from, KnownAccount account)
    {
        var id = await MakeAsync(unit);
        await unit.ExecuteAsync("UPDATE person_account SET person = $2, apart = 1, conflict = NULL WHERE id = $1", account.Id, id);
        // Who is shut out is not let in by taking an account off.
        if (from.IsShutOut)
            await unit.ExecuteAsync("UPDATE person SET disabled_at = $2 WHERE id = $1", id, clock.GetUtcNow().ToUnixTimeMilliseconds());
        foreach (var follower in followers.Value) await follower.UnlinkedAsync(unit, from.Id, id, account.Ids);
        foreach (var person in (string[])[from.Id, id]) await EndIfAwayAsync(unit, who, person, clock.GetUtcNow());
        await audit.AddAsync(unit, who, "person.unlinked", from.Id, new JsonObject { ["to"] = id, ["accounts"] = Names([account]) });
        return (await PersonRows.FindAsync(unit, id))!;
    }

    /// <summary>Whoever may not work ends what is theirs by now: what has just come to them too.</summary>
    private async ValueTask EndIfAwayAsync(IUnitOfWork unit, Actor who, string person, DateTimeOffset at)
    {
        await PersonPresence.JudgeAsync(unit, person, at);
        if (await PersonRows.FindAsync(unit, person) is { IsDisabled: true }) await DisabledAsync(unit, who, person);
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
    public static JsonArray Names(IEnumerable<KnownAccount> accounts) =>
        new([.. accounts.Select(a => (JsonNode?)(a.Ids is [var main, ..] ? main.ToString() : a.Platform))]);

    private static ValueTask<DateTimeOffset?> DisabledAtAsync(ISql sql, string person) =>
        sql.FirstAsync("SELECT disabled_at FROM person WHERE id = $1", static row => row.TimeOrNull(0), person);
}
