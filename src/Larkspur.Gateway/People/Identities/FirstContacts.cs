using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>Recognises whoever writes, and learns what the platform newly tells of them.</summary>
internal sealed partial class FirstContacts(IDatabase database, PersonJoining joining, LinkPolicy policy, AuditTrail audit,
    PeopleOptions options, TrustedIssuers trusted, TimeProvider clock, ILogger<FirstContacts> logger)
{
    /// <summary>When somebody was seen is kept so exactly: not every message is a write.</summary>
    private static readonly TimeSpan SeenEvery = TimeSpan.FromDays(1);

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <inheritdoc cref="IIdentities.GetOrCreateAsync"/>
    public async Task<KnownPerson> GetOrCreateAsync(PlatformAccount account, CancellationToken cancellation)
    {
        var told = account.Checked();
        var known = await database.ReadAsync(async sql => await Recognition.OfAsync(sql, told) is { Person: { } person } seen && !IsNews(seen, told) ? person : null, cancellation);
        return known ?? await database.TransactAsync(unit => GetOrCreateAsync(unit, told), cancellation);
    }

    /// <summary>The same in a transaction of the caller's, whose first statement it brings along.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="told">What <see cref="PlatformAccount.Checked"/> gave.</param>
    public async ValueTask<KnownPerson> GetOrCreateAsync(IUnitOfWork unit, PlatformAccount told)
    {
        await PersonRows.LockAsync(unit);
        var seen = await Recognition.OfAsync(unit, told);
        foreach (var id in seen.Moved)
        {
            await unit.ExecuteAsync("DELETE FROM person_identity WHERE platform = $1 AND scope = $2 AND kind = $3 AND compared = $4",
                id.Platform, id.Scope, id.Kind, id.Compared);
        }

        if (seen.Person is null) return await BeginAsync(unit, told);
        if (!IsNews(seen, told)) return seen.Person;
        var person = await LearnAsync(unit, seen, told);
        return await JoinByEmailAsync(unit, seen, told, person);
    }

    private bool IsNews(Recognition seen, PlatformAccount told) => seen.Account is not { } account || seen.New.Count > 0 || seen.Folded.Count > 0 || ConflictOf(seen) != account.Conflict
        || (told.Name is not null && told.Name != account.Name) || (told.VerifiedEmail is not null && told.VerifiedEmail != account.Email)
        || (told.IsExternal is { } external && external != account.IsExternal) || clock.GetUtcNow() - account.SeenAt >= SeenEvery;

    /// <summary>Who is not said to be a member is none until it is said. Of the web's accounts no platform could say it: their issuers are
    /// asked about by name (<see cref="LinkPolicy"/>).</summary>
    private static bool IsExternalAtFirst(PlatformAccount told) => told.IsExternal ?? told.Platform != PlatformIdentity.Web;

    private async ValueTask<KnownPerson> BeginAsync(IUnitOfWork unit, PlatformAccount told)
    {
        var match = await MatchAsync(unit, told with { IsExternal = IsExternalAtFirst(told) });
        var person = await joining.MakeAsync(unit);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var account = (await unit.QueryAsync("INSERT INTO person_account (person, platform, app, name, email, created_at, seen_at, is_external) VALUES ($1, $2, $3, $4, $5, $6, $6, $7) RETURNING id",
            static row => row.GetInt64(0), person, told.Platform, told.App, told.Name, told.VerifiedEmail, now,
            IsExternalAtFirst(told) ? 1 : 0))[0];
        await AddAsync(unit, account, told.Ids, 0);
        var alone = (await PersonRows.FindAsync(unit, person))!;
        if (match is null) return alone;
        // As a person of its own first: that is who it becomes again when it is undone.
        var (from, into) = PersonJoining.Order(alone, match);
        return await joining.MergeAsync(unit, Actor.System, PersonJoining.ByEmail, from, into, "person.linked");
    }

    private async ValueTask<KnownPerson> LearnAsync(IUnitOfWork unit, Recognition seen, PlatformAccount told)
    {
        var account = seen.Account!;
        // The platform says of accounts that it told of one by one that they are one.
        var folded = seen.Person!.Accounts.Where(a => seen.Folded.Contains(a.Id)).ToArray();
        foreach (var other in folded)
        {
            await unit.ExecuteAsync("UPDATE person_identity SET account = $2, place = place + $3 WHERE account = $1", other.Id, account.Id, PlatformAccount.MostIds);
            await unit.ExecuteAsync("DELETE FROM person_account WHERE id = $1", other.Id);
            await LinkRequests.EndOfAsync(unit, other.Id, clock.GetUtcNow());
        }

        await AddAsync(unit, account.Id, seen.New, account.Ids.Count);
        var conflict = ConflictOf(seen);
        // What is not told now, and was once, is still so: rules may name the address.
        KnownAccount[] known = [account, .. folded];
        var (name, email) = (told.Name ?? known.Select(a => a.Name).FirstOrDefault(n => n is not null), told.VerifiedEmail ?? known.Select(a => a.Email).FirstOrDefault(e => e is not null));
        await unit.ExecuteAsync("UPDATE person_account SET name = $2, email = $3, conflict = $4, seen_at = $5, is_external = $6 WHERE id = $1", account.Id, name, email, conflict,
            clock.GetUtcNow().ToUnixTimeMilliseconds(), told.IsExternal ?? account.IsExternal ? 1 : 0);
        if (conflict is not null && conflict != account.Conflict)
        {
            await audit.AddAsync(unit, Actor.System, "person.conflict", seen.Person.Id, new JsonObject { ["account"] = told.Ids[0].ToString(), ["conflicts"] = JsonNode.Parse(conflict) });
            unit.AfterCommit(() => IdsConflict(told.Ids[0], seen.Person.Id, conflict));
        }

        return (await PersonRows.FindAsync(unit, seen.Person.Id))!;
    }

    /// <summary>A directory tells the mail address later than the account: who has nothing but this account goes to whom it names, as if it had been told at first.</summary>
    private async ValueTask<KnownPerson> JoinByEmailAsync(IUnitOfWork unit, Recognition seen, PlatformAccount told, KnownPerson person)
    {
        if (seen.Account is not { Email: null, IsApart: false } || told.VerifiedEmail is null || person is not { Accounts: [var only], IsDisabled: false }) return person;
        // What is not said this time is as it was said before.
        var whole = told with { IsExternal = only.IsExternal };
        if (await MatchAsync(unit, whole, only.Ids, besides: person.Id) is not { } match) return person;
        var (from, into) = PersonJoining.Order(person, match);
        return await joining.MergeAsync(unit, Actor.System, PersonJoining.ByEmail, from, into);
    }

    /// <summary>
    /// The one person whom a mail address names; null: nobody, several, or somebody whom the platform of these ids knows as another, or one of the two sides may not be linked without an administrator.
    /// </summary>
    private async ValueTask<KnownPerson?> MatchAsync(IUnitOfWork unit, PlatformAccount told, IReadOnlyList<PlatformIdentity>? known = null, string? besides = null)
    {
        var ids = known ?? told.Ids;
        if (!options.LinkByVerifiedEmail || told.VerifiedEmail is not { } email || !trusted.Counts(ids, email) || !policy.Permits(told)) return null;
        var people = await PersonRows.WithEmailAsync(unit, email, trusted.Of(email), besides ?? "");
        if (people is not [var one] || await joining.IsGuardedAsync(unit, one) || await PersonRows.AreTwoAsync(unit, one, ids)) return null;
        return await PersonRows.FindAsync(unit, one) is { } match && match.Accounts.Any(a => a.Email == email && trusted.Counts(a.Ids, email) && policy.Permits(a)) ? match : null;
    }

    private static async ValueTask AddAsync(IUnitOfWork unit, long account, IReadOnlyList<PlatformIdentity> ids, int place)
    {
        foreach (var id in ids)
        {
            await unit.ExecuteAsync("INSERT INTO person_identity (platform, scope, kind, compared, value, account, place) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                id.Platform, id.Scope, id.Kind, id.Compared, id.Value, account, place++);
        }
    }

    private static string? ConflictOf(Recognition seen) => seen.Others.Count == 0 ? null
        : new JsonArray([.. seen.Others.Select(o => (JsonNode?)new JsonObject { ["id"] = o.Id.ToString(), ["person"] = o.Person })]).ToJsonString(Json);

    [LoggerMessage(LogLevel.Warning,
        "{Account} of {Person} was told with ids of other people, which stay theirs: {Conflicts}. If they are one, merge them")]
    private partial void IdsConflict(PlatformIdentity account, string person, string conflicts);
}
