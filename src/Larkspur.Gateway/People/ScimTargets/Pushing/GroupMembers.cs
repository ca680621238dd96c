using System.Text.Json.Nodes;
using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.People.ScimTargets.Mapping;
using Larkspur.Gateway.People.ScimTargets.Rows;

namespace Larkspur.Gateway.People.ScimTargets.Pushing;

/// <summary>Lets people join and leave a group at a target: those who changed, some at a time, and each step is noted.</summary>
internal sealed class GroupMembers(TargetRun run)
{
    private const int MostJoining = 100;
    private const int MostLeaving = 50;

    private readonly RemoteWrites _writes = new(run);

    /// <summary>Makes a group have whom its department has.</summary>
    /// <exception cref="ScimCallException">The group is not there (<c>not_found</c>), somebody could not join it
    /// (<c>members_refused</c>), and whatever else the target says.</exception>
    public async Task PushAsync(PushedGroup group, string id, CancellationToken cancellation)
    {
        if (run.TakesPatch)
        {
            try
            {
                await LeaveAsync(group, Address(id), cancellation);
                await JoinAsync(group, Address(id), cancellation);
                return;
            }
            catch (ScimCallException e) when (e.Reason == "not_supported")
            {
                await run.NoPatchAsync(cancellation);
            }
        }

        await ReplaceAsync(group, id, cancellation);
    }

    private static string Address(string id) => "/Groups/" + Uri.EscapeDataString(id);

    private async Task LeaveAsync(PushedGroup group, string address, CancellationToken cancellation)
    {
        while (true)
        {
            var leaving = await run.Database.ReadAsync(sql => GroupRows.LeavingAsync(sql, run.Row.Id, group, MostLeaving), cancellation);
            if (leaving.Count == 0) return;
            await run.CallAsync(HttpMethod.Patch, address, ScimBodies.Leave(leaving.Select(m => m.RemoteId)), cancellation);
            await run.WriteAsync(unit => GroupRows.LeftAsync(unit, run.Database.Dialect, run.Row.Id, group, leaving), cancellation);
        }
    }

    private async Task JoinAsync(PushedGroup group, string address, CancellationToken cancellation)
    {
        ScimCallException? refused = null;
        for (var after = ""; ;)
        {
            var joining = await run.Database.ReadAsync(sql => GroupRows.JoiningAsync(sql, run.Row.Id, group, after, MostJoining),
                cancellation);
            if (joining.Count == 0) break;
            after = joining[^1].Person;
            refused = await JoinAsync(group, address, joining, cancellation) ?? refused;
        }

        if (refused is not null) throw new ScimCallException("members_refused", refused.Status, refused)
        {
            ScimType = refused.ScimType, Detail = refused.Detail,
        };
    }

    /// <summary>Where some are refused together, each half is tried, so that one keeps no other out.</summary>
    /// <returns>Why somebody was refused; null: nobody was.</returns>
    private async Task<ScimCallException?> JoinAsync(
        PushedGroup group, string address, IReadOnlyList<GroupMember> joining, CancellationToken cancellation)
    {
        try
        {
            await run.CallAsync(HttpMethod.Patch, address, ScimBodies.Join(joining.Select(m => m.RemoteId)), cancellation);
        }
        catch (ScimCallException e) when (e.Reason is "refused" or "conflict")
        {
            if (joining is [var one])
            {
                await LookAtAsync(one, cancellation);
                return e;
            }

            var half = joining.Count / 2;
            var first = await JoinAsync(group, address, [.. joining.Take(half)], cancellation);
            return await JoinAsync(group, address, [.. joining.Skip(half)], cancellation) ?? first;
        }

        await run.WriteAsync(unit => GroupRows.JoinedAsync(unit, run.Row.Id, group, joining), cancellation);
        return null;
    }

    /// <summary>Somebody who may not join may not be there any more: then they are pushed anew.</summary>
    private async Task LookAtAsync(GroupMember member, CancellationToken cancellation)
    {
        try
        {
            await _writes.WholeAsync("/Users/" + Uri.EscapeDataString(member.RemoteId), member.RemoteId, cancellation);
        }
        catch (ScimCallException e) when (e.Reason == "not_found")
        {
            await run.WriteAsync(async unit =>
            {
                var rows = await ResourceRows.FindAsync(unit, run.Database.Dialect, run.Row.Id, ResourceKinds.User, [member.Person]);
                if (!rows.TryGetValue(member.Person, out var row) || row.RemoteId != member.RemoteId) return;
                var gone = row with { RemoteId = null, Pushed = new Dictionary<string, string>(), NotBefore = run.Now };
                await ResourceRows.WriteAsync(unit, run.Row.Id, gone, run.Now);
            }, cancellation);
        }
    }

    /// <summary>For a target without PATCH: the whole list, where it is different. Who is in it and is none of ours stays.</summary>
    private async Task ReplaceAsync(PushedGroup group, string id, CancellationToken cancellation)
    {
        var (wanted, there) = await run.Database.ReadAsync(async sql =>
            (await GroupRows.WantedAsync(sql, run.Row.Id, group), await GroupRows.ThereAsync(sql, run.Row.Id, group)), cancellation);
        if (wanted.ToHashSet().SetEquals(there)) return;
        var resource = await _writes.WholeAsync(Address(id), id, cancellation);
        var ours = there.Select(m => m.RemoteId).ToHashSet(StringComparer.Ordinal);
        var others = (ScimBodies.Member(resource, "members") as JsonArray ?? []).Select(m => ScimBodies.Text(m, "value"))
            .OfType<string>().Where(member => !ours.Contains(member));
        foreach (var name in resource.Select(m => m.Key).Where(k => k.Equals("members", StringComparison.OrdinalIgnoreCase)).ToArray())
            resource.Remove(name);
        resource["members"] = new JsonArray([.. others.Concat(wanted.Select(m => m.RemoteId)).Distinct(StringComparer.Ordinal)
            .Select(member => (JsonNode?)new JsonObject { ["value"] = member })]);
        await run.CallAsync(HttpMethod.Put, Address(id), resource, cancellation);
        await run.WriteAsync(async unit =>
        {
            await GroupRows.EmptiedAsync(unit, run.Row.Id, group);
            await GroupRows.JoinedAsync(unit, run.Row.Id, group, wanted);
        }, cancellation);
    }
}
