using System.Diagnostics.Metrics;
using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Callbacks;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Channels;
using Larkspur.Gateway.Channels.DingTalk;
using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Channels.WeCom;
using Larkspur.Gateway.Channels.Web;
using Larkspur.Gateway.Console;
using Larkspur.Gateway.Diagnostics;
using Larkspur.Gateway.Diagnostics.Figures;
using Larkspur.Gateway.Diagnostics.OpenTelemetry;
using Larkspur.Gateway.Diagnostics.Prometheus;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Doctor;
using Larkspur.Gateway.Documents;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Ingress.Gaps;
using Larkspur.Gateway.Ingress.LongConnection;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Notifications;
using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Schedules;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Streams;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway;

/// <summary>What the gateway is made of.</summary>
internal static class GatewayServices
{
    public const string MeterName = "Larkspur.Gateway";

    public static void AddGateway(this IServiceCollection services, GatewaySettings settings, IConfiguration configuration)
    {
        services.TryAddSingleton(Random.Shared);
        services.AddSingleton(settings);
        // A handler that does not come back is left: its event is in the inbox, and the next start handles it.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        var dispatch = Bind<DispatchOptions>(configuration, "Larkspur:Dispatch");
        var outbox = Bind<OutboxOptions>(configuration, "Larkspur:Outbox");
        var leases = Bind<LeaseOptions>(configuration, "Larkspur:Leases");
        string[] wrong = [.. dispatch.Problems(), .. outbox.Problems(), .. leases.Problems()];
        if (wrong.Length > 0) throw new SettingsException(wrong);
        services.AddSingleton(dispatch);
        services.AddSingleton(outbox);

        var inbox = Bind<InboxOptions>(configuration, "Larkspur:Inbox");
        if (inbox.RecentKeys is < 16 or > 4 << 20) throw new SettingsException(["Larkspur:Inbox:RecentKeys: from 16 to 4194304"]);
        services.AddSingleton(inbox);

        var retention = Bind<RetentionOptions>(configuration, "Larkspur:Retention");
        if (retention.Keep < TimeSpan.FromDays(1)) throw new SettingsException(["Larkspur:Retention:Keep: at least 1.00:00:00 (a day), else late duplicates would have a second effect"]);
        if (retention.KeepDead < retention.Keep) throw new SettingsException(["Larkspur:Retention:KeepDead: at least Larkspur:Retention:Keep; what failed is kept longer than what went well"]);
        if (retention.KeepRecords < retention.Keep) throw new SettingsException(["Larkspur:Retention:KeepRecords: at least Larkspur:Retention:Keep"]);
        if (retention.Round <= TimeSpan.Zero) throw new SettingsException(["Larkspur:Retention:Round: must be longer than 00:00:00"]);
        services.AddSingleton(retention);

        AddObservation(services, settings, configuration);
        services.AddSingleton<IngressMetrics>();
        services.AddSingleton<DispatchMetrics>();
        services.AddSingleton<OutboxMetrics>();
        services.AddSingleton<OutboxCompletions>();
        services.AddSingleton<OutboxReports>();
        services.AddSingleton<OutboxRefusals>();

        services.AddSingleton(leases);
        services.AddStorage(settings.Database);
        services.AddKeyRing(Bind<KeyRingOptions>(configuration, "Larkspur:KeyRing"));
        services.AddSettings(settings);
        services.AddSingleton(Bind<ScheduleOptions>(configuration, "Larkspur:Schedules"));
        services.AddScheduling();

        services.AddQuota(settings, Bind<QuotaOptions>(configuration, "Larkspur:Quota"), Bind<AdminOptions>(configuration, "Larkspur:Admin"));
        services.TryAddSingleton<IRateShaper>(provider => new RateShaper(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<FeishuAppFactory>();
        services.AddSingleton(CreateApps);
        services.AddSingleton<IChannel, FeishuChannel>();
        services.AddSingleton<AddressSeals>();
        foreach (var columns in SealedAddresses.Columns) services.AddSingleton(columns);
        services.AddWeCom();
        services.AddDingTalk(settings);
        services.AddSingleton<EventRouter>(provider => new EventRouter(provider.GetServices<EventRoute>()));
        services.AddFeishuBot();

        services.AddCallbacks();
        services.AddMessages();
        services.AddCards();
        services.AddApprovals(Bind<PaymentOptions>(configuration, "Larkspur:Payments"));
        services.AddPeople(Bind<PeopleOptions>(configuration, "Larkspur:People"));
        services.AddNotifications();
        services.AddAssistant(Bind<AssistantOptions>(configuration, "Larkspur:Assistant"), configuration);
        services.AddDocuments(Bind<DocumentOptions>(configuration, "Larkspur:Documents"));
        services.AddWebChat(Bind<WebChatOptions>(configuration, "Larkspur:WebChat"));
        services.AddStreams(Bind<StreamOptions>(configuration, "Larkspur:Streams"));

        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<OutboxSender>(provider, OutboxScope.Platforms));
        services.AddSingleton<OutboxSenders>();
        services.AddSingleton<StaleFilter>();
        services.AddSingleton<IOutbox, QueuedMessages>();
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<IEndsAtOnce, UnhandledEvents>();
        services.AddSingleton<InboxWriter>();
        services.AddSingleton<EventIntake>();
        services.AddSingleton<FeishuWebhook>();
        services.AddSingleton<Readiness>();
        services.AddApiKeys();
        services.AddHostedService(provider => provider.GetRequiredService<OutboxSender>());
        services.AddHostedService(provider => provider.GetRequiredService<OutboxSenders>());
        services.AddAssistantWork();
        services.AddHostedService(provider => provider.GetRequiredService<Dispatcher>());
        services.AddLongConnections(Bind<LongConnectionOptions>(configuration, "Larkspur:LongConnection"));
        services.AddWeComConnections();
        services.AddDingTalkIngress(settings);
        services.AddGapFilling(Bind<GapOptions>(configuration, "Larkspur:Gaps"));
        services.AddOperations(Bind<WatchdogOptions>(configuration, "Larkspur:Watchdog"));
        services.AddDoctor();
        services.AddHostedService<WarmUp>();
        services.AddRestApi();
        services.AddWebhooks();
        services.AddDeliveries();
        services.AddConsole(configuration);
        services.OpenKeyRingAtFirstUse();
    }

    /// <summary>Before everything that measures: what listens first misses nothing, and what stops last sends the rest.</summary>
    private static void AddObservation(IServiceCollection services, GatewaySettings settings, IConfiguration configuration)
    {
        var alerts = Bind<AlertOptions>(configuration, "Larkspur:Alerts");
        if (alerts.OldestUnprocessed <= TimeSpan.Zero) throw new SettingsException(["Larkspur:Alerts:OldestUnprocessed: must be longer than 00:00:00"]);
        services.AddSingleton(alerts);
        services.AddSingleton(settings.Otlp);
        if (settings.Otlp.Traces || settings.Otlp.Metrics) services.AddHostedService<OtlpExport>();

        services.AddMetrics();
        services.AddSingleton(provider => provider.GetRequiredService<IMeterFactory>().Create(MeterName));
        services.AddSingleton<MetricsPage>();
        services.AddSingleton<KeyFigures>();
        services.AddSingleton<EventLatency>();
        services.AddSingleton<Backlog>();
        services.AddSingleton<BacklogWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<BacklogWatch>());
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
        var settings = provider.GetRequiredService<GatewaySettings>();
        var factory = provider.GetRequiredService<FeishuAppFactory>();
        var apps = new FeishuApps(settings.FeishuApps.Select(app => Create(app.Key, app.Value)));
        if (settings.StoredAppHosts is { } hosts)
            new StoredFeishuApp(apps, factory, hosts, provider.GetRequiredService<ILogger<StoredFeishuApp>>()).Follow(provider.GetRequiredService<ISettings>());
        return apps;

        FeishuApp Create(string name, FeishuOptions options)
        {
            try
            {
                return factory.Create(name, options, settings.EventModes.GetValueOrDefault(name));
            }
            catch (ArgumentException e)
            {
                throw new SettingsException([$"Feishu app {name}: {e.Message}"], e);
            }
        }
    }
}
