using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Commands;

/// <summary>What the bot says by itself. Section <c>Larkspur:Bot</c>.</summary>
internal sealed class BotOptions
{
    public const string Section = "Larkspur:Bot";

    /// <summary>Commands.</summary>
    public CommandOptions Commands { get; set; } = new();

    /// <summary>Groups that take the bot in, and people who open the chat with it, are greeted. Default true.</summary>
    public bool Greetings { get; set; } = true;

    /// <summary>What is wrong with settings of the section that there are none of.</summary>
    public static IEnumerable<string> Unknown(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        return Of(section, nameof(Commands), nameof(Greetings)).Concat(Of(section.GetSection(nameof(Commands)), nameof(CommandOptions.Off)));

        static IEnumerable<string> Of(IConfigurationSection section, params string[] names) => section.GetChildren().Select(c => c.Key)
            .Where(key => !names.Contains(key, StringComparer.OrdinalIgnoreCase))
            .Select(key => $"{section.Path}:{key}: there is no such setting. "
                + (Spelling.Nearest(key, names) is { } near ? $"Did you mean {section.Path}:{near}?" : $"There are: {string.Join(", ", names)}"));
    }
}

/// <summary>Section <c>Larkspur:Bot:Commands</c>.</summary>
internal sealed class CommandOptions
{
    public const string OffSetting = "Larkspur:Bot:Commands:Off";

    /// <summary>Names of commands that there shall not be, without slash. A command of one's own may take such a name.</summary>
    public List<string> Off { get; set; } = [];
}
