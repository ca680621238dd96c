namespace Larkspur.Gateway.Console;

/// <summary>Addresses that more than one place names.</summary>
internal static class ConsolePaths
{
    public const string Root = "/console";
    public const string LogIn = "/console/login";
    /// <summary>The second step of a log-in: a code of the second factor.</summary>
    public const string Code = "/console/login/code";

    /// <summary>The second step of a log-in whose account has to have a second factor and has none.</summary>
    public const string SetUpFactor = "/console/login/second-factor";

    /// <summary>Whoever has signed in with an account of the company comes in here.</summary>
    public const string SignIn = "/console/sign-in";

    public const string Setup = "/console/setup";
    public const string Welcome = "/console/welcome";
    public const string Approvals = "/console/approvals";
    public const string Connections = "/console/connections";

    /// <summary>Where forms are sent that set cookies. Not the pages' own addresses: a page takes a POST too.</summary>
    public const string Forms = "/console/forms";

    public const string Assets = "/console/assets";

    /// <summary>The circuits' WebSocket and what belongs to it.</summary>
    public const string Circuits = "/_blazor";

    /// <summary>What else Blazor answers.</summary>
    public const string Framework = "/_framework";

    /// <summary>A place within the console to go back to; anything else is the overview.</summary>
    public static string Within(string? path) =>
        path is { Length: <= 300 } && (path == Root || path.StartsWith(Root + "/", StringComparison.Ordinal)) && !path.Contains('\\', StringComparison.Ordinal)
        && !path.Any(char.IsControl) && !path.StartsWith(LogIn, StringComparison.Ordinal) && !Climbs(path) ? Ascii(path) : Root;

    /// <summary>A header takes no other letters: <c>?q=艾丽丝</c> is written as a browser sends it.</summary>
    private static string Ascii(string path) => path.All(char.IsAscii) ? path
        : string.Concat(path.EnumerateRunes().Select(r => r.IsAscii ? r.ToString() : Uri.EscapeDataString(r.ToString())));

    /// <summary>It has a step of a dot or two, also written as %2e: a browser takes it for another place.</summary>
    private static bool Climbs(string path) => path.Split('?', '#')[0].Split('/')
        .Any(step => step.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..");

    /// <summary>An approval instance, by the app that sees it.</summary>
    public static string Approval(string app, string instance) =>
        $"{Approvals}/{Uri.EscapeDataString(app)}/{Uri.EscapeDataString(instance)}";
}
