using System.Text.Json.Serialization;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>A role that is to be kept.</summary>
/// <param name="People">Up to 1000 ids.</param>
internal sealed record PutPermissionRole(IReadOnlyList<string> People);

/// <summary>People under one name.</summary>
internal sealed record PermissionRoleView
{
    public required string Name { get; init; }

    /// <summary>Their ids.</summary>
    public required IReadOnlyList<string> People { get; init; }

    /// <summary>What <c>If-Match</c> takes.</summary>
    public required long Version { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    public required string ChangedBy { get; init; }

    public static PermissionRoleView Of(PermissionRole role) => new()
    {
        Name = role.Name, People = [.. role.People.Order(StringComparer.Ordinal)], Version = role.Version, ChangedAt = role.ChangedAt, ChangedBy = role.ChangedBy,
    };
}

/// <summary>Roles.</summary>
/// <param name="Items">By name.</param>
/// <param name="Next">The cursor of the next page; absent when there is none.</param>
internal sealed record PermissionRolesView(IReadOnlyList<PermissionRoleView> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Next);

/// <summary>Who would do what, where and when.</summary>
internal sealed record CheckPermission
{
    public required string Feature { get; init; }

    /// <summary>Their id.</summary>
    public required string Person { get; init; }

    /// <summary>Where they write.</summary>
    public required string Platform { get; init; }

    /// <summary>Default: <c>default</c>.</summary>
    public string? App { get; init; }

    /// <summary>Their departments there, with those above.</summary>
    public IReadOnlyList<string>? Departments { get; init; }

    /// <summary>ISO 8601; absent: now.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>Whether somebody may.</summary>
/// <param name="Allowed">Whether.</param>
/// <param name="Rule">The rule that decided; absent: none did.</param>
/// <param name="Reason"><c>denied_by_rule</c>, <c>outside_hours</c>, <c>not_granted</c>, <c>departments_unknown</c>, <c>disabled</c>; absent: it is allowed.</param>
internal sealed record PermissionView(bool Allowed, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Rule,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason);
