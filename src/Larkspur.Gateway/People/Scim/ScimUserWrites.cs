using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Rows;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Scim;

/// <summary>
/// Takes over what an upstream says of its users, as a directory's members: who is not active is frozen, which ends what they could do at
/// once; who is deleted has left.
/// </summary>
/// <remarks>Nobody is linked to somebody else: a name that anybody has is refused, whoever told of them.</remarks>
internal sealed class ScimUserWrites(IDatabase database, MemberChanges changes, AuditTrail audit, TimeProvider clock)
{
    private const int LongestName = 254;

    /// <exception cref="ScimRefusedException"><c>uniqueness</c>, <c>invalidValue</c>.</exception>
    public Task<ScimPerson> CreateAsync(ScimUpstream upstream, ScimUserState state, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
    {
        await PersonRows.LockAsync(unit);
        var scope = await upstream.ScopeAsync(unit);
        var ids = await IdsAsync(unit, upstream, state, null, null);
        var member = Member(state, "su_" + Guid.NewGuid().ToString("N"), ids) with { Departments = [] };
        var now = clock.GetUtcNow();
        await changes.JoinAsync(unit, scope, [member], new() { [member.Key] = member.Hash() }, now, now);
        var person = (await PersonRows.HolderAsync(unit, ids[0]))!.Person;
        await NoteAsync(unit, upstream, "person.provisioned", person, state);
        return (await ScimPeople.FindAsync(unit, database.Dialect, person))!;
    }, cancellation);

    /// <summary>Changes a user of this upstream's.</summary>
    /// <exception cref="ScimRefusedException">404, <c>mutability</c>, <c>uniqueness</c>, <c>invalidValue</c>.</exception>
    public Task<ScimPerson> ChangeAsync(ScimUpstream upstream, string id, Action<ScimUserState> change, CancellationToken cancellation) =>
        database.TransactAsync(async unit =>
    {
        await PersonRows.LockAsync(unit);
        var (person, account, row) = await OwnAsync(unit, upstream, id);
        var state = new ScimUserState { UserName = account.UserName, ExternalId = account.ExternalId,
            IsActive = row.Status != MemberRow.Frozen };
        foreach (var (name, value) in row.Fields) state.Fields[name] = value;
        change(state);
        var ids = await IdsAsync(unit, upstream, state, person, account);
        if (state.UserName != account.UserName)
        {
            await unit.ExecuteAsync("UPDATE person_identity SET compared = $2, value = $3 WHERE account = $1 AND kind = 'userName'",
                account.Id, ids[0].Compared, ids[0].Value);
        }

        if (state.ExternalId != account.ExternalId)
            await unit.ExecuteAsync("DELETE FROM person_identity WHERE account = $1 AND kind = 'externalId'", account.Id);
        var member = Member(state, row.Key, ids);
        var now = clock.GetUtcNow();
        await changes.UpdateAsync(unit, await upstream.ScopeAsync(unit), row, member, member.Hash(), now, now);
        if (!state.IsActive) await StopOthersAsync(unit, upstream, person, account, now);
        await unit.ExecuteAsync("UPDATE person_account SET email = $2 WHERE id = $1",
            account.Id, PlatformAccount.EmailOf(state.Fields.GetValueOrDefault(DirectoryFields.WorkEmail)));
        await NoteAsync(unit, upstream, "person.changed", person.Id, state);
        return (await ScimPeople.FindAsync(unit, database.Dialect, person.Id))!;
    }, cancellation);

    /// <summary>A user has left for good: their name is free, their id is nobody's again, and what was theirs is kept as of all who
    /// leave.</summary>
    /// <exception cref="ScimRefusedException">404, <c>mutability</c>.</exception>
    public Task DeleteAsync(ScimUpstream upstream, string id, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        await PersonRows.LockAsync(unit);
        var (person, _, _) = await OwnAsync(unit, upstream, id);
        var (scope, now) = (await upstream.ScopeAsync(unit), clock.GetUtcNow());
        foreach (var account in person.AllOf(upstream.Name))
        {
            var row = await RowAsync(unit, account.Entry!);
            if (row.IsThere) await changes.LeaveAsync(unit, scope, row, now, now);
            await unit.ExecuteAsync("DELETE FROM person_identity WHERE account = $1 AND kind = 'externalId'", account.Id);
            await unit.ExecuteAsync(
                "UPDATE person_identity SET kind = $2, compared = $3, value = $3 WHERE account = $1 AND kind = 'userName'", account.Id, ScimUpstream.Deleted, row.Key);
            await unit.ExecuteAsync("UPDATE person_account SET email = NULL WHERE id = $1", account.Id);
        }

        await audit.AddAsync(unit, upstream.Who, "person.deprovisioned", person.Id, new() { ["system"] = upstream.Name });
    }, cancellation);

    private async ValueTask<(ScimPerson Person, ScimAccount Account, MemberRow Row)> OwnAsync(IUnitOfWork unit, ScimUpstream upstream,
        string id)
    {
        var person = await ScimPeople.FindAsync(unit, database.Dialect, id) ?? throw ScimRefusedException.Missing();
        if (person.Of(upstream.Name) is not { Entry: { } entry } account) throw ScimRefusedException.Foreign();
        return (person, account, await RowAsync(unit, entry));
    }

    private async ValueTask<MemberRow> RowAsync(IUnitOfWork unit, ScimEntry entry) =>
        (await MemberRow.FindAsync(unit, database.Dialect, entry.Directory, [entry.Key]))[entry.Key];

    /// <summary>Who was merged of two users of this upstream is off when it switches one of them off: it means the person.</summary>
    private async ValueTask StopOthersAsync(
        IUnitOfWork unit, ScimUpstream upstream, ScimPerson person, ScimAccount account, DateTimeOffset now)
    {
        foreach (var other in person.AllOf(upstream.Name).Where(a => a.Id != account.Id && a.Entry is not null))
        {
            var row = await RowAsync(unit, other.Entry!);
            PlatformIdentity[] ids = [upstream.Id(ScimUpstream.UserName, other.UserName!)];
            var member = new DirectoryMember { Key = row.Key, Ids = ids, Status = MemberStatus.Frozen, Fields = row.Fields };
            if (row.IsThere) await changes.UpdateAsync(unit, await upstream.ScopeAsync(unit), row, member, member.Hash(), now, now);
        }
    }

    /// <summary>The ids of an account, which nobody else has.</summary>
    private async ValueTask<PlatformIdentity[]> IdsAsync(IUnitOfWork unit, ScimUpstream upstream, ScimUserState state, ScimPerson? person,
        ScimAccount? account)
    {
        if (string.IsNullOrWhiteSpace(state.UserName)) throw ScimRefusedException.Value("userName is missing.");
        if (string.IsNullOrWhiteSpace(state.ExternalId)) state.ExternalId = null;
        PlatformIdentity[] ids = [upstream.Id(ScimUpstream.UserName, state.UserName),
            .. state.ExternalId is { } external ? [upstream.Id(ScimUpstream.ExternalId, external)] : Array.Empty<PlatformIdentity>()];
        if (state.UserName.Length > LongestName
            || !ids.All(i => i.IsSound)) throw ScimRefusedException.Value("userName or externalId is too long, or no text.");
        if (state.UserName != account?.UserName && await UserNames.HolderAsync(unit, database.Dialect, state.UserName) is { } holder
            && holder != person?.Id)
            throw ScimRefusedException.Taken("Somebody has this userName.");
        foreach (var id in ids)
        {
            if (await PersonRows.HolderAsync(unit, id) is { } other
                && other.Account != account?.Id) throw ScimRefusedException.Taken($"Somebody has this {id.Kind}.");
        }

        return ids;
    }

    /// <summary>As a directory tells of its members: what is empty was told to be.</summary>
    private static DirectoryMember Member(ScimUserState state, string key, PlatformIdentity[] ids)
    {
        var fields = state.Fields.ToDictionary(f => f.Key, f => f.Value ?? "", StringComparer.Ordinal);
        if (fields.GetValueOrDefault(DirectoryFields.Name) is not { Length: > 0 })
        {
            var parts = new[] { state.Fields.GetValueOrDefault(ScimUserState.GivenName),
                state.Fields.GetValueOrDefault(ScimUserState.FamilyName) };
            var made = string.Join(' ', parts.Where(p => p is { Length: > 0 }));
            fields[DirectoryFields.Name] = state.Fields.GetValueOrDefault(ScimUserState.Formatted) is { Length: > 0 } formatted ? formatted
                : made.Length > 0 ? made : state.UserName!;
        }

        return new() { Key = key, Ids = ids, Status = state.IsActive ? MemberStatus.Active : MemberStatus.Frozen, Fields = fields };
    }

    private ValueTask NoteAsync(IUnitOfWork unit, ScimUpstream upstream, string what, string person, ScimUserState state) =>
        audit.AddAsync(unit, upstream.Who, what, person,
            new JsonObject { ["system"] = upstream.Name, ["userName"] = state.UserName, ["active"] = state.IsActive });
}
