using System.CommandLine;

namespace Larkspur.Cli.Output;

/// <summary>How a verb is written, on one line.</summary>
internal static class UsageLine
{
    /// <summary><c>larkspur payments show NUMBER [options]</c>; of a noun its verbs.</summary>
    public static string Of(Command command)
    {
        List<string> words = [Path(command)];
        var verbs = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).ToList();
        if (verbs.Count > 0 && command.Action is null) words.Add(command is RootCommand ? "VERB" : string.Join('|', verbs));
        words.AddRange(command.Options.Where(o => o.Required).Select(o => $"{o.Name} {Value(o.Name[2..])}"));
        words.AddRange(command.Arguments.Select(Written));
        if (command.Options.Any(o => !o.Required && !o.Hidden)) words.Add("[options]");
        return string.Join(' ', words);
    }

    /// <summary><c>larkspur payments show</c>.</summary>
    public static string Path(Command command) =>
        command is RootCommand ? "larkspur" : $"{Path(command.Parents.OfType<Command>().First())} {command.Name}";

    private static string Written(Argument argument)
    {
        var name = Value(argument.Name) + (argument.Arity.MaximumNumberOfValues > 1 ? "…" : "");
        return argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name;
    }

    private static string Value(string name) => name.ToUpperInvariant();
}
