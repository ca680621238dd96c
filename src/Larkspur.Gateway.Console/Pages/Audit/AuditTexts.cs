using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Console.Pages.Audit;

/// <summary>What the audit log says.</summary>
internal static partial class AuditTexts
{
    /// <summary>A action's word for people; a word of another room is shown as it is.</summary>
    public static LocalText Of(string what) => FindAction(what) ?? LocalText.From(what);
}
