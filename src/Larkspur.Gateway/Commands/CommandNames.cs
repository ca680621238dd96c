namespace Larkspur.Gateway.Commands;

/// <summary>What commands may be called.</summary>
internal static class CommandNames
{
    public const int Longest = 32;
    public const int MostAliases = 10;
    public const int LongestDescription = 200;

    /// <summary>Words of routes are longer, and anything but a blank.</summary>
    private const int LongestOwn = 40;

    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= Longest } && name.All(c => char.IsLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Words behind a slash that read as a command; a path, a number or a comment in code is none.</summary>
    public static bool IsMeant(string name) => IsName(name) && char.IsLetter(name[0]);

    /// <summary>What is wrong with a command that somebody else brings.</summary>
    public static IEnumerable<string> Problems(BotCommand command)
    {
        var which = $"The command \"{Shown(command.Name)}\" of {command.Origin}";
        foreach (var name in command.Names.Where(n => !IsName(n) && !IsOwn(command, n)))
            yield return $"{which}: \"{Shown(name)}\" is no name; it has 1 to {Longest} letters, digits, - and _, without slash.";
        if (command.Aliases.Count > MostAliases) yield return $"{which} has {command.Aliases.Count} other names; at most {MostAliases}.";
        if (command.Description is not { Chinese.Length: > 0 and <= LongestDescription, English.Length: > 0 and <= LongestDescription })
            yield return $"{which} needs a description of 1 to {LongestDescription} characters in Chinese and in English.";
    }

    /// <summary>As it may be said: nobody's markup, nor a page of it.</summary>
    public static string Shown(string name) => new(name.Where(c => char.IsLetterOrDigit(c) || c is '-' or '_').Take(LongestOwn).ToArray());

    /// <summary>The question mark is a name of <c>/help</c>, and a route's word is judged where the route is.</summary>
    private static bool IsOwn(BotCommand command, string name) =>
        command.Origin == BotCommand.OwnOrigin && name.Length is > 0 and <= LongestOwn && !name.Any(char.IsWhiteSpace);
}
