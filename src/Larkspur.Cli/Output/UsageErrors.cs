using System.CommandLine;
using Larkspur.Cli.Calls;

namespace Larkspur.Cli.Output;

/// <summary>A command line that was not understood: what is wrong, what was meant, and the one line of how it is written.</summary>
internal static class UsageErrors
{
    /// <summary>More than these are rather one mistake that has several consequences.</summary>
    private const int Most = 2;

    public static int Say(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        foreach (var sentence in Sentences(parsed, command).Distinct(StringComparer.Ordinal).Take(Most)) Fail.Say(sentence);
        var (line, path) = (UsageLine.Of(command), UsageLine.Path(command));
        Console.Error.WriteLine(Words.Of($"Usage: {line}   ({path} --help has more)", $"用法：{line}   （详见 {path} --help）"));
        return ExitCodes.Usage;
    }

    private static IEnumerable<string> Sentences(ParseResult parsed, Command command)
    {
        // Where a word is none of the command's, what else is wrong follows from that.
        var path = UsageLine.Path(command);
        var verbs = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name).ToList();
        if (parsed.UnmatchedTokens is [var word, ..] && verbs.Count > 0 && !word.StartsWith('-'))
            return [Words.Of($"there is no \"{path} {word}\".", $"没有“{path} {word}”这个命令。") + (Moved(command, word)
                ?? Nearest.Sentence(word, verbs))];

        if (parsed.UnmatchedTokens.FirstOrDefault(t => t.StartsWith('-')) is { } option)
        {
            var name = option.Split('=', ':')[0];
            return [Words.Of($"{path} has no option \"{name}\".", $"{path} 没有“{name}”这个选项。") + Nearest.Sentence(name, Options(command))];
        }

        if (parsed.UnmatchedTokens is [var more, ..]) return [Words.Of($"\"{more}\" is one word too many for {path}.",
            $"{path} 后面多了“{more}”。")];
        if (command.Subcommands.Count > 0
            && command.Action is null) return [Words.Of($"{path} needs to know what to do.", $"请写明 {path} 要做什么。")];
        return parsed.Errors.Select(e => OnOneLine(e.Message));
    }

    /// <summary>What is done to a thing is found under the thing, so a verb said alone may mean one of several.</summary>
    private static string? Moved(Command command, string word)
    {
        if (command is not RootCommand) return null;
        var places = command.Subcommands.Where(noun => noun.Subcommands.Any(verb => verb.Name == word))
            .Select(noun => $"{noun.Name} {word}").ToList();
        return places.Count is > 0 and <= 3
            ? Words.Of($" Did you mean \"{string.Join("\" or \"", places)}\"?", $"您是不是想输入“{string.Join("”或“", places)}”？")
            : null;
    }

    /// <summary>A list of what is taken comes in a line each.</summary>
    private static string OnOneLine(string message)
    {
        var lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (lines.Length < 2) return message.Trim();
        var taken = lines[1..].Select(l => l.Trim('\'')).ToList();
        // The first line quotes what was given.
        var given = lines[0].Split('\'') is [_, var value, ..] ? value : "";
        return $"{lines[0]} {string.Join(", ", taken)}.{Nearest.Sentence(given, taken)}";
    }

    private static IEnumerable<string> Options(Command command)
    {
        var above = command.Parents.OfType<Command>().SelectMany(Above);
        return command.Options.Concat(above).Where(o => !o.Hidden).SelectMany(o => o.Aliases.Prepend(o.Name))
            .Where(n => n.StartsWith("--", StringComparison.Ordinal));
    }

    private static IEnumerable<Option> Above(Command command) =>
        command.Options.Where(o => o.Recursive).Concat(command.Parents.OfType<Command>().SelectMany(Above));
}
