using Larkspur.Emulator.Control;
using Larkspur.Emulator.DingTalk.Acts;
using Larkspur.Emulator.DingTalk.Auth;
using Larkspur.Emulator.DingTalk.Cards;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.Deliveries;
using Larkspur.Emulator.DingTalk.Events;
using Larkspur.Emulator.DingTalk.Front;
using Larkspur.Emulator.DingTalk.People;
using Larkspur.Emulator.DingTalk.Robots;
using Larkspur.Emulator.DingTalk.StreamMode;
using Larkspur.Emulator.DingTalk.WorkNotices;
using Larkspur.Emulator.DingTalk.Workflow;

namespace Larkspur.Emulator.DingTalk;

internal static class DingTalkServices
{
    /// <summary>Both generations of the API are served at one address.</summary>
    private static readonly string[] Roots = ["v1.0", "topapi", "robot", "media", "call_back"];

    public static void AddDingTalk(this IServiceCollection services)
    {
        services.AddSingleton(s => s.GetRequiredService<EmulatorSettings>().DingTalk);
        services.AddSingleton<DingTalkAddress>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<PersonTokens>();
        services.AddSingleton<SignInCodes>();
        services.AddSingleton<JsapiTickets>();
        services.AddSingleton<AuthorizePage>();
        services.AddSingleton<DingTalkGate>();
        services.AddSingleton<DingTalkLimits>();
        services.AddSingleton<DingTalkFront>();
        services.AddSingleton<StreamTickets>();
        services.AddSingleton<StreamConnections>();
        services.AddSingleton<StreamEndpoint>();
        services.AddSingleton<StreamCourier>();
        services.AddSingleton<HttpCourier>();
        services.AddSingleton<DeliveryRecords>();
        services.AddSingleton<BackgroundDeliveries>();
        services.AddSingleton<DingTalkChats>();
        services.AddSingleton<ChatReader>();
        services.AddSingleton<MessageTemplates>();
        services.AddSingleton<WebhookContent>();
        services.AddSingleton<SessionWebhooks>();
        services.AddSingleton<RobotVoice>();
        services.AddSingleton<SpokenMessages>();
        services.AddSingleton<RepliedMessages>();
        services.AddSingleton<RobotMessageBody>();
        services.AddSingleton<RobotDeliveries>();
        services.AddSingleton<GroupRobots>();
        services.AddSingleton<CardInstances>();
        services.AddSingleton<CardSpaces>();
        services.AddSingleton<CardClicks>();
        services.AddSingleton<NoticeContent>();
        services.AddSingleton<NoticeTasks>();
        services.AddSingleton<EventPush>();
        services.AddSingleton<EventDeliveries>();
        services.AddSingleton<ApprovalDesk>();
        services.AddSingleton<ApprovalFiles>();
        services.AddSingleton<ApprovalWays>();
        services.AddSingleton<ProcessCentre>();
        services.AddArea<TokensApi>();
        services.AddArea<SignInApi>();
        services.AddArea<ContactsApi>();
        services.AddArea<WorkNoticesApi>();
        services.AddArea<StreamOpenApi>();
        services.AddArea<RobotSendApi>();
        services.AddArea<SessionReplyApi>();
        services.AddArea<GroupRobotApi>();
        services.AddArea<MediaApi>();
        services.AddArea<CardsApi>();
        services.AddArea<CardStreamingApi>();
        services.AddArea<CardRoutesApi>();
        services.AddArea<FormsApi>();
        services.AddArea<WorkflowApi>();
        services.AddArea<ForecastApi>();
        services.AddArea<ApprovalFilesApi>();
        services.AddArea<ProcessCentreApi>();
        services.AddArea<FailedEvents>();
        services.AddSingleton<DingTalkState>();
        services.AddSingleton<ApprovalActs>();
        services.AddSingleton<PersonActs>();
        services.AddSingleton<TenantActs>();
        services.AddSingleton<PushAct>();
        services.AddSingleton<DingTalkReset>();
        services.AddSingleton<DingTalkPlatform>();
        services.AddSingleton<IEmulatedPlatform>(provider => provider.GetRequiredService<DingTalkPlatform>());
    }

    public static void MapDingTalk(this WebApplication app)
    {
        var front = app.Services.GetRequiredService<DingTalkFront>();
        foreach (var root in Roots) app.Map($"/{root}/{{**path}}", front.HandleAsync);
        app.Map("/gettoken", front.HandleAsync);
        app.MapGet(AuthorizePage.Path, app.Services.GetRequiredService<AuthorizePage>().HandleAsync);
        app.MapGet(ApprovalFilesApi.Path, app.Services.GetRequiredService<ApprovalFilesApi>().SendAsync);
        app.Map(StreamEndpoint.Path, app.Services.GetRequiredService<StreamEndpoint>().HandleAsync);
    }

    private static void AddArea<T>(this IServiceCollection services) where T : class, IDingTalkArea
    {
        services.AddSingleton<T>();
        services.AddSingleton<IDingTalkArea>(provider => provider.GetRequiredService<T>());
    }
}
