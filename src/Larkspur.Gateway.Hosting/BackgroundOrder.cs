using System.Reflection;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Assistant.Documents;
using Larkspur.Gateway.Assistant.Feedback;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Inbox.Seen;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Operations.Figures;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Directory.Listening;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.Authorizations.Resuming;
using Larkspur.Gateway.People.OpenId.Logout;
using Larkspur.Gateway.People.ScimTargets.Pushing;
using Larkspur.Gateway.Platforms.DingTalk.Ingress;
using Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;
using Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;
using Larkspur.Gateway.Platforms.WeCom.Answers;
using Larkspur.Gateway.Platforms.WeCom.Ingress;
using Larkspur.Gateway.Platforms.Web.Serving;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Larkspur.Gateway.Storage.Leases;
using Larkspur.Gateway.Storage.Postgres;
using Larkspur.Gateway.Streams;
using Larkspur.Gateway.Syncs.Running;
using Larkspur.Gateway.Telemetry.OpenTelemetry;
using Larkspur.Gateway.Webhooks.Attempts;

namespace Larkspur.Gateway.Hosting;

/// <summary>
/// What runs in the background, in the order in which it starts. It stops the other way round, so that each finds what it needs until it
/// has ended. The server listens after the last of them and stops before it.
/// </summary>
internal static class BackgroundOrder
{
    private static readonly Assembly[] Own =
        [typeof(IDatabase).Assembly, typeof(SyncWorker).Assembly, typeof(Watchdog).Assembly, typeof(FirstAccount).Assembly,
            typeof(BackgroundOrder).Assembly];

    public static IReadOnlyList<Type> Types { get; } =
    [
        // What listens first misses nothing, and what stops last sends the rest.
        typeof(OtlpExport), typeof(BacklogMonitor), typeof(HourFigures),
        // Work stops before its leases are returned.
        typeof(DatabaseClockFollowing), typeof(SeenKeyMerger), typeof(SoleLeases),
        typeof(PostgresLeases), typeof(ClusterMessages), typeof(PostgresListener),
        typeof(MasterKeyMaking), typeof(KeyRingFollowing), typeof(KeyResealing),
        // Whatever starts later may write a line of the audit log, and read settings.
        typeof(AuditChain), typeof(HeadRecorder), typeof(CachedTables), typeof(SystemParameters),
        typeof(Scheduler),
        // After what sends: it writes the last calls.
        typeof(QuotaLedger),
        typeof(CardTemplates),
        // After what handles and sends: they put the last texts down.
        typeof(StreamRelay), typeof(PaymentSubscription),
        typeof(TurnMaintenance), typeof(ChatWatch), typeof(StreamMaintenance),
        // It writes what the senders tried last.
        typeof(AttemptRecorder),
        typeof(OutboxSender), typeof(OutboxSenders),
        // What writes answers stops before the senders, and what makes questions before it.
        typeof(TurnWorker), typeof(VerdictSender), typeof(AnswerSaver),
        // What it tells leaves by the senders, and events bring it work.
        typeof(DirectoryWorker), typeof(TargetWorker), typeof(SyncWorker), typeof(LogoutWorker), typeof(ResumeWorker),
        typeof(Dispatcher),
        // It writes when the platforms came last.
        typeof(PlatformContacts),
        // What stops first is what brings new events.
        typeof(LongConnections), typeof(BotConnections), typeof(DingTalkStreams), typeof(GapTrigger),
        // It stops while events still come, and says until when they did.
        typeof(OutageWatch),
        typeof(Watchdog), typeof(FirstAccount), typeof(WarmUp),
    ];

    /// <summary>
    /// Puts what was registered into this order. What plug-ins and the framework brought starts before it, as it was registered.
    /// </summary>
    /// <exception cref="InvalidOperationException">Something of the gateway's has no place in it.</exception>
    public static void OrderBackground(this IServiceCollection services)
    {
        var places = Types.Index().ToDictionary(t => t.Item, t => t.Index);
        var hosted = services.Where(s => s.ServiceType == typeof(IHostedService)).ToArray();
        foreach (var service in hosted) services.Remove(service);
        foreach (var service in hosted.OrderBy(PlaceOf)) services.Add(service);

        int PlaceOf(ServiceDescriptor service)
        {
            var type = TypeOf(service);
            if (places.TryGetValue(type, out var place)) return place;
            return !IsOwn(type) && type != typeof(IHostedService) ? -1
                : throw new InvalidOperationException(
                    $"{type.Name} has no place in {nameof(BackgroundOrder)}: say when it starts and stops.");
        }
    }

    /// <summary>Of one of the gateway's own assemblies that bring any.</summary>
    public static bool IsOwn(Type type) => Own.Contains(type.Assembly);

    private static Type TypeOf(ServiceDescriptor service) =>
        service.ImplementationType ?? service.ImplementationInstance?.GetType()
        ?? service.ImplementationFactory!.GetType().GenericTypeArguments[1];
}
