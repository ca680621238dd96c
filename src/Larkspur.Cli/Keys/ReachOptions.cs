using System.CommandLine;

namespace Larkspur.Cli.Keys;

/// <summary>Options that say whose a key is, and how far it reaches.</summary>
internal sealed class ReachOptions
{
    public Option<string?> System { get; } = new("--system") { Description = "The business system that it belongs to; keys of one system share what they make. Of a new key its name, unless it is said." };

    public Option<string[]?> Apps { get; } = Several("--app", "An app that it may speak for, by its configured name; all unless some are said.");

    public Option<string[]?> Issuers { get; } = Several("--issuer", "An issuer for whose subjects it opens web-chat sessions; none unless some are said.");

    public Option<string[]?> Addresses { get; } = Several("--address", "A network that it may be used from, like 10.0.0.0/8; everywhere unless some are said.");

    private static Option<string[]?> Several(string name, string about) => new(name) { Description = about + " May be given several times.", AllowMultipleArgumentsPerToken = true };
}
