using Larkspur.Gateway.Bots.ApproveDemo;
using Larkspur.Gateway.Channels.Feishu;
using Larkspur.Gateway.Dispatch;

namespace Larkspur.Gateway.Bots;

/// <summary>Everything the Feishu bot reacts to, in reading order.</summary>
internal static class FeishuBot
{
    public static IServiceCollection AddFeishuBot(this IServiceCollection services) => services
        .AddSingleton<IBotPeople, BotPeople>()
        .AddSingleton<IDemoRequests, DemoRequests>()
        .AddSingleton<INotices, BotNotices>()
        .AddSingleton<FeishuPeople>()
        .AddSingleton<DemoClicks>()
        .AddSingleton<BotClicks>()
        .AddSingleton<BotGreetings>()
        .AddSingleton<BotMessages>()
        .AddSingleton(Commands)
        .OnFeishu<BotMessages>("im.message.receive_v1", bot => bot.HandleAsync)
        .OnFeishu<BotGreetings>("im.chat.member.bot.added_v1", bot => bot.GroupAsync)
        .OnFeishu<BotGreetings>("im.chat.access_event.bot_p2p_chat_entered_v1", bot => bot.PersonAsync)
        .OnFeishu<BotClicks>("card.action.trigger", bot => bot.HandleAsync)
        .OnFeishu<BotClicks>("card.action.trigger_v1", bot => bot.HandleAsync);

    private static CommandTable Commands(IServiceProvider services)
    {
        var commands = new CommandTable();
        return commands
            .Add(HelpCommand.Create(() => commands.All))
            .Add(WhoAmICommand.Create(services.GetRequiredService<FeishuPeople>()))
            .Add(ApproveDemoCommand.Create(services.GetRequiredService<FeishuPeople>(), services.GetRequiredService<IDemoRequests>()));
    }

    private static IServiceCollection OnFeishu<T>(this IServiceCollection services, string type, Func<T, Dispatch.EventHandler> handler) where T : notnull =>
        services.AddSingleton(provider => new EventRoute(Ingress.FeishuInboundEvents.Platform, type, handler(provider.GetRequiredService<T>())));
}
