using Microsoft.Extensions.Configuration.CommandLine;

namespace Larkspur.Gateway;

/// <summary>Refuses secrets as arguments: every user of the machine sees them in the list of processes, and the shell keeps them in its
/// history.</summary>
internal static class CommandLineSecrets
{
    /// <exception cref="SettingsException">An argument is a secret. It is named, not repeated.</exception>
    public static void Refuse(string[] args)
    {
        var given = new CommandLineConfigurationProvider(args);
        given.Load();
        var problems = Keys(given, null)
            .Where(key => SecretNames.Has(key) && given.TryGet(key, out var value) && IsSecret(key, value))
            .Select(key => $"--{key}: a secret does not belong on the command line, where every user of this machine can read it. "
                + $"Set it in the environment, or let --{key}{SecretNames.FileSuffix} name a file that has it")
            .ToArray();
        if (problems.Length > 0) throw new SettingsException(problems);
    }

    /// <summary>A file's path may be told to anybody; the address of a server holds a password.</summary>
    private static bool IsSecret(string key, string? value) => !string.IsNullOrEmpty(value)
        && !(key.Equals("LARKSPUR_DB", StringComparison.OrdinalIgnoreCase)
            && value.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<string> Keys(CommandLineConfigurationProvider given, string? parent)
    {
        foreach (var child in given.GetChildKeys([], parent).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            var key = parent is null ? child : ConfigurationPath.Combine(parent, child);
            yield return key;
            foreach (var below in Keys(given, key)) yield return below;
        }
    }
}
