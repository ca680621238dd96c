using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.People.ScimTargets.Mapping;
using Larkspur.Gateway.People.ScimTargets.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.ScimTargets.Pushing;

/// <summary>Pushes people to a target. One who fails keeps nobody waiting.</summary>
internal sealed class UserPush(TargetRun run)
{
    private const string Path = "/Users";

    /// <summary>So many at once: a target's rate limits are for all who call it.</summary>
    private const int AtOnce = 4;

    private readonly RemoteLookup _lookup = new(run.CallAsync, run.Indexes);
    private readonly RemoteWrites _writes = new(run);

    /// <summary>Pushes some people as they are now; who is to be deactivated is noted, and <see cref="DeactivateAsync"/> does it.</summary>
    /// <exception cref="ScimCallException">Nothing works at the target.</exception>
    public async Task PushAsync(IReadOnlyList<string> items, CancellationToken cancellation)
    {
        items = await FollowAsync(items, cancellation);
        var plans = (await run.Database.ReadAsync(sql => TargetPeople.ReadAsync(sql, run.Database.Dialect, run.Row.Id, items),
            cancellation))
            .Select(p => PersonPlan.For(p, run.Row.UserName)).ToArray();
        // Who gives a name up comes before who takes it.
        await EachAsync(plans.Where(p => p.Kind != PlanKind.Make), p => DoAsync(p, cancellation), cancellation);
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var making = new List<PersonPlan>();
        foreach (var plan in plans.Where(p => p.Kind == PlanKind.Make))
        {
            making.Add(names.TryAdd(plan.UserName!, plan.Of.Item) ? plan
                : PersonPlan.Without(plan.Of, "duplicate", names[plan.UserName!]));
        }

        await EachAsync(making, p => DoAsync(p, cancellation), cancellation);
    }

    /// <summary>Deactivates people who wait for it.</summary>
    /// <param name="rows">Who.</param>
    /// <param name="isAsked">An administrator has said yes.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task DeactivateAsync(IReadOnlyList<ResourceRow> rows, bool isAsked, CancellationToken cancellation) => EachAsync(rows,
        async row =>
    {
        try
        {
            var off = PushedAttributes.Off();
            await _writes.ChangeAsync(Path, row.RemoteId!, off, [PushedAttributes.Active], cancellation);
            var pushed = new Dictionary<string, string>(row.Pushed, StringComparer.Ordinal);
            foreach (var (name, hash) in off.Hashes()) pushed[name] = hash;
            await run.KeepAsync(row, Gone(row) with { Pushed = pushed }, cancellation);
        }
        catch (ScimCallException e) when (e.Reason == "not_found")
        {
            // Somebody has deleted them there: that is more than was asked for.
            await run.KeepAsync(row, Gone(row) with { RemoteId = null, Pushed = new Dictionary<string, string>() }, cancellation);
        }
        catch (ScimCallException e) when (!e.ConcernsAll)
        {
            await run.KeepAsync(row, run.Failed(row, e), cancellation);
        }

        ResourceRow Gone(ResourceRow of) => of.Well() with { IsActive = false, OffSince = null, OffAt = isAsked ? null : run.Now };
    }, cancellation);

    private Task EachAsync<T>(IEnumerable<T> items, Func<T, Task> work, CancellationToken cancellation) =>
        Parallel.ForEachAsync(items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (item, _) =>
            {
                run.GoOn();
                await work(item);
            });

    /// <summary>Of people who became one, the account of the one who is no more is the other's, where that one has none.</summary>
    private async Task<IReadOnlyList<string>> FollowAsync(IReadOnlyList<string> items, CancellationToken cancellation)
    {
        var became = await run.Database.ReadAsync(sql => TargetPeople.SurvivorsAsync(sql, run.Database.Dialect, items), cancellation);
        if (became.Count == 0) return items;
        await run.Database.TransactAsync(async unit =>
        {
            // Nobody parts them meanwhile; and in the order in which everybody takes the two locks.
            await PersonRows.LockAsync(unit);
            await TargetLeases.FenceAsync(unit, run.Held);
            became = await TargetPeople.SurvivorsAsync(unit, run.Database.Dialect, items);
            var rows = await ResourceRows.FindAsync(unit, run.Database.Dialect, run.Row.Id, ResourceKinds.User,
                became.SelectMany(b => (string[])[b.Former, b.Now]));
            foreach (var (former, now) in became)
            {
                if (rows.GetValueOrDefault(former)?.RemoteId is null || rows.GetValueOrDefault(now)?.RemoteId is not null) continue;
                await ResourceRows.MoveAsync(unit, run.Row.Id, former, now);
                // So that it goes back when they are two again.
                if (await JoinRows.FindOpenAsync(unit, former) is { } join)
                    await JoinRows.NoteAsync(unit, join, MergedChanges.Accounts, run.Row.Id, "", rows[former].RemoteId);
                rows[now] = rows[former];
                rows.Remove(former);
            }
        }, cancellation);
        return [.. items.Concat(became.Select(b => b.Now)).Distinct(StringComparer.Ordinal)];
    }

    private async Task DoAsync(PersonPlan plan, CancellationToken cancellation)
    {
        var row = plan.Of.Row;
        try
        {
            switch (plan.Kind)
            {
                case PlanKind.Nothing when row.RemoteId is null:
                    // They were left out, or failed, and have left since: there is nothing to say of them.
                    if (row.Id != 0) await run.WriteAsync(unit =>
                        ResourceRows.RemoveAsync(unit, run.Row.Id, ResourceKinds.User, row.Item), cancellation);
                    break;
                case PlanKind.Nothing:
                    await run.KeepAsync(row, row.Well() with { OffSince = null }, cancellation);
                    break;
                case PlanKind.LeaveOut:
                    await run.KeepAsync(row, row.Well() with { OffSince = null, Failure = plan.Why }, cancellation);
                    break;
                case PlanKind.Deactivate:
                    // One that is tried again by itself goes on as it was; what failed before that, or was given up, begins anew.
                    if (row.OffSince is null || row.NotBefore is null)
                        await run.KeepAsync(row, row.Well() with { OffSince = row.OffSince ?? run.Now }, cancellation);
                    break;
                case PlanKind.Change:
                    await ChangeAsync(plan, row with { OffSince = null }, cancellation);
                    break;
                default:
                    await MakeAsync(plan, row, cancellation);
                    break;
            }
        }
        catch (ScimCallException e) when (!e.ConcernsAll)
        {
            await run.KeepAsync(row, run.Failed(row, e), cancellation);
        }
    }

    private async Task ChangeAsync(PersonPlan plan, ResourceRow row, CancellationToken cancellation)
    {
        if (plan.Paths.Contains(PushedAttributes.UserName) && await HolderAsync(plan, cancellation) is { } holder)
        {
            await run.KeepAsync(plan.Of.Row, row.Well() with { Failure = new PushFailure("duplicate", Detail: holder) }, cancellation);
            return;
        }

        try
        {
            await _writes.ChangeAsync(Path, row.RemoteId!, plan.Wanted!, plan.Paths, cancellation);
        }
        catch (ScimCallException e) when (e.Reason == "not_found")
        {
            // It was deleted there, or is another one now: as if they had never been there.
            var gone = row with { RemoteId = null, Pushed = new Dictionary<string, string>() };
            await run.KeepAsync(plan.Of.Row, gone, cancellation);
            await MakeAsync(plan with { Of = plan.Of with { Row = gone } }, gone, cancellation);
            return;
        }

        await run.KeepAsync(plan.Of.Row, Done(plan, row, row.RemoteId!), cancellation);
    }

    private async Task MakeAsync(PersonPlan plan, ResourceRow row, CancellationToken cancellation)
    {
        if (await HolderAsync(plan, cancellation) is { } holder)
        {
            await run.KeepAsync(row, row.Well() with { Failure = new PushFailure("duplicate", Detail: holder) }, cancellation);
            return;
        }

        if (await TakeAsync(plan, row, isSecond: false, cancellation)) return;
        string? id = null;
        ScimCallException? conflict = null;
        try
        {
            id = await _writes.MakeAsync(Path, plan.Wanted!, cancellation);
        }
        catch (ScimCallException e) when (e.Reason == "conflict")
        {
            conflict = e;
        }

        if (id is not null)
        {
            run.Indexes.Of(Path)?.Add(new Found(id, plan.Of.Ours[0], plan.UserName, []));
            await run.KeepAsync(row, Done(plan, row, id), cancellation);
            return;
        }

        // Somebody was faster, it is hidden from lists, or the answer has no id.
        if (await TakeAsync(plan, row, isSecond: true, cancellation)) return;
        await run.KeepAsync(row, conflict is not null ? run.Failed(row, conflict) : run.Failed(row, new PushFailure("no_id")),
            cancellation);
    }

    /// <summary>Takes over the account that is theirs at the target already.</summary>
    /// <returns>False: there is none.</returns>
    private async Task<bool> TakeAsync(PersonPlan plan, ResourceRow row, bool isSecond, CancellationToken cancellation)
    {
        var match = plan.MayTake(await _lookup.FindAsync(
            Path, plan.Of.Ours, PushedAttributes.UserName, plan.UserName!, cancellation, isSecond), run.Row.UserName);
        if (match.Trouble is { } trouble)
        {
            await run.KeepAsync(row, run.Failed(row, trouble), cancellation);
            return true;
        }

        if (match.Resource is not { } resource) return false;
        var id = ScimBodies.Text(resource, "id")!;
        // One account is one person's: of two who could have it, the first has it.
        if (await run.Database.ReadAsync(sql => ResourceRows.OwnerAsync(sql, run.Row.Id, id), cancellation) is { } owner
            && owner != row.Item)
        {
            await run.KeepAsync(row, run.Failed(row, new PushFailure("taken", Detail: owner)), cancellation);
            return true;
        }

        var paths = ScimBodies.Differences(plan.Wanted!, resource);
        if (paths.Length > 0) await _writes.ChangeAsync(Path, id, plan.Wanted!, paths, cancellation);
        await run.KeepAsync(row, Done(plan, row, id), cancellation);
        return true;
    }

    private Task<string?> HolderAsync(PersonPlan plan, CancellationToken cancellation) => run.Database.ReadAsync(sql =>
        ResourceRows.HolderAsync(sql, run.Row.Id, plan.UserName!, plan.Of.Item), cancellation);

    private static ResourceRow Done(PersonPlan plan, ResourceRow row, string id) => row.Well() with
    {
        RemoteId = id, Name = plan.UserName, Pushed = plan.Wanted!.Hashes(), IsActive = true, OffSince = null,
    };
}
