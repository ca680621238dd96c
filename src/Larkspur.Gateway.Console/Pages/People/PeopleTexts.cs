using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Shell;
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

    /// <summary>How somebody stands in the company.</summary>
    public static LocalText OfState(string state) => FindStateWord(state) ?? LocalText.From(state);

    /// <summary>A kind of thing that somebody leaves behind.</summary>
    public static LocalText OfKind(string kind) => FindHandoverKind(kind) ?? LocalText.From(kind);

    /// <summary>How such a thing stands.</summary>
    public static LocalText OfHandover(string state) => FindHandoverState(state) ?? LocalText.From(state);

    /// <summary>Who says what a field has.</summary>
    public static LocalText OfSource(string source) => source == "manual" ? WrittenHere : PlatformTexts.Of(source);

    /// <summary>The colour of how somebody stands.</summary>
    public static string ColourOf(string state) => state switch
    {
        "active" => "good",
        "frozen" => "warn",
        "disabled" => "bad",
        _ => "off",
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
