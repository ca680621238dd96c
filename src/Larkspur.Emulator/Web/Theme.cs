namespace Larkspur.Emulator.Web;

/// <summary>Light or dark: what was chosen on a page, else as the system prefers.</summary>
public static class Theme
{
    public const string Light = "light";
    public const string Dark = "dark";

    /// <summary>As the system prefers.</summary>
    public const string Auto = "auto";

    /// <summary>Where the choice is kept; the pages' script writes it too.</summary>
    internal const string Cookie = "larkspur_theme";

    public static IReadOnlyList<string> Choices { get; } = [Light, Dark, Auto];

    /// <summary>The choice in the address, else the one that was kept; any other word is none.</summary>
    internal static string Of(HttpRequest request) =>
        new[] { request.Query["theme"].FirstOrDefault(), request.Cookies[Cookie] }.FirstOrDefault(Choices.Contains) ?? Auto;
}
