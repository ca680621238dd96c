using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.People.Permissions;

/// <inheritdoc cref="IPermissions"/>
/// <remarks>What forbids wins, however many permit. A rule that permits takes the feature from everybody else; rules that forbid leave the others as they were.</remarks>
internal sealed class PermissionCheck(PermissionStore book, PeopleOptions options, Installation settings) : IPermissions
{
    public ValueTask<Permission> CheckAsync(string feature, KnownPerson person, PermissionContext context, CancellationToken cancellation) => new(Check(book.Now, feature, person, context));

    private Permission Check(PermissionState state, string feature, KnownPerson person, PermissionContext context)
    {
        if (person.IsDisabled) return new Permission(false, null, PermissionReasons.Disabled);
        string? allowing = null, closed = null;
        var isGranted = false;
        foreach (var rule in state.Of(feature))
        {
            isGranted |= !rule.Denies;
            var isOpen = rule.Hours?.Contain(context.At, settings.TimeZone) ?? true;
            if (!rule.Who.Includes(person, context, state.Members))
            {
                if (rule.Denies && isOpen && rule.Who.MayInclude(context)) return new Permission(false, rule.Name, PermissionReasons.DepartmentsUnknown);
                continue;
            }

            if (rule.Denies && isOpen) return new Permission(false, rule.Name, PermissionReasons.DeniedByRule);
            if (rule.Denies) continue;
            if (isOpen) allowing ??= rule.Name;
            else closed ??= rule.Name;
        }

        if (allowing is not null) return new Permission(true, allowing, null);
        if (closed is not null) return new Permission(false, closed, PermissionReasons.OutsideHours);
        return !isGranted && options.DefaultPermission == DefaultPermission.Allow ? new Permission(true, null, null) : new Permission(false, null, PermissionReasons.NotGranted);
    }
}
