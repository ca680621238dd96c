using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Inbox.Reading;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Queueing;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Inbox;

/// <summary>Events: recorded, and taken to their handlers.</summary>
internal static class InboxServices
{
    public static void AddInbox(this IServiceCollection services, SettingsReader settings)
    {
        services.AddSingleton(settings.Read<InboxOptions>());
        services.AddSingleton(settings.Read<DispatchOptions>());
        services.AddSingleton(new ProvedTable("inbox"));
        services.AddSingleton<IEventTimes, InboxTimes>();
        services.AddSingleton<IInboxStore, InboxStore>();
        services.AddRetention<IInboxStore>("events", o => o.Keep, inbox => inbox.Ended, inbox => inbox.ForgetAsync);
        services.AddRetention<IInboxStore>(
            "dead letters of the inbox", o => o.KeepDead, inbox => inbox.Dead, inbox => inbox.ForgetAsync, isLoss: true);
        services.AddSingleton<InboxWriter>();
        services.AddSingleton<EventRouter>(provider => new EventRouter(provider.GetServices<EventRoute>()));
        services.AddSingleton<IEventPrefilter, UnhandledEvents>();
        services.AddSingleton<StaleFilter>();
        services.AddSingleton<DispatchMetrics>();
        services.AddSingleton<Dispatcher>();
        services.AddHostedService(provider => provider.GetRequiredService<Dispatcher>());
    }
}
