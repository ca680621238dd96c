using System.Text.Json.Serialization;

namespace Larkspur.Gateway.People.Permissions;

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

/// <summary>Whether somebody may.</summary>
/// <param name="Allowed">Whether.</param>
/// <param name="Rule">The rule that decided; absent: none did.</param>
/// <param name="Reason"><c>denied_by_rule</c>, <c>outside_hours</c>, <c>not_granted</c>, <c>departments_unknown</c>, <c>disabled</c>; absent: it is allowed.</param>
internal sealed record PermissionView(bool Allowed, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Rule,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason);
