namespace Larkspur.Gateway.Console.Shell;

/// <summary>A browser and its system, as people call them, from what it says of itself.</summary>
internal static class BrowserNames
{
    // The first that fits: most say of themselves to be several.
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("HeadlessChrome/", "Chrome"),
            ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl")];

    private static readonly (string Mark, string Name)[] Systems =
        [("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iPadOS"), ("Mac OS", "macOS"), ("CrOS", "ChromeOS"),
            ("Linux", "Linux")];

    /// <summary>Null: it says nothing that is known.</summary>
    public static string? Of(string? agent) => agent is null ? null
        : (Find(Browsers, agent), Find(Systems, agent)) switch
        {
            ({ } browser, { } system) => browser + " · " + system,
            var (browser, system) => browser ?? system,
        };

    private static string? Find((string Mark, string Name)[] known, string agent) =>
        Array.Find(known, k => agent.Contains(k.Mark, StringComparison.Ordinal)) is { Name: { } name } ? name : null;
}
