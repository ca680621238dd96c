using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Messages.Cards;

/// <summary>Cards in no platform's words, local templates, clicks.</summary>
internal static class CardServices
{
    /// <summary>The platform takes clicks on a card of JSON 2.0 for 14 days, and what was decided may be asked for a while longer.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    public static void AddCards(this IServiceCollection services)
    {
        services.AddSingleton<ResponseCards>();
        services.AddSingleton<StoredTemplates>();
        services.AddSingleton(provider => provider.GetRequiredService<StoredTemplates>().CachedTable);
        services.AddSingleton<CardTemplates>();
        services.AddHostedService(provider => provider.GetRequiredService<CardTemplates>());
        services.AddSingleton<CardDrafts>();
        services.AddSingleton<CardEndpoints>();
        services.AddSingleton<CardStore>();
        services.AddRetention("cards", o => o.KeepAtLeast(Keep), CardStore.PruneAsync, atMost: 100);
        services.AddSingleton<CardIds>();
        services.AddSingleton<CardDeliveries>();
        // Those of answers' buttons, which are no stored cards.
        services.AddRetention("deliveries of cards", o => o.KeepAtLeast(Keep), CardDeliveries.PruneAsync);
        services.AddOutboxOperation(CardTokenUpdate.Operation);
        services.AddSingleton<IOutboxCompletion, CardDeliveryCompletion>();
        services.AddSingleton<CardEvents>();
        services.AddSingleton<CardDecisions>();
        services.AddSingleton<CardClicks>();
        services.OnCardAction<CardDecisions>(CardDecisions.Kind, on => on.HandleAsync);
    }
}
