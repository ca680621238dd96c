using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.Schedules;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Notifications;

/// <summary>Business events become cards, and decisions on them callbacks.</summary>
internal static class NoticeServices
{
    public static void AddNotifications(this IServiceCollection services)
    {
        foreach (var definition in QuietHours.Definitions) services.AddSetting(definition);
        services.AddSingleton<QuietHours>();
        services.AddSingleton<NoticeGate>();
        services.AddSingleton<NoticeVariables>();
        services.AddSingleton<NoticeTrial>();
        services.AddSingleton<NoticeTypes>();
        services.AddSingleton<NoticeFaces>();
        services.AddSingleton<NoticeStore>();
        services.AddSingleton<NoticeOutbox>();
        services.AddSingleton<NoticeTurn>();
        services.AddSingleton<NoticeSending>();
        services.AddSingleton<NoticeDecisions>();
        services.AddSingleton<NoticeReads>();
        services.AddSingleton<NoticeDeeds>();
        services.AddSingleton<MatterSettling>();
        services.AddSingleton<EarlyReads>();
        services.AddSingleton<UrgentPushes>();
        services.AddSingleton<NoticeRehearsal>();
        services.AddSingleton<NoticeEndpoints>();
        services.AddSingleton<NoticeTypeEndpoints>();
        services.OnCardAction<NoticeDecisions>(NoticeFaces.Kind, on => on.HandleAsync);
        // That a card was read is as true later.
        services.AddSingleton(provider => new EventRoute(Ingress.FeishuInboundEvents.Platform, NoticeReads.EventType, provider.GetRequiredService<NoticeReads>().HandleAsync) { StaleAfter = null });
        services.AddSchedule<NoticeKeeper>(NoticeKeeper.Schedule, NoticeKeeper.Interval);
    }

    public static void MapNotifications(this IEndpointRouteBuilder api)
    {
        var notices = api.MapGroup("").AddEndpointFilter(new MessageProblems());
        NoticeEndpoints.Map(notices);
        NoticeTypeEndpoints.Map(notices);
    }
}
