using Larkspur.Feishu;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>Feishu's apps, as the environment and the settings of run time name them.</summary>
internal static class FeishuAppServices
{
    public static void AddFeishuApps(this IServiceCollection services, ConfiguredFeishuApps configured)
    {
        foreach (var given in FeishuIntegration.FixedBy(configured)) services.AddSingleton(given);
        foreach (var definition in FeishuIntegration.Definitions) services.AddSetting(definition);
        services.AddSingleton(FeishuIntegration.Setup);
        services.AddSingleton<FeishuAppFactory>();
        services.AddSingleton(Create);
        services.AddSingleton<IAppStates>(provider => provider.GetRequiredService<FeishuApps>());
        services.AddSingleton<IExceptionProblems, PlatformProblems>();
    }

    private static FeishuApps Create(IServiceProvider provider)
    {
        var settings = provider.GetRequiredService<ConfiguredFeishuApps>();
        var factory = provider.GetRequiredService<FeishuAppFactory>();
        var apps = new FeishuApps(settings.Apps.Select(app => Create(app.Key, app.Value)));
        if (settings.StoredAppHosts is { } hosts)
        {
            var logger = provider.GetRequiredService<ILogger<StoredFeishuApp>>();
            new StoredFeishuApp(apps, factory, hosts, logger).Follow(provider.GetRequiredService<ISettings>());
        }

        return apps;

        FeishuApp Create(string name, FeishuOptions options)
        {
            try
            {
                return factory.Create(name, options, settings.Modes.GetValueOrDefault(name));
            }
            catch (ArgumentException e)
            {
                throw new SettingsException([$"Feishu app {name}: {e.Message}"], e);
            }
        }
    }
}
