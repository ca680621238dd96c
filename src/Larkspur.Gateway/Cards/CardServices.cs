using Larkspur.Gateway.Api;
using Larkspur.Gateway.Schedules;

namespace Larkspur.Gateway.Cards;

/// <summary>Cards in no platform's words, local templates, clicks.</summary>
internal static class CardServices
{
    public static void AddCards(this IServiceCollection services)
    {
        services.AddSingleton<ICardCompiler, FeishuCardCompiler>();
        // A button card of WeCom's has six; the others show as many as a row of an answer has.
        services.AddSingleton<ICardCompiler>(new MarkdownCardCompiler(Channels.WeCom.WeComApps.Platform, 6));
        services.AddSingleton<ICardCompiler>(new MarkdownCardCompiler(Channels.DingTalk.DingTalkApps.Platform, 6));
        services.AddSingleton<ICardCompiler>(new MarkdownCardCompiler(Channels.Web.WebChat.Platform, 10));
        services.AddSingleton<Channels.Conversations.ResponseCards>();
        services.AddSingleton<CardTemplates>();
        services.AddHostedService(provider => provider.GetRequiredService<CardTemplates>());
        services.AddSingleton<CardDrafts>();
        services.AddSingleton<CardEndpoints>();
        services.AddSingleton<CardStore>();
        services.AddSingleton<CardIds>();
        services.AddSingleton<CardDeliveries>();
        services.AddSingleton<Outbox.IOutboxCompletion, CardDeliveryCompletion>();
        services.AddSingleton<CardEvents>();
        services.AddSingleton<CardDecisions>();
        services.AddSingleton<CardClicks>();
        services.OnCardAction<CardDecisions>(CardDecisions.Kind, on => on.HandleAsync);
        services.AddSchedule<CardRetention>("cards", CardRetention.Interval);
    }
}
