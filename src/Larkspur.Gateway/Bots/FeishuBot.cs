using Larkspur.Gateway.Bots.ApproveDemo;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Assistant.Commands;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Channels.Conversations;
using Larkspur.Gateway.Channels.Feishu.Conversations;
using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.People.Departments;
using Larkspur.Gateway.Streams;

namespace Larkspur.Gateway.Bots;

/// <summary>Everything the Feishu bot reacts to, in reading order.</summary>
internal static class FeishuBot
{
    public static IServiceCollection AddFeishuBot(this IServiceCollection services) => services
        .AddSingleton<IBotPeople, BotPeople>()
        .AddSingleton<IDemoRequests, DemoRequests>()
        .AddSingleton<INotices, PlatformNotices>()
        .AddSingleton<IPlatformNotices, BotNotices>()
        .AddSingleton<FeishuPeople>().AddSingleton<IDepartmentTree, FeishuDepartments>()
        .AddSingleton<DemoClicks>()
        .AddSingleton<BotGreetings>()
        .AddSingleton<BotMessages>()
        .AddSingleton<FeishuQuestions>()
        .AddSingleton<FeishuAttachments>().AddSingleton<FeishuQuotes>()
        .AddSingleton<FeishuAnswerClicks>()
        .AddSingleton<IConversationChannel, FeishuConversation>()
        .AddSingleton(Commands)
        .OnCardAction<DemoClicks>(DemoCard.Kind, demo => demo.HandleAsync)
        .OnCardAction<FeishuAnswerClicks>(AnswerButtons.Kind, answers => answers.HandleAsync)
        .OnFeishu<BotMessages>("im.message.receive_v1", bot => bot.HandleAsync, (route, bot) => route with { AwaitsAnswer = bot.AwaitsAnswerAsync })
        // There is one event per group, and a greeting is as good later.
        .OnFeishu<BotGreetings>("im.chat.member.bot.added_v1", bot => bot.GroupAsync, (route, _) => route with { StaleAfter = null })
        .OnFeishu<BotGreetings>("im.chat.access_event.bot_p2p_chat_entered_v1", bot => bot.PersonAsync)
        // A click is a decision that somebody has made on a card that everybody sees: it counts whenever it is handled, and the platform never repeats it.
        .OnFeishu<CardClicks>("card.action.trigger", bot => bot.HandleAsync, (route, _) => route with { StaleAfter = null })
        .OnFeishu<CardClicks>("card.action.trigger_v1", bot => bot.HandleAsync, (route, _) => route with { StaleAfter = null });

    private static CommandTable Commands(IServiceProvider services)
    {
        var commands = new CommandTable();
        if (services.GetRequiredService<IAssistant>().IsOn)
        {
            foreach (var command in FeishuQuestions.Commands(services.GetRequiredService<AssistantCommands>(), services.GetRequiredService<FeishuQuestions>)) commands.Add(command);
        }

        return commands
            .Add(HelpCommand.Create(() => commands.All))
            .Add(WhoAmICommand.Create(services.GetRequiredService<FeishuPeople>()))
            .Add(ApproveDemoCommand.Create(services.GetRequiredService<FeishuPeople>(), services.GetRequiredService<IDemoRequests>()))
            .Add(StreamDemoCommand.Create(services.GetRequiredService<IStreams>(), services.GetRequiredService<TimeProvider>()));
    }

    private static IServiceCollection OnFeishu<T>(this IServiceCollection services, string type, Func<T, Dispatch.EventHandler> handler,
        Func<EventRoute, T, EventRoute>? refine = null) where T : notnull => services.AddSingleton(provider =>
    {
        var bot = provider.GetRequiredService<T>();
        var route = new EventRoute(Ingress.FeishuInboundEvents.Platform, type, handler(bot));
        return refine is null ? route : refine(route, bot);
    });
}
