using System.Collections.Frozen;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>All rules and roles at one moment.</summary>
internal sealed class PermissionState
{
    public static readonly PermissionState Empty = new(0, [], []);

    private readonly FrozenDictionary<string, PermissionRule[]> _of;
    private readonly PermissionRule[] _ofAny;

    public PermissionState(long version, IEnumerable<PermissionRule> rules, IEnumerable<PermissionRole> roles)
    {
        Version = version;
        Rules = [.. rules.OrderBy(r => r.Name, StringComparer.Ordinal)];
        Roles = [.. roles.OrderBy(r => r.Name, StringComparer.Ordinal)];
        Members = Roles.ToFrozenDictionary(r => r.Name, r => r.People, StringComparer.Ordinal);
        NamesDepartments = Rules.Any(r => r.Who.Departments.Count > 0);
        _ofAny = [.. Rules.Where(r => r.Feature == PermissionRule.AnyFeature)];
        _of = Rules.Where(r => r.Feature != PermissionRule.AnyFeature).GroupBy(r => r.Feature, StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => (PermissionRule[])[.. g, .. _ofAny], StringComparer.Ordinal);
    }

    /// <summary>Higher after each change.</summary>
    public long Version { get; }

    /// <summary>By name.</summary>
    public IReadOnlyList<PermissionRule> Rules { get; }

    /// <summary>By name.</summary>
    public IReadOnlyList<PermissionRole> Roles { get; }

    /// <summary>Ids of people by role.</summary>
    public IReadOnlyDictionary<string, IReadOnlySet<string>> Members { get; }

    /// <summary>Some rule is about departments.</summary>
    public bool NamesDepartments { get; }

    /// <summary>Rules that speak of a feature.</summary>
    public IReadOnlyList<PermissionRule> Of(string feature) => _of.TryGetValue(feature, out var rules) ? rules : _ofAny;
}

/// <summary>People under one name.</summary>
/// <param name="Name">Its name.</param>
/// <param name="People">Their ids.</param>
/// <param name="Version">Rises with each change of any rule or role.</param>
/// <param name="ChangedAt">When it was changed.</param>
/// <param name="ChangedBy">By whom.</param>
internal sealed record PermissionRole(string Name, IReadOnlySet<string> People, long Version, DateTimeOffset ChangedAt, string ChangedBy);
