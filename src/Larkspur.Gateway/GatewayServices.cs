using System.Diagnostics.Metrics;
using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Callbacks;
using Larkspur.Gateway.Channels;
using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Diagnostics;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway;

/// <summary>What the gateway is made of.</summary>
internal static class GatewayServices
{
    public const string MeterName = "Larkspur.Gateway";

    public static void AddGateway(this IServiceCollection services, GatewaySettings settings, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(Random.Shared);
        services.AddSingleton(settings);
        // A handler that does not come back is left: its event is in the inbox, and the next start handles it.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        services.AddSingleton(Bind<DispatchOptions>(configuration, "Larkspur:Dispatch"));
        services.AddSingleton(Bind<OutboxOptions>(configuration, "Larkspur:Outbox"));

        var retention = Bind<RetentionOptions>(configuration, "Larkspur:Retention");
        if (retention.Keep < TimeSpan.FromDays(1)) throw new SettingsException(["Larkspur:Retention:Keep: at least 1.00:00:00 (a day), else late duplicates would have a second effect"]);
        services.AddSingleton(retention);

        services.AddMetrics();
        services.AddSingleton(provider => provider.GetRequiredService<IMeterFactory>().Create(MeterName));
        services.AddSingleton<MetricsPage>();
        services.AddSingleton<StorageMetrics>();
        services.AddSingleton<IngressMetrics>();
        services.AddSingleton<DispatchMetrics>();
        services.AddSingleton<OutboxMetrics>();

        services.AddSingleton<IDatabase>(provider => SqliteDatabase.Open(settings.DatabasePath, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<StorageMetrics>(), provider.GetRequiredService<ILogger<SqliteDatabase>>()));
        services.AddSingleton<IInboxStore, SqliteInboxStore>();
        services.AddSingleton<IOutboxStore, SqliteOutboxStore>();

        services.AddSingleton(CreateApps);
        services.AddSingleton<IChannel, FeishuChannel>();
        services.AddSingleton<EventRouter>(provider => new EventRouter(provider.GetServices<EventRoute>()));
        services.AddFeishuBot();

        services.AddCallbacks();

        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<OutboxSender>(provider, OutboxScope.Platforms));
        services.AddSingleton<OutboxSenders>();
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<InboxWriter>();
        services.AddSingleton<FeishuWebhook>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<ApiKey>();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxSender>());
        services.AddHostedService(provider => provider.GetRequiredService<OutboxSenders>());
        services.AddHostedService(provider => provider.GetRequiredService<Dispatcher>());
        services.AddSingleton<Retention>();
        services.AddHostedService(provider => provider.GetRequiredService<Retention>());
        services.AddHostedService<WarmUp>();
        services.AddRestApi();
    }

    private static T Bind<T>(IConfiguration configuration, string section) where T : new()
    {
        var options = new T();
        try
        {
            configuration.GetSection(section).Bind(options);
            return options;
        }
        catch (InvalidOperationException e)
        {
            throw new SettingsException([$"{section}: {e.Message}"], e);
        }
    }

    private static FeishuApps CreateApps(IServiceProvider provider)
    {
        var clock = provider.GetRequiredService<TimeProvider>();
        var logger = provider.GetRequiredService<ILogger<FeishuClient>>();
        return new FeishuApps(provider.GetRequiredService<GatewaySettings>().FeishuApps.Select(app =>
            new FeishuApp(app.Key, Client(app.Key, app.Value), new FeishuEventReceiver(app.Value, clock))));

        FeishuClient Client(string name, FeishuOptions options)
        {
            try
            {
                return new FeishuClient(options, clock: clock, logger: logger);
            }
            catch (ArgumentException e)
            {
                throw new SettingsException([$"Feishu app {name}: {e.Message}"], e);
            }
        }
    }
}
