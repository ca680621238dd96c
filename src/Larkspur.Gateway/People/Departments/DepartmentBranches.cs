using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.Permissions;

namespace Larkspur.Gateway.People.Departments;

/// <summary>In which departments somebody is, with those above: a rule on a division holds for its teams.</summary>
/// <remarks>
/// The platforms are asked only where somebody's rule names departments, and once an hour for each department. What cannot be read is unknown, and never "in no other department".
/// </remarks>
internal sealed partial class DepartmentBranches(IEnumerable<IDepartmentTree> trees, PermissionStore book, TimeProvider clock,
    ILogger<DepartmentBranches> logger)
{
    /// <summary>Of one person; no platform allows more.</summary>
    private const int MostOwn = 50;

    private readonly Dictionary<string, IDepartmentTree> _trees = trees.ToDictionary(t => t.Platform, StringComparer.Ordinal);

    private readonly DirectoryMemory<(string Platform, string App, string Department), DepartmentsAbove> _above = new(clock)
    {
        Unknown = DepartmentsAbove.Unknown,
        IsWhole = static above => above.AreAll,
        KeepUnknown = TimeSpan.FromMinutes(1),
        IsAway = static e => e is PlatformApiException or PlatformNetworkException or ChannelException,
        Refused = (key, e) => BranchRefused(logger, key.Department, e.Message),
        Silent = (key, e) => DirectorySilent(logger, key.Department, e.Message),
    };

    /// <summary>Somebody's departments.</summary>
    /// <param name="who">As the platform told of them.</param>
    /// <param name="isWanted">Also where no rule of permissions names a department.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async ValueTask<KnownDepartments> OfAsync(PlatformAccount who, bool isWanted, CancellationToken cancellation)
    {
        if (who.Departments is not { } own || !(isWanted || book.Now.NamesDepartments)) return new KnownDepartments(who.Departments, false);
        if (!_trees.TryGetValue(who.Platform, out var tree)) return new KnownDepartments(own, false);
        var branches = await _above.FindAsync(own.Take(MostOwn).Select(department => (who.Platform, who.App, department)), (key, limit) => tree.ReadAsync(key.App, key.Department, limit), cancellation);
        return new KnownDepartments([.. own.Concat(branches.SelectMany(b => b.Ids)).Distinct(StringComparer.Ordinal)], own.Count <= MostOwn && branches.All(b => b.AreAll));
    }

    [LoggerMessage(LogLevel.Warning, "Which departments are above {Department} is not to be had: {Reason}")]
    private static partial void BranchRefused(ILogger logger, string department, string reason);
    [LoggerMessage(LogLevel.Warning, "The directory did not say which departments are above {Department}: {Reason}")]
    private static partial void DirectorySilent(ILogger logger, string department, string reason);
}
