using System.Collections.Concurrent;
using Larkspur.Gateway.Channels;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.Permissions;

namespace Larkspur.Gateway.People.Departments;

/// <summary>In which departments somebody is, with those above: a rule on a division holds for its teams.</summary>
/// <remarks>
/// The platforms are asked only where somebody's rule names departments, and once an hour for each department. What cannot be read is unknown, and never "in no other department".
/// </remarks>
internal sealed class DepartmentBranches(IEnumerable<IDepartmentTree> trees, PermissionBook book, TimeProvider clock, ILogger<DepartmentBranches> logger)
{
    private const int MaxKept = 10_000;

    /// <summary>Of one person; no platform allows more.</summary>
    private const int MostOwn = 50;

    private static readonly TimeSpan Keep = TimeSpan.FromHours(1);
    private static readonly TimeSpan KeepUnknown = TimeSpan.FromMinutes(1);
    /// <summary>A directory that is away is asked again soon, and not with every message: each would wait.</summary>
    private static readonly TimeSpan SoonAgain = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    /// <summary>How long what was read once counts while the platform does not answer.</summary>
    private static readonly TimeSpan KeepInNeed = TimeSpan.FromHours(24);

    private readonly Dictionary<string, IDepartmentTree> _trees = trees.ToDictionary(t => t.Platform, StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Platform, string App, string Department), Known> _known = new();

    /// <summary>Somebody's departments.</summary>
    /// <param name="who">As the platform told of them.</param>
    /// <param name="isWanted">Also where no rule of permissions names a department.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async ValueTask<KnownDepartments> OfAsync(PlatformAccount who, bool isWanted, CancellationToken cancellation)
    {
        if (who.Departments is not { } own || !(isWanted || book.Now.NamesDepartments)) return new KnownDepartments(who.Departments, false);
        if (!_trees.TryGetValue(who.Platform, out var tree)) return new KnownDepartments(own, false);
        var (all, areAll) = (new HashSet<string>(own, StringComparer.Ordinal), own.Count <= MostOwn);
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        foreach (var department in own.Take(MostOwn))
        {
            var above = await AboveAsync(tree, who.App, department, both.Token, cancellation);
            all.UnionWith(above.Ids);
            areAll &= above.AreAll;
        }

        return new KnownDepartments([.. all], areAll);
    }

    private async ValueTask<DepartmentsAbove> AboveAsync(IDepartmentTree tree, string app, string department, CancellationToken patience, CancellationToken cancellation)
    {
        var key = (tree.Platform, app, department);
        var now = clock.GetUtcNow();
        var known = _known.GetValueOrDefault(key);
        if (known is not null && known.Until > now) return known.Above;
        try
        {
            var above = await tree.ReadAsync(app, department, patience);
            return Remember(key, new Known(above, now, now + (above.AreAll ? Keep : KeepUnknown)));
        }
        catch (PlatformApiException e) when (!e.IsTransient)
        {
            logger.LogWarning("Which departments are above {Department} is not to be had: {Reason}", department, e.Message);
            return Remember(key, new Known(DepartmentsAbove.Unknown, now, now + KeepUnknown));
        }
        catch (Exception e) when (e is PlatformApiException or PlatformNetworkException or ChannelException || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            logger.LogWarning("The directory did not say which departments are above {Department}: {Reason}", department, e.Message);
            return Remember(key, known is not null && known.ReadAt + KeepInNeed > now ? known with { Until = now + SoonAgain } : new Known(DepartmentsAbove.Unknown, now, now + SoonAgain));
        }
    }

    private DepartmentsAbove Remember((string, string, string) key, Known known)
    {
        if (_known.Count >= MaxKept) _known.Clear();
        _known[key] = known;
        return known.Above;
    }

    private sealed record Known(DepartmentsAbove Above, DateTimeOffset ReadAt, DateTimeOffset Until);
}
