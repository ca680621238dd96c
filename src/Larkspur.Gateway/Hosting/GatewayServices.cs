using System.Diagnostics.Metrics;
using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Console;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Doctor;
using Larkspur.Gateway.Documents;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Notifications;
using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Operations.Endpoints;
using Larkspur.Gateway.Operations.Figures;
using Larkspur.Gateway.Operations.Upkeep;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People;
using Larkspur.Gateway.Platforms;
using Larkspur.Gateway.Platforms.DingTalk;
using Larkspur.Gateway.Platforms.Feishu;
using Larkspur.Gateway.Platforms.Feishu.Bot;
using Larkspur.Gateway.Platforms.Feishu.Ingress;
using Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;
using Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;
using Larkspur.Gateway.Platforms.Feishu.Sending;
using Larkspur.Gateway.Platforms.WeCom;
using Larkspur.Gateway.Platforms.Web;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Streams;
using Larkspur.Gateway.Telemetry;
using Larkspur.Gateway.Telemetry.OpenTelemetry;
using Larkspur.Gateway.Telemetry.Prometheus;
using Larkspur.Gateway.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway.Hosting;

/// <summary>What the gateway is made of.</summary>
internal static class GatewayServices
{
    public static void AddGateway(this IServiceCollection services, GatewaySettings settings, IConfiguration configuration)
    {
        services.TryAddSingleton(Random.Shared);
        settings.AddTo(services);
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
        services.AddSettings();
        foreach (var given in FeishuIntegration.FixedBy(settings.Feishu)) services.AddSingleton(given);
        foreach (var definition in FeishuIntegration.Definitions) services.AddSetting(definition);
        services.AddSingleton(Bind<ScheduleOptions>(configuration, "Larkspur:Schedules"));
        services.AddScheduling();

        services.AddQuota(settings.Feishu.Apps, settings.Installation.TimeZone, Bind<QuotaOptions>(configuration, "Larkspur:Quota"), Bind<AdminOptions>(configuration, "Larkspur:Admin"));
        services.TryAddSingleton<IRateLimiter>(provider => new RateLimiter(provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<FeishuAppFactory>();
        services.AddSingleton(CreateApps);
        services.AddFeishuSending();
        services.AddSingleton<AddressSeals>();
        foreach (var columns in SealedAddresses.Columns) services.AddSingleton(columns);
        services.AddWeCom();
        services.AddDingTalk(settings.DingTalk);
        services.AddSingleton<EventRouter>(provider => new EventRouter(provider.GetServices<EventRoute>()));
        services.AddFeishuBot();
        services.AddWebhooks();
        services.AddMessages();
        services.AddPlatformCards();
        services.AddCards();
        services.AddSingleton<IExceptionProblems, PlatformProblems>();
        services.AddApprovals(Bind<PaymentOptions>(configuration, "Larkspur:Payments"));
        services.AddPeople(Bind<PeopleOptions>(configuration, "Larkspur:People"));
        services.AddNotifications();
        services.AddAssistant(Bind<AssistantOptions>(configuration, "Larkspur:Assistant"), configuration);
        services.AddSingleton<ReplySender>();
        string[] unknown = [.. BotOptions.Unknown(configuration)];
        if (unknown.Length > 0) throw new SettingsException(unknown);
        services.AddCommands(Bind<BotOptions>(configuration, BotOptions.Section));
        services.AddDocuments(Bind<DocumentOptions>(configuration, "Larkspur:Documents"));
        services.AddWebChat(Bind<WebChatOptions>(configuration, "Larkspur:WebChat"));
        services.AddStreams(Bind<StreamOptions>(configuration, "Larkspur:Streams"));

        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<OutboxSender>(provider, OutboxScope.Platforms));
        services.AddSingleton<OutboxSenders>();
        services.AddSingleton<StaleFilter>();
        services.AddSingleton<IOutbox, QueuedMessages>();
        services.AddSingleton<Dispatcher>();
        services.AddSingleton<IEventPrefilter, UnhandledEvents>();
        services.AddSingleton<InboxWriter>();
        services.AddSingleton<StallMonitor>();
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
        services.AddDingTalkIngress(settings.DingTalk);
        services.AddGapFilling(Bind<GapOptions>(configuration, "Larkspur:Gaps"));
        services.AddOperations(Bind<WatchdogOptions>(configuration, "Larkspur:Watchdog"));
        services.AddDoctor();
        services.AddHostedService<WarmUp>();
        services.AddRestApi();
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
        if (settings.Otlp.Traces || settings.Otlp.Metrics) services.AddHostedService<OtlpExport>();

        services.AddMetrics();
        services.AddSingleton(provider => provider.GetRequiredService<IMeterFactory>().Create(TelemetryNames.Meter));
        services.AddSingleton<MetricsPage>();
        services.AddSingleton<KeyFigures>();
        services.AddSingleton<EventLatency>();
        services.AddSingleton<Backlog>();
        services.AddSingleton<BacklogMonitor>();
        services.AddHostedService(provider => provider.GetRequiredService<BacklogMonitor>());
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
        var settings = provider.GetRequiredService<ConfiguredFeishuApps>();
        var factory = provider.GetRequiredService<FeishuAppFactory>();
        var apps = new FeishuApps(settings.Apps.Select(app => Create(app.Key, app.Value)));
        if (settings.StoredAppHosts is { } hosts)
            new StoredFeishuApp(apps, factory, hosts, provider.GetRequiredService<ILogger<StoredFeishuApp>>()).Follow(provider.GetRequiredService<ISettings>());
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
