using System.CommandLine;

namespace Larkspur.Cli.Calls;

/// <summary>The options that every verb has which talks to a gateway.</summary>
internal static class GatewayOptions
{
    public static Option<string?> Url(bool recursive = false) => new("--url")
    {
        Description = "The gateway's address; default: the first of LARKSPUR_GATEWAY_URLS, or http://127.0.0.1:8080. The key is LARKSPUR_API_KEY.", Recursive = recursive,
    };

    public static Option<bool> Json(bool recursive = false) => new("--json") { Description = "Print JSON for programs, and nothing else.", Recursive = recursive };

    public static Option<string?> App() => new("--app") { Description = "The app, by its configured name; default: the default app." };
}
