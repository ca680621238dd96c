using Larkspur.Gateway.Console.Accounts;
using Larkspur.Gateway.Console.LogIn;

namespace Larkspur.Gateway.Console;

/// <summary>What the environment says about the console. Not a record: its text must not show the password.</summary>
internal sealed class ConsoleSettings
{
    /// <summary>Of the first account; null: the first-run wizard asks for one.</summary>
    public string? AdminPassword { get; private init; }

    /// <exception cref="SettingsException">The password is too weak.</exception>
    public static ConsoleSettings Read(IConfiguration configuration)
    {
        if (configuration["LARKSPUR_ADMIN_PASSWORD"] is not { Length: > 0 } password) return new ConsoleSettings();
        if (AccountRules.ProblemOf(password, FirstAccount.Name) is { } problem) throw new SettingsException([$"LARKSPUR_ADMIN_PASSWORD: {problem.Sentence.English}"]);
        return new ConsoleSettings { AdminPassword = password };
    }
}
