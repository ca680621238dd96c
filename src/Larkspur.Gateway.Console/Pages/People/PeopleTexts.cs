using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.Permissions;

namespace Larkspur.Gateway.Console.Pages.People;

/// <summary>What the pages about people say.</summary>
internal static partial class PeopleTexts
{
    /// <summary>Why something is not permitted.</summary>
    public static LocalText Of(string reason) => reason switch
    {
        PermissionReasons.DeniedByRule => DeniedByRule,
        PermissionReasons.OutsideHours => OutsideHours,
        PermissionReasons.NotGranted => NotGranted,
        PermissionReasons.DepartmentsUnknown => DepartmentsUnknown,
        PermissionReasons.Disabled => DisabledPerson,
        _ => LocalText.From(reason),
    };

    /// <summary>By which proof two became one.</summary>
    public static LocalText OfJoin(string how) => how switch
    {
        PersonJoining.ByAdministrator => JoinByAdministrator,
        PersonJoining.ByEmail => JoinByEmail,
        PersonJoining.ByCode => JoinByCode,
        _ => LocalText.From(how),
    };
}
