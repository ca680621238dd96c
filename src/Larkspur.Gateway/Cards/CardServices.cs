using Larkspur.Gateway.Api;
using Larkspur.Gateway.Schedules;

namespace Larkspur.Gateway.Cards;

/// <summary>Cards in no platform's words, local templates, clicks.</summary>
internal static class CardServices
{
    public static void AddCards(this IServiceCollection services)
    {
        services.AddSingleton<ICardCompiler, FeishuCardCompiler>();
        services.AddSingleton<CardTemplates>();
        services.AddHostedService(provider => provider.GetRequiredService<CardTemplates>());
        services.AddSingleton<CardDrafts>();
        services.AddSingleton<CardEndpoints>();
        services.AddSingleton<CardStore>();
        services.AddSingleton<CardEvents>();
        services.AddSingleton<CardDecisions>();
        services.AddSingleton<CardClicks>();
        services.OnCardAction<CardDecisions>(CardDecisions.Kind, on => on.HandleAsync);
        services.AddSchedule<CardRetention>("cards", CardRetention.Interval);
    }
}
