namespace Larkspur.Gateway.Commands.Plugins;

/// <summary>
/// What a company adds to its gateway in C#: commands, clicks on their cards, services of its own. A host gives it to
/// <c>AddGatewayPlugin</c>; an assembly that the
/// setting <c>Larkspur:Plugins</c> names brings every public class of this kind that has a constructor without parameters. See
/// docs/commands.md.
/// </summary>
/// <remarks>A plug-in runs in the gateway's process and may do all that the gateway may: load what you have written or read.</remarks>
public interface IGatewayPlugin
{
    /// <summary>
    /// Names what is the plug-in's own: its values, and the kinds of its cards. 1 to 32 lower-case letters, digits and <c>-</c>; it never
    /// changes.
    /// </summary>
    string Name { get; }

    /// <summary>Registers what it brings, once, before the gateway's services are made.</summary>
    void Configure(PluginBuilder plugin);
}
