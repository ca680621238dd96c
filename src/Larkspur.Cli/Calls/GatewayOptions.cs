using System.CommandLine;

namespace Larkspur.Cli.Calls;

/// <summary>The options that every verb has which talks to a gateway.</summary>
internal static class GatewayOptions
{
    public static Option<string?> Url(bool recursive = false) => new("--url")
    {
        Description = "The gateway's address; default: LARKSPUR_URL, the context in force, or http://127.0.0.1:8080.",
            Recursive = recursive,
    };

    public static Option<bool> Json(bool recursive = false) => new("--json") { Description = "Print JSON for programs, and nothing else.", Recursive = recursive };

    public static Option<string?> Context(bool recursive = false) => new("--context")
    {
        Description = "The gateway that you logged in to by this name (larkspur contexts list), whatever the environment says.",
            Recursive = recursive,
    };

    public static Option<bool> Utc(bool recursive = false) =>
        new("--utc") { Description = "Times of UTC, and not of this machine's clock.", Recursive = recursive };

    public static Option<string?> App() => new("--app") { Description = "The app, by its configured name; default: the default app." };
}
