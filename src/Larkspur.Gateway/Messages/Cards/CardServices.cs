using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Scheduling;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>Cards in no platform's words, local templates, clicks.</summary>
internal static class CardServices
{
    public static void AddCards(this IServiceCollection services)
    {
        services.AddSingleton<ResponseCards>();
        services.AddSingleton<CardTemplates>();
        services.AddHostedService(provider => provider.GetRequiredService<CardTemplates>());
        services.AddSingleton<CardDrafts>();
        services.AddSingleton<CardEndpoints>();
        services.AddSingleton<CardStore>();
        services.AddSingleton<CardIds>();
        services.AddSingleton<CardDeliveries>();
        services.AddOutboxOperation(CardTokenUpdate.Operation);
        services.AddSingleton<IOutboxCompletion, CardDeliveryCompletion>();
        services.AddSingleton<CardEvents>();
        services.AddSingleton<CardDecisions>();
        services.AddSingleton<CardClicks>();
        services.OnCardAction<CardDecisions>(CardDecisions.Kind, on => on.HandleAsync);
        services.AddSchedule<CardRetention>("cards", CardRetention.Interval);
    }
}
