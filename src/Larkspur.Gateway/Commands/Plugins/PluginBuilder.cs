using Larkspur.Gateway.Cards;

namespace Larkspur.Gateway.Commands.Plugins;

/// <summary>Where a plug-in registers what it brings.</summary>
public sealed class PluginBuilder
{
    internal PluginBuilder(string name, IServiceCollection services, IConfiguration configuration)
    {
        (Name, Services) = (name, services);
        Configuration = configuration.GetSection("Larkspur:Plugin:" + name);
        Values = new PluginValues(name);
    }

    /// <summary>The plug-in's.</summary>
    public string Name { get; }

    /// <summary>The gateway's services: for those of the plug-in's own.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The plug-in's own settings: section <c>Larkspur:Plugin:{name}</c>.</summary>
    public IConfiguration Configuration { get; }

    /// <summary>What the plug-in keeps in the gateway's database.</summary>
    public PluginValues Values { get; }

    /// <summary>
    /// Adds a command. Its constructor gets services; the plug-in's <see cref="Values"/> are given by hand: <c>AddCommand(_ =&gt; new
    /// MyCommand(plugin.Values))</c>.
    /// </summary>
    public PluginBuilder AddCommand<T>() where T : class, IBotCommand =>
        AddCommand(provider => ActivatorUtilities.CreateInstance<T>(provider));

    /// <inheritdoc cref="AddCommand{T}()"/>
    public PluginBuilder AddCommand(Func<IServiceProvider, IBotCommand> create)
    {
        ArgumentNullException.ThrowIfNull(create);
        Services.AddSingleton(provider => new PluginCommand(Name, create(provider)));
        return this;
    }

    /// <summary>
    /// Adds a handler for messages that are no command, while no assistant is connected. Handlers are asked in the order in which they
    /// were added.
    /// </summary>
    public PluginBuilder OnPlainMessage<T>() where T : class, IPlainMessageHandler
    {
        Services.AddSingleton<IPlainMessageHandler, T>();
        return this;
    }

    /// <summary>Sends clicks on the plug-in's cards to a handler (docs/gateway-cards.md, "Handle clicks in C#").</summary>
    /// <typeparam name="T">A service whose method it is.</typeparam>
    /// <param name="word">Which of its cards: 1 to 32 lower-case letters, digits and <c>-</c>.</param>
    /// <param name="handler">Finds the method.</param>
    /// <returns>
    /// The kind that the cards' buttons have. It begins with <c>plugin.{name}.</c>, which no card that is sent over REST may have.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="word"/> is no such word.</exception>
    public PluginCardAction OnCardAction<T>(string word, Func<T, CardActionHandler> handler) where T : notnull
    {
        var action = new PluginCardAction(Name, word);
        Services.OnCardAction(action.Kind, handler);
        return action;
    }
}

/// <summary>Clicks on one sort of a plug-in's cards.</summary>
public sealed record PluginCardAction
{
    /// <param name="plugin">The plug-in's name.</param>
    /// <param name="word">Which of its cards.</param>
    /// <exception cref="ArgumentException">One of them is no such word.</exception>
    public PluginCardAction(string plugin, string word)
    {
        if (!PluginNames.IsName(plugin)) throw new ArgumentException(PluginNames.Rule, nameof(plugin));
        if (!PluginNames.IsName(word)) throw new ArgumentException(PluginNames.Rule, nameof(word));
        Kind = $"{CardKinds.PluginPrefix}{plugin}.{word}";
    }

    /// <summary>The member <c>kind</c> of the buttons' callback value.</summary>
    public string Kind { get; }
}
