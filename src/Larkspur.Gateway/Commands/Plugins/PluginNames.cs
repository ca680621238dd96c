namespace Larkspur.Gateway.Commands.Plugins;

/// <summary>What plug-ins may be called.</summary>
internal static class PluginNames
{
    public const string Rule = "1 to 32 lower-case letters, digits and -";

    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= 32 } && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}
