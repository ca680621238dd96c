using Larkspur.Gateway.Commands.Registered;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Commands;

/// <summary>All commands of all platforms' bots, by name, in the order of <c>/help</c>.</summary>
internal sealed class CommandRegistry
{
    public const string Help = "help";

    private readonly Dictionary<string, BotCommand> _byName = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<BotCommand> _commands = [];
    private readonly RegisteredCommands _registered;

    /// <exception cref="SettingsException">
    /// Two commands have one name, a command has none that people could write, or a name that is switched off is no command's.
    /// </exception>
    public CommandRegistry(IEnumerable<ICommandSource> sources, BotOptions options, RegisteredCommands registered)
    {
        _registered = registered;
        ICommandSource[] all = [.. sources];
        List<string> problems = [];
        var off = options.Commands.Off.Select(name => name.Trim().TrimStart('/', '／')).Where(name => name.Length > 0)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var unknown = new HashSet<string>(off, StringComparer.OrdinalIgnoreCase);
        unknown.ExceptWith(all.SelectMany(s => s.OtherNames));
        // The gateway's own stand first: a name that is switched off there is free for whoever comes later.
        var left = new HashSet<string>(off, StringComparer.OrdinalIgnoreCase);
        foreach (var command in all.SelectMany(s => s.Commands))
        {
            unknown.Remove(command.Name);
            if (left.Remove(command.Name)) continue;
            problems.AddRange(CommandNames.Problems(command));
            Add(command, problems);
        }

        var names = all.SelectMany(s => s.Commands.Select(c => c.Name).Concat(s.OtherNames))
            .Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal).ToArray();
        foreach (var name in unknown.Order(StringComparer.Ordinal))
        {
            var meant = Spelling.Nearest(name, names) is { } near ? $"Did you mean \"{near}\"?" : $"There are: {string.Join(", ", names)}.";
            problems.Add($"{CommandOptions.OffSetting}: there is no command \"{name}\". {meant}");
        }

        if (problems.Count > 0) throw new SettingsException(problems);
    }

    /// <summary>Those that come with the gateway and its plug-ins, and stay until it ends.</summary>
    public IReadOnlyList<BotCommand> Fixed => _commands;

    /// <summary>What people of an app can call now, in the order of <c>/help</c>: what business systems registered comes last.</summary>
    public IEnumerable<BotCommand> For(string app) =>
        _commands.Where(c => c.IsOffered()).Concat(_registered.For(app).Where(c => FindFixed(c.Name) is null));

    /// <summary>The command of a name or another name that comes with the gateway or a plug-in; null: there is none.</summary>
    public BotCommand? FindFixed(string name) => _byName.GetValueOrDefault(name);

    /// <summary>
    /// What people of an app call by a name or another name; null: there is none. What business systems registered hides nothing.
    /// </summary>
    public BotCommand? Find(string name, string app) => FindFixed(name) ?? _registered.Find(name, app);

    /// <summary>What people of an app may have meant; null: nothing is near.</summary>
    public string? Near(string name, string app) => Spelling.Nearest(name, For(app).Select(c => c.Name));

    /// <summary>One of the texts that point at <c>/help</c>, or the same without it where that is switched off.</summary>
    /// <param name="language">Of the reader.</param>
    /// <param name="text">What points at it.</param>
    /// <param name="withoutHelp">What does not.</param>
    public string Text(Language language, LocalText text, LocalText withoutHelp) => (FindFixed(Help) is null ? withoutHelp : text)
        .In(language);

    private void Add(BotCommand command, List<string> problems)
    {
        foreach (var name in command.Names)
        {
            if (_byName.TryAdd(name, command)) continue;
            var other = _byName[name];
            var whose = $"The command /{command.Name} of {command.Origin} has the name \"{name}\"";
            problems.Add(other == command ? $"{whose} twice." : $"{whose}, which is taken by /{other.Name} of {other.Origin}. "
                + $"Give it another one, or switch the other off with {CommandOptions.OffSetting}.");
        }

        _commands.Add(command);
    }
}
