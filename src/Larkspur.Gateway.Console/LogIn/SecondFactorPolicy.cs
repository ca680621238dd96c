using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Console.LogIn;

/// <summary>Who has to have a second factor: a setting of run time.</summary>
internal static class SecondFactorPolicy
{
    public const string Setting = "console.require_second_factor";

    private const string Off = "off";
    private const string Admins = "admins";
    private const string All = "all";

    public static SettingDefinition Definition { get; } = new(Setting, SettingKind.Choice)
    {
        Variable = "LARKSPUR_REQUIRE_SECOND_FACTOR", Default = Off, Choices = [Off, Admins, All],
        Title = ProofTexts.RequireSecondFactor,
        Help = ProofTexts.RequireSecondFactorHelp,
    };

    /// <summary>Whether accounts of a role have to have one.</summary>
    public static bool Requires(ISettings settings, Role role) => settings.Now[Setting].Text switch
    {
        All => true,
        Admins => role == Role.Admin,
        _ => false,
    };
}
