using System.Text.RegularExpressions;

namespace Larkspur.Gateway.People.SignIn.Providers;

/// <summary>Names of identity providers: each is a step of the address <c>/sign-in/{name}</c>.</summary>
internal static partial class ProviderNames
{
    /// <summary>What a name may look like, for refusals.</summary>
    public const string Rule = "A name has lower-case letters, digits, '-' and '_', begins with a letter or digit, and has at most 40 "
        + "characters. It does not begin with feishu, wecom or dingtalk, which their own apps have, and is no step that the page uses "
        + "itself, such as assets or sign-out.";

    /// <summary>The platforms' own methods are called after them.</summary>
    private static readonly string[] Platforms = ["feishu", "wecom", "dingtalk"];

    /// <summary>Steps of the page, those that it has and those that people would take for one.</summary>
    private static readonly HashSet<string> Steps = new(StringComparer.Ordinal)
    {
        "assets", "sign-out", "sign-in", "signed-out", "logout", "login", "callback", "error", "again", "session", "sessions", "account",
        "consent", "local", "link", "api", "console",
    };

    public static bool IsName(string name) => Name().IsMatch(name) && !Steps.Contains(name)
        && !Platforms.Any(platform => name.StartsWith(platform, StringComparison.Ordinal));

    [GeneratedRegex("^[a-z0-9][a-z0-9_-]{0,39}\\z")]
    private static partial Regex Name();
}
