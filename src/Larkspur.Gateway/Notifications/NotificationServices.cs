using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Handover;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Notifications;

/// <summary>Business events become cards, and decisions on them webhooks.</summary>
internal static class NotificationServices
{
    public static void AddNotifications(this IServiceCollection services)
    {
        foreach (var definition in QuietHours.Definitions) services.AddSetting(definition);
        services.AddSingleton<QuietHours>();
        services.AddSingleton<IntegrationGuard>();
        services.AddSingleton<NotificationVariables>();
        services.AddSingleton<TemplateValidator>();
        services.AddSingleton<NotificationTypeRegistry>();
        services.AddSingleton<NotificationCards>();
        services.AddSingleton<NotificationStore>();
        services.AddSingleton<IHandoverPart, UndecidedNotifications>();
        // What was decided is asked for long afterwards.
        services.AddRetention("notifications", o => o.KeepAtLeast(TimeSpan.FromDays(180)), NotificationStore.PruneAsync, atMost: 50);
        services.AddSingleton<NotificationOutbox>();
        services.AddSingleton<CardSynchronizer>();
        services.AddSingleton<NotificationIntake>();
        services.AddSingleton<NotificationDecisions>();
        services.AddSingleton<NotificationReadReceipts>();
        services.AddSingleton<NotificationActions>();
        services.AddSingleton<SubjectResolver>();
        services.AddSingleton<EarlyReads>();
        services.AddRetention("early reads", _ => EarlyReads.KeepFor, EarlyReads.PruneAsync);
        services.AddSingleton<UrgentPushes>();
        services.AddFeishuOperation<UrgentPush>(UrgentPush.Definition);
        services.AddSingleton<TemplatePreview>();
        services.AddSingleton<NotificationEndpoints>();
        services.AddSingleton<NotificationTypeEndpoints>();
        services.OnCardAction<NotificationDecisions>(NotificationCards.Kind, on => on.HandleAsync);
        // That a card was read is as true later.
        services.AddSingleton(provider => new EventRoute(PlatformNames.Feishu, NotificationReadReceipts.EventType, provider.GetRequiredService<NotificationReadReceipts>().HandleAsync) { StaleAfter = null });
        services.AddSchedule<NotificationMaintenance>(NotificationMaintenance.Schedule, NotificationMaintenance.Interval);
    }

    public static void MapNotifications(this IEndpointRouteBuilder api)
    {
        NotificationEndpoints.Map(api);
        NotificationTypeEndpoints.Map(api);
    }
}
