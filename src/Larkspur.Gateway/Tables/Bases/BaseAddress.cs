using System.Text.RegularExpressions;

namespace Larkspur.Gateway.Tables.Bases;

/// <summary>What an administrator gives to name a base: its token, or its address as the browser shows it. The address is never
/// called: only the token in it counts.</summary>
/// <param name="Token">The base's, or the wiki page's that it stands on.</param>
/// <param name="IsWiki">It is a wiki page's: the wiki says which base that is.</param>
internal sealed partial record BaseAddress(string Token, bool IsWiki)
{
    /// <summary>What it may look like, for refusals.</summary>
    public const string Rule = "Give the base's token, or its address as the browser shows it: https://….feishu.cn/base/TOKEN or "
        + "https://….feishu.cn/wiki/TOKEN.";

    /// <summary>Reads it.</summary>
    /// <returns>Null: it is neither.</returns>
    public static BaseAddress? Read(string given)
    {
        given = given.Trim();
        if (Bare().IsMatch(given)) return new BaseAddress(given, false);
        return Address().Match(given) is { Success: true } match
            ? new BaseAddress(match.Groups["token"].Value, match.Groups["kind"].Value == "wiki") : null;
    }

    [GeneratedRegex("^[A-Za-z0-9]{10,64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex Bare();

    [GeneratedRegex(@"^https?://[^/\s]+/(?<kind>base|wiki)/(?<token>[A-Za-z0-9]{10,64})(?:[/?#]\S*)?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Address();
}
