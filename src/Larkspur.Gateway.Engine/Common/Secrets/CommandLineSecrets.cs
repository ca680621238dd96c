using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Common.Secrets;

/// <summary>Refuses secrets as arguments: every user of the machine sees them in the list of processes, and the shell keeps them in its
/// history.</summary>
public static partial class CommandLineSecrets
{
    /// <summary>
    /// Looks at every argument, however a setting is written (<c>--NAME value</c>, <c>/NAME=value</c>, <c>-NAME</c>, <c>NAME=value</c>),
    /// also where it would be taken for another one's value: what is not refused here may be repeated by whoever does not understand it.
    /// </summary>
    /// <param name="args">The command line, without the command's own words.</param>
    /// <exception cref="SettingsException">An argument is a secret. It is named, not repeated.</exception>
    public static void Refuse(string[] args)
    {
        ArgumentNullException.ThrowIfNull(args);
        var problems = args.Select((arg, i) => SecretOf(arg, args.ElementAtOrDefault(i + 1))).OfType<string>()
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Select(key => $"--{key}: a secret does not belong on the command line, where every user of this machine can read it. "
                + $"Set it in the environment, or let --{key}{SecretNames.FileSuffix} name a file that has it")
            .ToArray();
        if (problems.Length > 0) throw new SettingsException(problems);
    }

    /// <summary>The name of the secret that an argument sets; null: it sets none.</summary>
    private static string? SecretOf(string arg, string? next)
    {
        var match = Setting().Match(arg);
        var key = match.Groups["name"].Value;
        if (!SecretNames.Has(key)) return null;
        var assigned = match.Groups["value"];
        // Without a sign before it and a value behind it, it is a word: another one's value.
        if (!assigned.Success && match.Groups["sign"].Length == 0) return null;
        return IsSecret(key, assigned.Success ? assigned.Value : next) ? key : null;
    }

    /// <summary>A file's path may be told to anybody; the address of a server holds a password.</summary>
    private static bool IsSecret(string key, string? value) => !string.IsNullOrEmpty(value)
        && !(key.Equals("LARKSPUR_DB", StringComparison.OrdinalIgnoreCase)
            && value.StartsWith("sqlite:", StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("^(?<sign>[-/]*)(?<name>[^=]*)(=(?<value>.*))?\\z", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Setting();
}
