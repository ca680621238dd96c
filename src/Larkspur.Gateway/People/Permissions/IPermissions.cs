using Larkspur.Gateway.People.Departments;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.People.Permissions;

/// <summary>Who may use what.</summary>
internal interface IPermissions
{
    /// <summary>Whether a person may use a feature at this moment. From memory: rules that were changed in another process count here a moment later.</summary>
    /// <param name="feature">Its name, like <c>assistant</c>.</param>
    /// <param name="person">Who asks.</param>
    /// <param name="context">Where, and what the platform tells of them.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    ValueTask<Permission> CheckAsync(string feature, KnownPerson person, PermissionContext context, CancellationToken cancellation);
}

/// <summary>The answer.</summary>
/// <param name="IsAllowed">Whether.</param>
/// <param name="Rule">The rule that decided; null: none did.</param>
/// <param name="Reason">Why not, in a word of <see cref="PermissionReasons"/>; null: it is allowed.</param>
internal readonly record struct Permission(bool IsAllowed, string? Rule, string? Reason);

/// <summary>Where somebody asks, and what the platform tells of them.</summary>
/// <param name="Platform"><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>, <c>web</c>.</param>
/// <param name="App">The app that they write to.</param>
/// <param name="Departments">Ids of their departments with those above, as the platform writes them; null: unknown. A rule that forbids by department then forbids: who is not known to be outside of it may be in it.</param>
/// <param name="At">When.</param>
internal sealed record PermissionContext(string Platform, string App, IReadOnlyList<string>? Departments, DateTimeOffset At)
{
    /// <summary>False: they may be in others too, which the app cannot see. A rule that forbids by one of those forbids.</summary>
    public bool AreDepartmentsAll { get; init; } = true;

    /// <summary>Where and as whom somebody wrote.</summary>
    public static PermissionContext Of(PlatformAccount who, KnownDepartments departments, DateTimeOffset at) => new(who.Platform, who.App, departments.Ids, at) { AreDepartmentsAll = departments.AreAll };
}

/// <summary>Why something is not permitted.</summary>
internal static class PermissionReasons
{
    /// <summary>A rule forbids it.</summary>
    public const string DeniedByRule = "denied_by_rule";

    /// <summary>A rule permits it, at other hours.</summary>
    public const string OutsideHours = "outside_hours";

    /// <summary>No rule permits it.</summary>
    public const string NotGranted = "not_granted";

    /// <summary>A rule forbids it to departments, and those of the person are not, or not all, known.</summary>
    public const string DepartmentsUnknown = "departments_unknown";

    /// <summary>The person is shut out.</summary>
    public const string Disabled = "disabled";
}
