using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.Directory.Sync;

namespace Larkspur.Gateway.Console.Pages.Directory;

/// <summary>Words of directories that several pages use. A word that is not known is shown as it is.</summary>
internal static partial class DirectoryWordTexts
{
    /// <summary>The name of a field.</summary>
    public static LocalText OfField(string name) => FindField(name)
        ?? (name.StartsWith(DirectoryFields.Custom, StringComparison.Ordinal)
            ? FindProvisionedField(name[DirectoryFields.Custom.Length..]) ?? CustomField(name[DirectoryFields.Custom.Length..])
            : LocalText.From(name));

    /// <summary>How somebody stands in a directory.</summary>
    public static LocalText OfStatus(string status) => FindStatus(status) ?? LocalText.From(status);

    /// <summary>The colour of that.</summary>
    public static string ColourOfStatus(string status) => status switch
    {
        "active" => "good",
        "frozen" or "hidden" => "warn",
        _ => "off",
    };

    /// <summary>What happened, or would happen.</summary>
    public static LocalText OfKind(string kind, bool would = false) => (would ? FindWould(kind) : FindKind(kind)) ?? LocalText.From(kind);

    /// <summary>The colour of that.</summary>
    public static string ColourOfKind(string kind) => kind switch
    {
        ChangeKinds.Joined or ChangeKinds.Returned or ChangeKinds.DepartmentMade => "good",
        ChangeKinds.Left or ChangeKinds.DepartmentGone => "bad",
        ChangeKinds.Frozen or ChangeKinds.Hidden => "warn",
        _ => "busy",
    };
}
