using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.People.ScimTargets.Mapping;
using Larkspur.Gateway.People.ScimTargets.Rows;

namespace Larkspur.Gateway.People.ScimTargets.Pushing;

/// <summary>Pushes departments to a target as groups. A group whose department is no more is emptied, and stays.</summary>
internal sealed class GroupPush(TargetRun run)
{
    private const string Path = "/Groups";

    private readonly RemoteLookup _lookup = new(run.CallAsync, run.Indexes);
    private readonly RemoteWrites _writes = new(run);
    private readonly GroupMembers _members = new(run);

    /// <summary>Pushes a department as it is now, with who is in it.</summary>
    /// <exception cref="ScimCallException">Nothing works at the target.</exception>
    public async Task PushAsync(long number, CancellationToken cancellation)
    {
        run.GoOn();
        var (group, row) = await run.Database.ReadAsync(async sql => (await GroupRows.FindAsync(sql, number),
            (await ResourceRows.FindAsync(sql, run.Database.Dialect, run.Row.Id, ResourceKinds.Group,
                [number.ToString(System.Globalization.CultureInfo.InvariantCulture)])).Values.FirstOrDefault()), cancellation);
        if (group is null)
        {
            if (row is not null) await run.WriteAsync(unit =>
                ResourceRows.RemoveAsync(unit, run.Row.Id, ResourceKinds.Group, row.Item), cancellation);
            return;
        }

        row ??= new ResourceRow(ResourceKinds.Group, group.Item);
        if (group.IsGone && row.RemoteId is null)
        {
            if (row.Id != 0) await run.WriteAsync(unit =>
                ResourceRows.RemoveAsync(unit, run.Row.Id, ResourceKinds.Group, group.Item), cancellation);
            return;
        }

        if (!group.IsGone && group.Name is null)
        {
            await run.KeepAsync(row, row.Well() with { Failure = new PushFailure("no_group_name") }, cancellation);
            return;
        }

        try
        {
            await DoAsync(group, row, mayMake: true, cancellation);
        }
        catch (ScimCallException e) when (!e.ConcernsAll)
        {
            // What was learned of it meanwhile stands in its row.
            var now = (await run.Database.ReadAsync(sql => ResourceRows.FindAsync(sql, run.Database.Dialect, run.Row.Id,
                ResourceKinds.Group, [group.Item]), cancellation)).GetValueOrDefault(group.Item) ?? row;
            await run.KeepAsync(now, run.Failed(now, e), cancellation);
        }
    }

    private async Task DoAsync(PushedGroup group, ResourceRow row, bool mayMake, CancellationToken cancellation)
    {
        try
        {
            if (!group.IsGone)
            {
                var wanted = PushedAttributes.Of(group);
                row = row.RemoteId is null ? await MakeAsync(group, wanted, row, cancellation)
                    : await ChangeAsync(group, wanted, row, cancellation);
                if (row.RemoteId is null) return;
            }

            await _members.PushAsync(group, row.RemoteId!, cancellation);
            await run.KeepAsync(row, row.Well(), cancellation);
        }
        catch (ScimCallException e) when (e.Reason == "not_found" && mayMake && row.RemoteId is not null)
        {
            // Somebody has deleted it there: as if it had never been.
            var gone = row with { RemoteId = null, Pushed = new Dictionary<string, string>() };
            await run.WriteAsync(async unit =>
            {
                await GroupRows.EmptiedAsync(unit, run.Row.Id, group);
                if (group.IsGone) await ResourceRows.RemoveAsync(unit, run.Row.Id, ResourceKinds.Group, group.Item);
                else await ResourceRows.WriteAsync(unit, run.Row.Id, gone, run.Now);
            }, cancellation);
            if (!group.IsGone) await DoAsync(group, gone, mayMake: false, cancellation);
        }
    }

    private async Task<ResourceRow> ChangeAsync(PushedGroup group, PushedAttributes wanted, ResourceRow row, CancellationToken cancellation)
    {
        var paths = wanted.Differences(row.Pushed);
        if (paths.Length == 0) return row;
        await _writes.ChangeAsync(Path, row.RemoteId!, wanted, paths, cancellation);
        return await DoneAsync(group, wanted, row, row.RemoteId!, cancellation);
    }

    private async Task<ResourceRow> MakeAsync(PushedGroup group, PushedAttributes wanted, ResourceRow row, CancellationToken cancellation)
    {
        if (await TakeAsync(group, wanted, row, isSecond: false, cancellation) is { } taken) return taken;
        ScimCallException? conflict = null;
        try
        {
            if (await _writes.MakeAsync(Path, wanted, cancellation) is { } id)
            {
                run.Indexes.Of(Path)?.Add(new Found(id, group.ExternalId, group.Name, []));
                return await DoneAsync(group, wanted, row, id, cancellation);
            }
        }
        catch (ScimCallException e) when (e.Reason == "conflict")
        {
            conflict = e;
        }

        if (await TakeAsync(group, wanted, row, isSecond: true, cancellation) is { } second) return second;
        throw conflict ?? new ScimCallException("no_id");
    }

    /// <summary>Takes over the group that is ours at the target already. Who is in it was not brought by us: nobody is taken out.</summary>
    /// <remarks>What an upstream calls its group is its own word alone: by a name it gets no group that is somebody else's.</remarks>
    /// <returns>Null: there is none; without an id: it may not be taken.</returns>
    private async Task<ResourceRow?> TakeAsync(
        PushedGroup group, PushedAttributes wanted, ResourceRow row, bool isSecond, CancellationToken cancellation)
    {
        var match = await _lookup.FindAsync(
            Path, [group.ExternalId], PushedAttributes.DisplayName, group.Name!, cancellation, isSecond);
        if ((match.Trouble ?? (match.IsByName && group.IsUpstreams ? PushFailure.NotOurs(group.ExternalId) : null)) is { } trouble)
        {
            var failed = run.Failed(row, trouble);
            await run.KeepAsync(row, failed, cancellation);
            return failed;
        }

        if (match.Resource is not { } resource) return null;
        var id = ScimBodies.Text(resource, "id")!;
        var paths = ScimBodies.Differences(wanted, resource);
        if (paths.Length > 0) await _writes.ChangeAsync(Path, id, wanted, paths, cancellation);
        return await DoneAsync(group, wanted, row, id, cancellation);
    }

    private async Task<ResourceRow> DoneAsync(
        PushedGroup group, PushedAttributes wanted, ResourceRow row, string id, CancellationToken cancellation)
    {
        var done = row.Well() with { RemoteId = id, Name = group.Name, Pushed = wanted.Hashes() };
        await run.KeepAsync(row, done, cancellation);
        return done;
    }
}
