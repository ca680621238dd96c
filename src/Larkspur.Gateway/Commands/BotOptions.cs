using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Commands;

/// <summary>What the bot says by itself. Section <c>Larkspur:Bot</c>.</summary>
internal sealed class BotOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Bot";

    /// <summary>Commands.</summary>
    public CommandOptions Commands { get; set; } = new();

    /// <summary>Groups that take the bot in, and people who open the chat with it, are greeted. Default true.</summary>
    public bool Greetings { get; set; } = true;
}

/// <summary>Section <c>Larkspur:Bot:Commands</c>.</summary>
internal sealed class CommandOptions
{
    public const string OffSetting = "Larkspur:Bot:Commands:Off";

    /// <summary>Names of commands that there shall not be, without slash. A command of one's own may take such a name.</summary>
    public List<string> Off { get; set; } = [];
}
