using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>Who may, or may not, use a feature, and when.</summary>
internal sealed record PermissionRule
{
    /// <summary>The feature of a rule for all of them.</summary>
    public const string AnyFeature = "*";

    public required string Name { get; init; }

    /// <summary>A feature's name, or <see cref="AnyFeature"/>.</summary>
    public required string Feature { get; init; }

    /// <summary>True: it forbids, whatever others permit. False: it permits, and whom no rule permits it to may not any more.</summary>
    public required bool Denies { get; init; }

    public required RuleCircle Who { get; init; }

    /// <summary>Null: always.</summary>
    public RuleHours? Hours { get; init; }

    /// <summary>What it is for.</summary>
    public string? Note { get; init; }

    /// <summary>It cannot be read any more, and forbids its feature to everybody.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>Rises with each change of any rule.</summary>
    public long Version { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    public string ChangedBy { get; init; } = "";
}

/// <summary>Whom a rule is about: everybody, or who is in one of the lists.</summary>
/// <param name="Everybody">Then the lists are empty.</param>
/// <param name="People">Ids of people, and mail addresses of the platforms' directories in lower case.</param>
/// <param name="Departments">Ids as the platform writes them; <c>dingtalk:2</c> is the one of that platform alone.</param>
/// <param name="Roles">Roles of the gateway. A platform's count for nothing: its administrators would decide here.</param>
/// <param name="Platforms">Whoever writes there.</param>
internal sealed record RuleCircle(bool Everybody, IReadOnlySet<string> People, IReadOnlySet<string> Departments, IReadOnlySet<string> Roles, IReadOnlySet<string> Platforms)
{
    /// <summary>Whether somebody is in it.</summary>
    /// <param name="person">Who.</param>
    /// <param name="context">Where they write.</param>
    /// <param name="roles">The gateway's roles: ids of people by role.</param>
    public bool Includes(KnownPerson person, PermissionContext context, IReadOnlyDictionary<string, IReadOnlySet<string>> roles) => Everybody
        || Platforms.Contains(context.Platform)
        || HasPerson(People, person)
        || (People.Count > 0 && person.Ids.Any(i => i.Platform == PlatformIdentity.Email && People.Contains(i.Compared)))
        || (Departments.Count > 0 && context.Departments is { } departments && departments.Any(d => Departments.Contains(d) || Departments.Contains($"{context.Platform}:{d}")))
        || Roles.Any(role => roles.TryGetValue(role, out var members) && HasPerson(members, person));

    /// <summary>It names departments of this platform, and nobody knows whether the person is in one of them.</summary>
    public bool MayInclude(PermissionContext context) => (context.Departments is null || !context.AreDepartmentsAll)
        && Departments.Any(d => d.IndexOf(':', StringComparison.Ordinal) is var colon && (colon < 0 || d.AsSpan(0, colon).SequenceEqual(context.Platform)));

    /// <summary>Also by an id that they had before they were merged.</summary>
    private static bool HasPerson(IReadOnlySet<string> ids, KnownPerson person) => ids.Count > 0 && (ids.Contains(person.Id) || person.FormerIds.Any(ids.Contains));
}
