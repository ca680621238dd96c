using Larkspur.Emulator.Company;
using Larkspur.Emulator.DingTalk.Actions;
using Larkspur.Emulator.DingTalk.Auth;
using Larkspur.Emulator.DingTalk.Cards;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.Deliveries;
using Larkspur.Emulator.DingTalk.Events;
using Larkspur.Emulator.DingTalk.ApiPipeline;
using Larkspur.Emulator.DingTalk.People;
using Larkspur.Emulator.DingTalk.Robots;
using Larkspur.Emulator.DingTalk.StreamMode;
using Larkspur.Emulator.DingTalk.WorkNotices;
using Larkspur.Emulator.DingTalk.Workflow;

namespace Larkspur.Emulator.DingTalk;

/// <summary>DingTalk's parts.</summary>
internal static class DingTalkServices
{
    public static void AddDingTalk(this IServiceCollection services)
    {
        services.AddSingleton(s => s.GetRequiredService<EmulatorSettings>().DingTalk);
        services.AddSingleton<DingTalkAddress>();
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<PersonTokens>();
        services.AddSingleton<SignInCodes>();
        services.AddSingleton<SignInRules>();
        services.AddSingleton<ClientCodes>();
        services.AddSingleton<LoginFrame>();
        services.AddSingleton<JsapiTickets>();
        services.AddSingleton<AuthorizePage>();
        services.AddSingleton<DingTalkAccess>();
        services.AddSingleton<DingTalkLimits>();
        services.AddSingleton<DingTalkApiPipeline>();
        services.AddSingleton<StreamTickets>();
        services.AddSingleton<StreamConnections>();
        services.AddSingleton<StreamEndpoint>();
        services.AddSingleton<StreamEventSender>();
        services.AddSingleton<HttpEventSender>();
        services.AddSingleton<DeliveryRecords>();
        services.AddSingleton<BackgroundDeliveries>();
        services.AddSingleton<DingTalkChats>();
        services.AddSingleton<ChatReader>();
        services.AddSingleton<MessageTemplates>();
        services.AddSingleton<WebhookContent>();
        services.AddSingleton<SessionWebhooks>();
        services.AddSingleton<RobotMessages>();
        services.AddSingleton<PersonMessages>();
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
        services.AddSingleton<ApprovalEngine>();
        services.AddSingleton<ApprovalFiles>();
        services.AddSingleton<ApprovalFlows>();
        services.AddSingleton<ProcessCentre>();
        services.AddShared<IDingTalkArea, TokensApi>();
        services.AddShared<IDingTalkArea, SignInApi>();
        services.AddSingleton<DingTalkDirectory>();
        services.AddShared<IContactRange, DingTalkRange>();
        services.AddSingleton<IDingTalkArea>(provider => provider.GetRequiredService<DingTalkRange>());
        services.AddSingleton<UserView>();
        services.AddSingleton<IDirectoryListener, OrganisationEvents>();
        services.AddShared<IDingTalkArea, ContactsApi>();
        services.AddShared<IDingTalkArea, DepartmentsApi>();
        services.AddShared<IDingTalkArea, UserWritesApi>();
        services.AddShared<IDingTalkArea, DepartmentWritesApi>();
        services.AddShared<IDingTalkArea, LeaversApi>();
        services.AddShared<IDingTalkArea, WorkNoticesApi>();
        services.AddShared<IDingTalkArea, StreamOpenApi>();
        services.AddShared<IDingTalkArea, RobotSendApi>();
        services.AddShared<IDingTalkArea, SessionReplyApi>();
        services.AddShared<IDingTalkArea, GroupRobotApi>();
        services.AddShared<IDingTalkArea, MediaApi>();
        services.AddShared<IDingTalkArea, CardsApi>();
        services.AddShared<IDingTalkArea, CardStreamingApi>();
        services.AddShared<IDingTalkArea, CardRoutesApi>();
        services.AddShared<IDingTalkArea, FormsApi>();
        services.AddShared<IDingTalkArea, WorkflowApi>();
        services.AddShared<IDingTalkArea, ForecastApi>();
        services.AddShared<IDingTalkArea, ApprovalFilesApi>();
        services.AddShared<IDingTalkArea, ProcessCentreApi>();
        services.AddShared<IDingTalkArea, FailedEvents>();
        services.AddSingleton<DingTalkStateView>();
        services.AddSingleton<ApprovalActions>();
        services.AddSingleton<PersonActions>();
        services.AddSingleton<TenantActions>();
        services.AddSingleton<PushAction>();
        services.AddPlatform<DingTalkPlatform>();
    }
}
