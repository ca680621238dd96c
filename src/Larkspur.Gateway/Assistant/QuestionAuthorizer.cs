using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Departments;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.Permissions;

namespace Larkspur.Gateway.Assistant;

/// <summary>Whether somebody may ask now. A message and a button are asked alike, and refused in the same words.</summary>
internal sealed class QuestionAuthorizer(IPermissions permissions, TimeProvider clock)
{
    /// <summary>Why they may not; null: they may.</summary>
    /// <param name="route">What they would ask: its feature counts.</param>
    /// <param name="person">Who.</param>
    /// <param name="account">As the platform told of them.</param>
    /// <param name="departments">Theirs, with those above.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async ValueTask<QuestionRefusal?> RefusalAsync(AssistantRoute route, KnownPerson person, PlatformAccount account, KnownDepartments departments, CancellationToken cancellation)
    {
        var permission = await permissions.CheckAsync(route.Feature, person, PermissionContext.Of(account, departments, clock.GetUtcNow()), cancellation);
        return permission.IsAllowed ? null : new QuestionRefusal(permission.Reason ?? PermissionReasons.NotGranted, permission.Reason switch
        {
            PermissionReasons.OutsideHours => AssistantTexts.RefusedHours,
            PermissionReasons.DepartmentsUnknown => AssistantTexts.RefusedUnknown,
            _ => AssistantTexts.Refused,
        });
    }
}

/// <summary>Why somebody may not ask.</summary>
/// <param name="Reason">A word of <see cref="PermissionReasons"/>, or <c>no_route</c>.</param>
/// <param name="Text">Key of the words that they are told.</param>
internal sealed record QuestionRefusal(string Reason, LocalText Text);
