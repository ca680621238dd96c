using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.People.ScimTargets.Mapping;
using Larkspur.Gateway.People.ScimTargets.Pushing;
using Larkspur.Gateway.People.ScimTargets.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.ScimTargets.Rest;

/// <summary>What a sync would change at a target: everybody is judged, some are looked up there, and nothing is written on either
/// side.</summary>
internal sealed class TargetDifference(TargetStore store, TargetCalls calls, IDatabase database, DirectoryOptions options)
{
    private const int Page = 200;
    private const int MostItems = 500;

    /// <summary>Look-ups that one answer waits for.</summary>
    private const int MostLookUps = 200;

    private const int AtOnce = 4;

    private readonly ConcurrentDictionary<long, bool> _running = new();

    /// <exception cref="RequestRefusedException"><c>busy</c>: this process looks at the target already.</exception>
    public async Task<ScimDifferenceView> OfAsync(TargetRow target, CancellationToken cancellation)
    {
        if (!_running.TryAdd(target.Id, true)) throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "busy", null,
            "A dry run of this target is under way; try again when it has ended.");
        try
        {
            return await FindAsync(target, cancellation);
        }
        finally
        {
            _running.TryRemove(target.Id, out _);
        }
    }

    private async Task<ScimDifferenceView> FindAsync(TargetRow target, CancellationToken cancellation)
    {
        var difference = new Draft();
        var access = Access(target, difference);
        var lookup = access is null ? null : new RemoteLookup((method, path, body, cancel) =>
            calls.SendAsync(access, method, path, body, cancel), new RemoteIndexes());
        for (var after = 0L; ;)
        {
            var page = await database.ReadAsync(sql => TargetPeople.PageAsync(sql, target.Id, after, Page), cancellation);
            if (page.Count == 0) break;
            after = page[^1].Seq;
            await AddAsync(difference, target, lookup, [.. page.Select(p => p.Id)], cancellation);
        }

        for (var after = 0L; ;)
        {
            var former = await database.ReadAsync(sql => TargetPeople.FormerAsync(sql, target.Id, after, Page), cancellation);
            if (former.Count == 0) break;
            after = former[^1].Id;
            await AddAsync(difference, target, lookup, [.. former.Select(f => f.Item)], cancellation);
        }

        if (target.Groups == TargetRow.Departments) await AddGroupsAsync(difference, target, cancellation);
        var counts = await database.ReadAsync(sql => ResourceRows.CountAsync(sql, target.Id), cancellation);
        return difference.View(difference.Deactivated > options.LimitOf(counts.Users));
    }

    private TargetAccess? Access(TargetRow target, Draft difference)
    {
        try
        {
            return store.Access(target);
        }
        catch (ScimCallException e)
        {
            difference.Fail(e);
            return null;
        }
    }

    private async Task AddAsync(
        Draft difference, TargetRow target, RemoteLookup? lookup, IReadOnlyList<string> items, CancellationToken cancellation)
    {
        var plans = (await database.ReadAsync(sql => TargetPeople.ReadAsync(sql, database.Dialect, target.Id, items), cancellation))
            .Select(p => PersonPlan.For(p, target.UserName)).ToArray();
        foreach (var plan in plans.Where(p => p.Kind != PlanKind.Make)) difference.Add(plan);
        var making = new List<PersonPlan>();
        foreach (var plan in plans.Where(p => p.Kind == PlanKind.Make))
        {
            var holder = difference.Names.GetValueOrDefault(plan.UserName!) ?? await database.ReadAsync(sql =>
                ResourceRows.HolderAsync(sql, target.Id, plan.UserName!, plan.Of.Item), cancellation);
            if (holder is not null)
            {
                difference.Add(PersonPlan.Without(plan.Of, "duplicate", holder));
                continue;
            }

            difference.Names[plan.UserName!] = plan.Of.Item;
            making.Add(plan);
        }

        await Parallel.ForEachAsync(making, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (plan, cancel) => difference.Add(plan, await LookUpAsync(difference, lookup, plan, target.UserName, cancel)));
    }

    private static async Task<RemoteMatch> LookUpAsync(
        Draft difference, RemoteLookup? lookup, PersonPlan plan, string field, CancellationToken cancellation)
    {
        if (lookup is null || !difference.MayLookUp(MostLookUps)) return RemoteMatch.None;
        try
        {
            return plan.MayTake(await lookup.FindAsync(
                "/Users", plan.Of.Ours, PushedAttributes.UserName, plan.UserName!, cancellation), field);
        }
        catch (ScimCallException e)
        {
            difference.Fail(e);
            return RemoteMatch.None;
        }
    }

    private async Task AddGroupsAsync(Draft difference, TargetRow target, CancellationToken cancellation)
    {
        for (var after = 0L; ;)
        {
            var page = await database.ReadAsync(async sql =>
            {
                var numbers = await GroupRows.PageAsync(sql, target.Id, after, Page);
                var groups = new List<PushedGroup>();
                foreach (var number in numbers)
                {
                    if (await GroupRows.FindAsync(sql, number) is { } group) groups.Add(group);
                }

                return (Groups: groups, Rows: await ResourceRows.FindAsync(sql, database.Dialect, target.Id, ResourceKinds.Group,
                    groups.Select(g => g.Item)));
            }, cancellation);
            if (page.Groups.Count == 0) return;
            after = page.Groups[^1].Number;
            foreach (var group in page.Groups.Where(g => !g.IsGone)) difference.Add(group, page.Rows.GetValueOrDefault(group.Item));
            // A group without a name is not pushed; one whose department is no more is emptied.
            foreach (var group in page.Groups.Where(g => g.IsGone || g.Name is not null))
                await AddMembersAsync(difference, target, group, page.Rows.GetValueOrDefault(group.Item)?.Name, cancellation);
        }
    }

    /// <summary>Who would join and leave a group, by whom the gateway itself has brought into it.</summary>
    /// <param name="former">What the group is called there.</param>
    private async Task AddMembersAsync(
        Draft difference, TargetRow target, PushedGroup group, string? former, CancellationToken cancellation)
    {
        var (joining, leaving) = await database.ReadAsync(async sql => (await GroupRows.WouldJoinAsync(sql, target.Id, group),
            await GroupRows.WouldLeaveAsync(sql, target.Id, group)), cancellation);
        // Who has no account there joins when the sync gives them one.
        string[] coming = [.. joining.Where(j => j.HasAccount || difference.Coming.Contains(j.Person)).Select(j => j.Person)];
        var shown = leaving.Concat(coming).Distinct(StringComparer.Ordinal).Take(difference.Room).ToArray();
        var names = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var some in shown.Chunk(Page))
        {
            var people = await database.ReadAsync(sql => TargetPeople.ReadAsync(sql, database.Dialect, target.Id, some), cancellation);
            foreach (var person in people) names[person.Item] = person.Person?.DisplayName;
        }

        difference.Add("leave", leaving, names, group.Name ?? former);
        difference.Add("join", coming, names, group.Name ?? former);
    }

    /// <summary>The difference while it is found.</summary>
    private sealed class Draft
    {
        private readonly Lock _gate = new();
        private readonly List<ScimDifferenceItem> _items = [];
        private long _created;
        private long _adopted;
        private long _changed;
        private long _leftOut;
        private long _unchanged;
        private long _groups;
        private long _joining;
        private long _leaving;
        private int _lookUps;
        private bool _isCut;
        private LocalText? _problem;

        public long Deactivated { get; private set; }

        public Dictionary<string, string> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

        /// <summary>Who would get an account, or be known to have one.</summary>
        public HashSet<string> Coming { get; } = new(StringComparer.Ordinal);

        /// <summary>So many more can be named.</summary>
        public int Room => MostItems - _items.Count;

        /// <summary>Nothing more is asked once the target has failed, or was asked often enough.</summary>
        public bool MayLookUp(int most)
        {
            lock (_gate)
            {
                if (_problem is null && ++_lookUps <= most) return true;
                _isCut = true;
                return false;
            }
        }

        public void Fail(ScimCallException e)
        {
            lock (_gate) (_problem, _isCut) = (_problem ?? TargetSentences.Whole(e.Reason, e.Status, e.Detail), true);
        }

        public void Add(PersonPlan plan, RemoteMatch? match = null)
        {
            lock (_gate)
            {
                switch (plan.Kind)
                {
                    case PlanKind.Nothing:
                        if (plan.Of.Row.RemoteId is not null) _unchanged++;
                        return;
                    case PlanKind.Make when match is { Trouble: { } trouble }:
                        _leftOut++;
                        Put(plan, "leave_out", [], trouble);
                        return;
                    case PlanKind.Make when match is { Resource: { } resource }:
                        _adopted++;
                        Coming.Add(plan.Of.Item);
                        Put(plan, "adopt", ScimBodies.Differences(plan.Wanted!, resource), null);
                        return;
                    case PlanKind.Make:
                        _created++;
                        Coming.Add(plan.Of.Item);
                        Put(plan, "create", [], null);
                        return;
                    case PlanKind.Change:
                        _changed++;
                        Put(plan, "change", plan.Paths, null);
                        return;
                    case PlanKind.Deactivate:
                        Deactivated++;
                        Put(plan, "deactivate", [], null);
                        return;
                    default:
                        _leftOut++;
                        Put(plan, "leave_out", [], plan.Why);
                        return;
                }
            }
        }

        public void Add(PushedGroup group, ResourceRow? row)
        {
            if (group.Name is null || (row?.RemoteId is not null && row.Name == group.Name)) return;
            _groups++;
            if (_items.Count < MostItems) _items.Add(new(ResourceKinds.Group, group.Item, group.Name, null,
                row?.RemoteId is null ? "create" : "change", row?.RemoteId is null ? [] : [PushedAttributes.DisplayName], null, null,
                    null));
        }

        public void Add(string action, IReadOnlyCollection<string> people, Dictionary<string, string?> names, string? group)
        {
            if (action == "join") _joining += people.Count;
            else _leaving += people.Count;
            foreach (var person in people.Take(Room))
                _items.Add(new("member", person, names.GetValueOrDefault(person), null, action, [], null, null, null, group));
        }

        public ScimDifferenceView View(bool asks) => new()
        {
            Created = _created, Adopted = _adopted, Changed = _changed, Deactivated = Deactivated, Asks = asks, LeftOut = _leftOut,
            Unchanged = _unchanged, GroupsChanged = _groups, MembersJoining = _joining, MembersLeaving = _leaving,
            LookedUp = !_isCut, Items = _items, Problem = _problem?.English, ProblemZh = _problem?.Chinese,
        };

        private void Put(PersonPlan plan, string action, IReadOnlyList<string> fields, PushFailure? why)
        {
            if (_items.Count >= MostItems) return;
            var sentence = why is null ? null : TargetSentences.Of(why);
            _items.Add(new(ResourceKinds.User, plan.Of.Item, plan.Of.Person?.DisplayName, plan.UserName ?? plan.Of.Row.Name, action, fields,
                why?.Reason, sentence?.English, sentence?.Chinese));
        }
    }
}
