using Larkspur.DingTalk;
using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Departments;
using Larkspur.Gateway.People.Directory.Listening;
using Larkspur.Gateway.People.Directory.Reading;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.Platforms.DingTalk.Answers;
using Larkspur.Gateway.Platforms.DingTalk.Bot;
using Larkspur.Gateway.Platforms.DingTalk.Directory;
using Larkspur.Gateway.Platforms.DingTalk.Ingress;
using Larkspur.Gateway.Platforms.DingTalk.Robots;
using Larkspur.Gateway.Platforms.DingTalk.Sending;
using Larkspur.Gateway.Platforms.DingTalk.SignIn;
using Larkspur.Gateway.Robots;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>Everything about DingTalk, in reading order.</summary>
internal static class DingTalkServices
{
    /// <summary>What sends and what reacts. Before the sender of the outbox and the dispatcher, which find it among the channels and routes.</summary>
    public static void AddDingTalk(this IServiceCollection services, ConfiguredDingTalkApps configured)
    {
        foreach (var given in DingTalkIntegration.FixedBy(configured)) services.AddSingleton(given);
        foreach (var definition in DingTalkIntegration.Definitions) services.AddSetting(definition);
        services.AddOutboxOperation(EndOfAnswer.Definition);
        services.AddSingleton<DingTalkMonth>();
        services.AddSingleton(DingTalkIntegration.Setup);
        services.AddSingleton<DingTalkAppFactory>();
        services.AddSingleton(Apps);
        services.AddSingleton<IAppStates>(provider => provider.GetRequiredService<DingTalkApps>());
        services.AddSingleton<SessionWebhooks>();
        services.AddSingleton<DingTalkFailures>();
        services.AddSingleton<DingTalkAttachments>();
        services.AddSingleton<DingTalkPictures>();
        services.AddSingleton<RobotMessages>();
        services.AddSingleton<LiveAnswers>();
        services.AddSingleton<AnswerCards>();
        services.AddSingleton<IDingTalkOperation, EndOfAnswer>();
        services.AddSingleton<IDingTalkOperation, SendPicture>();
        foreach (var operation in (OutboxOperation[])[MessageOperations.Create, MessageOperations.Reply])
            services.AddSingleton<IDingTalkOperation>(provider => ActivatorUtilities.CreateInstance<SendPlainMessage>(provider, operation));
        services.AddSingleton<IChannel, DingTalkChannel>();
        services.AddSingleton<IRobotPlatform, DingTalkRobots>();
        services.AddSingleton<IOutboxCompletion, CardAnswerCompletion>();
        services.AddSingleton<DingTalkConversation>();
        services.AddSingleton<IConversationChannel>(provider => provider.GetRequiredService<DingTalkConversation>());

        services.AddSingleton<IPlatformFailureMessages, DingTalkFailureMessages>();
        services.AddSingleton<ISignInSource, DingTalkSignIns>();
        services.AddSingleton<DingTalkPeople>();
        services.AddSingleton<IDepartmentTree, DingTalkDepartments>();
        services.AddSingleton<IDirectoryReader, DingTalkDirectoryReader>();
        services.AddSingleton<IEventPaths, DingTalkEventPaths>();
        services.AddSingleton<DingTalkDirectoryEvents>();
        foreach (var type in DingTalkDirectoryEvents.Types) services.OnDingTalk<DingTalkDirectoryEvents>(type, e =>
            e.HandleAsync, (route, _) => route with { StaleAfter = null });
        services.AddSingleton<DingTalkSenders>();
        services.AddSingleton<DingTalkMessages>();
        services.AddSingleton<DingTalkClicks>();
        services.AddSingleton<DingTalkGreetings>();
        services.OnDingTalk<DingTalkMessages>(DingTalkTopics.RobotMessage, bot => bot.HandleAsync, (route, _) => route with { AwaitsAnswer = DingTalkMessages.AwaitsAnswerAsync });
        // A click is a decision that somebody has made: it counts whenever it is handled.
        services.OnDingTalk<DingTalkClicks>(DingTalkTopics.CardCallback, bot => bot.HandleAsync, (route, _) => route with { StaleAfter = null });
        services.OnDingTalk<DingTalkGreetings>("chat_add_member", bot => bot.GroupAsync, (route, _) => route with { StaleAfter = null });
    }

    /// <summary>What receives.</summary>
    public static void AddDingTalkIngress(this IServiceCollection services)
    {
        services.AddSingleton<DingTalkIntake>();
        services.AddSingleton<DingTalkWebhook>();
        services.AddSingleton<DingTalkStreams>();
        services.AddSingleton<IConnectionSource>(provider => provider.GetRequiredService<DingTalkStreams>());
        services.AddSingleton<DingTalkStreamMetrics>();
        services.AddHostedService(provider =>
        {
            _ = provider.GetRequiredService<DingTalkStreamMetrics>();
            return provider.GetRequiredService<DingTalkStreams>();
        });
    }

    private static DingTalkApps Apps(IServiceProvider provider)
    {
        var configured = provider.GetRequiredService<ConfiguredDingTalkApps>();
        var factory = provider.GetRequiredService<DingTalkAppFactory>();
        var apps = new DingTalkApps(configured.Apps.Select(app => factory.Create(app.Key, app.Value)));
        if (configured.StoredAppHosts is { } hosts)
            new StoredDingTalkApp(apps, factory, hosts,
                provider.GetRequiredService<ILogger<StoredDingTalkApp>>()).Follow(provider.GetRequiredService<ISettings>());
        return apps;
    }

    private static void OnDingTalk<T>(this IServiceCollection services, string type, Func<T, InboundEventHandler> handler, Func<EventRoute, T, EventRoute>? refine = null) where T : notnull =>
        services.AddSingleton(provider =>
        {
            var bot = provider.GetRequiredService<T>();
            var route = new EventRoute(DingTalkApps.Platform, type, handler(bot));
            return refine is null ? route : refine(route, bot);
        });
}
