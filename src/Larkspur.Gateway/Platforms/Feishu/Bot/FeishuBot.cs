using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Messages.Cards;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Departments;
using Larkspur.Gateway.People.Directory.Listening;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.Platforms.Feishu.Conversations;
using Larkspur.Gateway.Platforms.Feishu.Directory;
using Larkspur.Gateway.Platforms.Feishu.SignIn;

namespace Larkspur.Gateway.Platforms.Feishu.Bot;

/// <summary>Everything the Feishu bot reacts to, in reading order.</summary>
internal static class FeishuBot
{
    public static IServiceCollection AddFeishuBot(this IServiceCollection services) => services
        .AddFeishuDirectory()
        .AddSingleton<IBotPeople, BotPeople>()
        .AddSingleton<IFailureMessages, FailureMessages>()
        .AddSingleton<ILossMessages>(provider => provider.GetRequiredService<IFailureMessages>())
        .AddSingleton<IPlatformFailureMessages, FeishuFailureMessages>()
        .AddSingleton<FeishuTenants>().AddSingleton<ISignInSource, FeishuSignIns>()
        .AddSingleton<FeishuPeople>().AddSingleton<IDepartmentTree, FeishuDepartments>()
        .AddSingleton<BotGreetings>()
        .AddSingleton<FeishuMessages>()
        .AddSingleton<FeishuAttachments>().AddSingleton<FeishuPictures>().AddSingleton<FeishuQuotes>()
        .AddSingleton<FeishuAnswerClicks>()
        .AddSingleton<IConversationChannel, FeishuConversation>()
        .OnCardAction<FeishuAnswerClicks>(AnswerButtons.Kind, answers => answers.HandleAsync)
        .OnFeishu<FeishuMessages>("im.message.receive_v1", bot => bot.HandleAsync, (route, bot) => route with { AwaitsAnswer = bot.AwaitsAnswerAsync })
        // What was ended hours ago has ended.
        .AddSingleton<FeishuRevokedTokens>()
        .OnFeishu<FeishuRevokedTokens>(FeishuRevokedTokens.Type, tokens => tokens.HandleAsync,
            (route, _) => route with { StaleAfter = null })
        // There is one event per group, and a greeting is as good later.
        .OnFeishu<BotGreetings>("im.chat.member.bot.added_v1", bot => bot.GroupAsync, (route, _) => route with { StaleAfter = null })
        .OnFeishu<BotGreetings>("im.chat.access_event.bot_p2p_chat_entered_v1", bot => bot.PersonAsync)
        // A click is a decision that somebody has made on a card that everybody sees: it counts whenever it is handled, and the platform never repeats it.
        .OnFeishu<CardClicks>("card.action.trigger", bot => bot.HandleAsync, (route, _) => route with { StaleAfter = null })
        .OnFeishu<CardClicks>("card.action.trigger_v1", bot => bot.HandleAsync, (route, _) => route with { StaleAfter = null });

    private static IServiceCollection AddFeishuDirectory(this IServiceCollection services)
    {
        services.AddSingleton<IEventPaths, FeishuEventPaths>();
        services.AddSingleton<IDirectoryReader, FeishuDirectoryReader>().AddSingleton<FeishuDirectoryEvents>();
        // What moved hours ago has moved.
        foreach (var type in FeishuDirectoryEvents.Types) services.OnFeishu<FeishuDirectoryEvents>(type, e => e.HandleAsync, (route, _) =>
            route with { StaleAfter = null });
        return services;
    }

    private static IServiceCollection OnFeishu<T>(this IServiceCollection services, string type, Func<T, InboundEventHandler> handler,
        Func<EventRoute, T, EventRoute>? refine = null) where T : notnull => services.AddSingleton(provider =>
    {
        var bot = provider.GetRequiredService<T>();
        var route = new EventRoute(PlatformNames.Feishu, type, handler(bot));
        return refine is null ? route : refine(route, bot);
    });
}
