namespace Larkspur.Gateway.Commands.Plugins;

/// <summary>A command and whose it is.</summary>
internal sealed record PluginCommand(string Plugin, IBotCommand Command);

/// <summary>The commands of plug-ins, in the order in which they were added.</summary>
internal sealed class PluginCommands(IEnumerable<PluginCommand> commands, CommandRunner runner) : ICommandSource
{
    public IEnumerable<BotCommand> Commands { get; } = [.. commands.Select(c => Of(c.Plugin, c.Command, runner))];

    private static BotCommand Of(string plugin, IBotCommand command, CommandRunner runner) =>
        new(command.Name, command.Aliases, command.Description, (heard, cancellation) => runner.RunAsync(command, heard, cancellation))
        {
            Origin = $"the plug-in {plugin}", Plugin = plugin,
        };
}
