using Larkspur.Feishu;
using Larkspur.Gateway.Authorizations;
using Larkspur.Gateway.Api.Keys;
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
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Notifications;
using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Operations.Endpoints;
using Larkspur.Gateway.Operations.Figures;
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
using Larkspur.Gateway.Platforms.Web;
using Larkspur.Gateway.Platforms.WeCom;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Robots;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Settings.Branding;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Gateway.Streams;
using Larkspur.Gateway.Syncs.Running;
using Larkspur.Gateway.Tables;
using Larkspur.Gateway.Tables.Syncing;
using Larkspur.Gateway.Webhooks;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Larkspur.Gateway.Hosting;

/// <summary>What the gateway is made of: a module a room, in the order of docs/architecture.md.</summary>
internal static class GatewayServices
{
    /// <summary>Registers everything. What is wrong with the options is in <paramref name="reader"/> then.</summary>
    public static void AddGateway(this IServiceCollection services, GatewaySettings settings, SettingsReader reader)
    {
        services.TryAddSingleton(Random.Shared);
        settings.AddTo(services);
        // A handler that does not come back is left: its event is in the inbox, and the next start handles it.
        services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10));
        services.AddFigures(reader, settings.Otlp);
        services.AddStorage(settings.Database, reader);
        services.AddKeyRing(reader);
        services.AddSettings();
        services.AddScheduling(reader);
        services.AddOutbox(reader);
        services.AddInbox(reader);

        services.AddQuota(reader, settings.Feishu.Apps, settings.Installation.TimeZone);
        services.TryAddSingleton<IRateLimiter>(provider => new RateLimiter(provider.GetRequiredService<TimeProvider>()));
        services.AddIngress();
        services.AddApiKeys();
        services.AddWebhooks(reader);
        services.AddFeishuApps(settings.Feishu);
        services.AddPeople(reader);
        services.AddCards();
        services.AddPlatformCards();
        services.AddRobots();
        services.AddSingleton<ReplySender>();

        services.AddMessages();
        services.AddAuthorizations();
        services.AddDocuments(reader);
        services.AddTables();
        services.AddSyncs(reader.Read<SyncOptions>());
        services.AddStreams(reader);
        services.AddCommands(reader);
        services.AddApprovals(reader);
        services.AddNotifications();
        services.AddAssistant(reader);

        services.AddSingleton<AddressSeals>();
        foreach (var columns in SealedAddresses.Columns) services.AddSingleton(columns);
        services.AddFeishuSending();
        services.AddFeishuBot();
        services.AddSingleton<FeishuWebhook>();
        services.AddLongConnections(reader);
        services.AddGapFilling(reader);
        services.AddWeCom(settings.WeCom);
        services.AddWeComConnections();
        services.AddDingTalk(settings.DingTalk);
        services.AddDingTalkIngress();
        services.AddWebChat(reader);

        services.AddOperations(reader);
        services.AddDeliveries();
        services.AddDoctor();
        services.AddRestApi();
        services.AddBrand(reader.Configuration);
        services.AddConsole(reader);
        services.AddHostedService<WarmUp>();
        services.OpenKeyRingAtFirstUse();
        services.OrderBackground();
    }
}
