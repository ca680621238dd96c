using System.Reflection;
using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Commands.Plugins;

/// <summary>Brings plug-ins into a gateway.</summary>
public static class PluginHosting
{
    internal const string Setting = "Larkspur:Plugins";

    /// <summary>
    /// Adds a plug-in to a host that is built by <c>GatewayHost.Build(args, builder =&gt; builder.AddGatewayPlugin(new MyPlugin()))</c>.
    /// </summary>
    /// <exception cref="SettingsException">Its name is none, or another plug-in has it.</exception>
    public static WebApplicationBuilder AddGatewayPlugin(this WebApplicationBuilder builder, IGatewayPlugin plugin)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(plugin);
        List<string> problems = [];
        Add(builder.Services, builder.Configuration, plugin, "AddGatewayPlugin", problems);
        return problems.Count == 0 ? builder : throw new SettingsException(problems);
    }

    /// <summary>Adds the plug-ins of the assemblies that the configuration names. Neither REST nor the console can.</summary>
    internal static void AddConfiguredPlugins(this IServiceCollection services, IConfiguration configuration, List<string> problems)
    {
        foreach (var entry in configuration.GetSection(Setting).GetChildren())
        {
            if (string.IsNullOrWhiteSpace(entry.Value)) continue;
            foreach (var plugin in PluginLoader.Load(entry.Value.Trim(), entry.Path, problems))
                Add(services, configuration, plugin, entry.Path, problems);
        }
    }

    private static void Add(
        IServiceCollection services, IConfiguration configuration, IGatewayPlugin plugin, string place, List<string> problems)
    {
        var name = plugin.Name;
        if (!PluginNames.IsName(name))
        {
            problems.Add($"{place}: the plug-in {plugin.GetType().FullName} is called \"{name}\"; a name has {PluginNames.Rule}");
            return;
        }

        if (services.Any(s => s.ImplementationInstance is AddedPlugin added && added.Name == name))
        {
            problems.Add($"{place}: there is a plug-in \"{name}\" already; each is added once, under a name of its own");
            return;
        }

        services.AddSingleton(new AddedPlugin(name));
        try
        {
            plugin.Configure(new PluginBuilder(name, services, configuration));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            problems.Add($"{place}: the plug-in \"{name}\" could not set itself up: {e.Message}");
        }
    }

    private sealed record AddedPlugin(string Name);
}
