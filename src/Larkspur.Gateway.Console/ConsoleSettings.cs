using Larkspur.Gateway.Common;
using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;

namespace Larkspur.Gateway.Console;

/// <summary>What the environment says about the console. Not a record: its text must not show the password.</summary>
internal sealed class ConsoleSettings
{
    /// <summary>Of the first account; null: the first-run wizard asks for one.</summary>
    public string? AdminPassword { get; private init; }

    /// <summary>Where the code for the first account is written.</summary>
    public required string SetupCodeFile { get; init; }

    /// <summary>Reads them; a password that is too weak is told in <paramref name="settings"/>.</summary>
    public static ConsoleSettings Read(SettingsReader settings)
    {
        var configuration = settings.Configuration;
        var file = Path.Combine(configuration["LARKSPUR_DATA"] is { Length: > 0 } folder ? folder : "data", "setup-code");
        if (configuration["LARKSPUR_ADMIN_PASSWORD"] is not { Length: > 0 } password) return new ConsoleSettings { SetupCodeFile = file };
        if (AccountRules.ProblemOf(password, FirstAccount.Name) is { } problem)
            settings.Problems.Add($"LARKSPUR_ADMIN_PASSWORD: {problem.Sentence.English}");
        return new ConsoleSettings { AdminPassword = password, SetupCodeFile = file };
    }
}
