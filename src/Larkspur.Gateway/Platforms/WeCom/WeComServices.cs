using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Departments;
using Larkspur.Gateway.People.Directory.Listening;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.Platforms.WeCom.Answers;
using Larkspur.Gateway.Platforms.WeCom.Directory;
using Larkspur.Gateway.Platforms.WeCom.Ingress;
using Larkspur.Gateway.Platforms.WeCom.Robots;
using Larkspur.Gateway.Platforms.WeCom.Sending;
using Larkspur.Gateway.Platforms.WeCom.SignIn;
using Larkspur.Gateway.Robots;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.WeCom;

/// <summary>Registers WeCom: sending, receiving, and the assistant's conversations there.</summary>
internal static class WeComServices
{
    private static readonly string[] Messages = ["text", "image", "voice", "video", "location", "link"];
    private static readonly string[] BotMessages = ["text", "image", "mixed", "voice", "file", "video"];

    public static IServiceCollection AddWeCom(this IServiceCollection services, ConfiguredWeComApps configured)
    {
        foreach (var given in WeComIntegration.FixedBy(configured)) services.AddSingleton(given);
        foreach (var definition in WeComIntegration.Definitions) services.AddSetting(definition);
        services
            .AddSingleton(WeComIntegration.Setup).AddSingleton<WeComAppFactory>().AddSingleton(Apps).AddSingleton<IAppStates>(provider =>
                provider.GetRequiredService<WeComApps>())
            .AddSingleton<ISignInSource, WeComSignIns>()
            .AddSingleton<WeComPeople>().AddSingleton<IDepartmentTree, WeComDepartments>()
            .AddSingleton<IDirectoryReader, WeComDirectoryReader>().AddSingleton<IEventPaths, WeComEventPaths>()
            .AddSingleton<WeComDirectoryEvents>().AddSingleton<RecentTexts>()
            .AddSingleton<ResponseAddresses>().AddSingleton<ResponseUses>().AddSingleton<WeComSending>()
            .AddSingleton<ReplyStore>().AddSingleton<LiveReplies>().AddSingleton<ReplyDelivery>().AddSingleton<ReplyParts>()
            .AddSingleton<BotFileSeals>().AddSingleton<BotDeliverySeals>().AddSingleton<BotFiles>().AddSingleton<WeComAttachments>()
            .AddSingleton<WeComPictures>()
            .AddOutboxOperation(EndOfAnswer.Definition)
            .AddSingleton<IWeComOperation, EndOfAnswer>().AddSingleton<IWeComOperation, UpdateClickedCard>()
            .AddSingleton<IWeComOperation, SendPicture>()
            .AddSingleton<IWeComOperation>(provider => ActivatorUtilities.CreateInstance<SendMessage>(provider, MessageOperations.Create))
            .AddSingleton<IWeComOperation>(provider => ActivatorUtilities.CreateInstance<SendMessage>(provider, MessageOperations.Reply))
            .AddSingleton<IChannel, WeComChannel>().AddSingleton<IRobotPlatform, WeComRobots>()
            .AddSingleton<IConversationChannel, WeComConversation>()
            .AddSingleton<IPlatformFailureMessages, WeComFailureMessages>()
            .AddSingleton<WeComMessages>().AddSingleton<WeComGreetings>().AddSingleton<WeComClicks>()
            .AddSingleton<StreamPolls>().AddSingleton<WeComAnswers>().AddSingleton<WeComWebhook>().AddSingleton<BotIntake>()
            .AddHostedService<StreamRelay>()
            .AddRetention("answers of WeCom's bots", o => o.Keep, ReplyStore.PruneAsync)
            .AddRetention("response addresses of WeCom's bots", o => o.Keep, ResponseUses.PruneAsync);
        foreach (var type in Messages) services.On<WeComMessages>("message." + type, m => m.HandleAsync, (route, m) => route with { AwaitsAnswer = m.AwaitsAnswerAsync });
        foreach (var type in BotMessages) services.On<WeComMessages>("aibot.message." + type, m => m.HandleAsync, (route, m) => route with { AwaitsAnswer = m.AwaitsAnswerAsync });
        return services
            .On<WeComDirectoryEvents>(WeComDirectoryEvents.Type, e => e.HandleAsync, Lasting)
            .On<WeComGreetings>("event.enter_agent", g => g.HandleAsync)
            .On<WeComGreetings>("aibot.event.enter_chat", g => g.HandleAsync)
            // A click is what somebody has decided, and the platform never repeats it.
            .On<WeComClicks>("event.template_card_event", c => c.CardAsync, Lasting)
            .On<WeComClicks>("aibot.event.template_card_event", c => c.CardAsync, Lasting)
            .On<WeComClicks>("aibot.event.feedback_event", c => c.FeedbackAsync, Lasting);
    }

    /// <summary>What receives over long connections.</summary>
    public static IServiceCollection AddWeComConnections(this IServiceCollection services) => services
        .AddSingleton<BotConnections>().AddSingleton<IConnectionSource>(provider => provider.GetRequiredService<BotConnections>())
        .AddHostedService(provider => provider.GetRequiredService<BotConnections>());

    private static WeComApps Apps(IServiceProvider provider)
    {
        var configured = provider.GetRequiredService<ConfiguredWeComApps>();
        var factory = provider.GetRequiredService<WeComAppFactory>();
        var apps = new WeComApps(configured.Apps.Select(app => factory.Create(app.Key, app.Value)));
        if (configured.StoredAppHosts is { } hosts)
            new StoredWeComApp(apps, factory, hosts,
                provider.GetRequiredService<ILogger<StoredWeComApp>>()).Follow(provider.GetRequiredService<ISettings>());
        return apps;
    }

    private static EventRoute Lasting<T>(EventRoute route, T handlers) => route with { StaleAfter = null };

    private static IServiceCollection On<T>(this IServiceCollection services, string type, Func<T, InboundEventHandler> handler, Func<EventRoute, T, EventRoute>? refine = null) where T : notnull =>
        services.AddSingleton(provider =>
        {
            var handlers = provider.GetRequiredService<T>();
            var route = new EventRoute(WeComApps.Platform, type, handler(handlers));
            return refine is null ? route : refine(route, handlers);
        });
}
