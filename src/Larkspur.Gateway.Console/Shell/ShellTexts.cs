using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Console.Accounts;

namespace Larkspur.Gateway.Console.Shell;

/// <summary>Words that several pages use.</summary>
internal static partial class ShellTexts
{
    public static LocalText Of(Role role) => role switch
    {
        Role.Admin => Admin,
        Role.Operator => Operator,
        _ => AuditorReadOnly,
    };
}
