using Larkspur.Emulator.Feishu.Approval;
using Larkspur.Emulator.Feishu.Apps;
using Larkspur.Emulator.Feishu.Auth;
using Larkspur.Emulator.Feishu.CardKit;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.Cards.Judgement;
using Larkspur.Emulator.Feishu.Cards.Templates;
using Larkspur.Emulator.Feishu.Catalogue;
using Larkspur.Emulator.Feishu.Contact;
using Larkspur.Emulator.Feishu.CustomBots;
using Larkspur.Emulator.Feishu.Docs;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.Front;
using Larkspur.Emulator.Feishu.Im;
using Larkspur.Emulator.Feishu.LongConnection;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Feishu;

/// <summary>Feishu on loopback: its parts and its paths.</summary>
public static class FeishuPlatform
{
    /// <summary>First segments of the catalogue's paths, of all the platform's hosts.</summary>
    private static readonly string[] Roots = ["open-apis", "approval", "callback", "suite"];

    public static void AddFeishu(this IServiceCollection services)
    {
        services.AddSingleton(EndpointCatalogue.Embedded);
        services.AddSingleton<TokenStore>();
        services.AddSingleton<AccessGate>();
        services.AddSingleton<RateLimiter>();
        services.AddSingleton<OnceOnly>();
        services.AddSingleton<Courier>();
        services.AddSingleton<LongConnections>();
        services.AddSingleton<SocketTickets>();
        services.AddSingleton<SocketCourier>();
        services.AddSingleton<SocketEndpoint>();
        services.AddSingleton<PushRoutes>();
        services.AddSingleton<EventPusher>();
        services.AddSingleton<EventSource>();
        services.AddSingleton<CardTokens>();
        services.AddSingleton<OngoingClicks>();
        services.AddSingleton<CardEntities>();
        services.AddSingleton<CardOperation>();
        services.AddSingleton<CardJudge>();
        services.AddSingleton<TemplateCards>();
        services.AddSingleton<CardReader>();
        services.AddSingleton<CardDisplay>();
        services.AddSingleton<CardCallbacks>();
        services.AddSingleton<MessageContentReader>();
        services.AddSingleton<MessagePost>();
        services.AddSingleton<Receivers>();
        services.AddSingleton<CallbackAddress>();
        services.AddSingleton<IPersonActions, PersonDeeds>();
        services.AddSingleton<IApiArea, AuthApi>();
        services.AddSingleton<IApiArea, MessagesApi>();
        services.AddSingleton<IApiArea, MessageHistoryApi>();
        services.AddSingleton<IApiArea, ForwardApi>();
        services.AddSingleton<IApiArea, ReactionsApi>();
        services.AddSingleton<IApiArea, PinsApi>();
        services.AddSingleton<IApiArea, UrgentApi>();
        services.AddSingleton<IApiArea, FollowUpApi>();
        services.AddSingleton<IApiArea, BatchMessagesApi>();
        services.AddSingleton<IApiArea, CustomBotApi>();
        services.AddSingleton<IApiArea, FilesApi>();
        services.AddSingleton<IApiArea, ChatsApi>();
        services.AddSingleton<IApiArea, ChatMembersApi>();
        services.AddSingleton<IApiArea, ChatRulesApi>();
        services.AddSingleton<IApiArea, ChatTabsApi>();
        services.AddSingleton<IApiArea, ChatMenuApi>();
        services.AddSingleton<IApiArea, AnnouncementApi>();
        services.AddSingleton<IApiArea, CardUpdateApi>();
        services.AddSingleton<IApiArea, EphemeralCardsApi>();
        services.AddSingleton<IApiArea, CardKitApi>();
        services.AddSingleton<IApiArea, CardElementsApi>();
        services.AddSingleton<IApiArea, UsersApi>();
        services.AddSingleton<IApiArea, DepartmentsApi>();
        services.AddSingleton<IApiArea, AppsApi>();
        services.AddSingleton<IApiArea, BootstrapApi>();
        services.AddSingleton<FormReader>();
        services.AddSingleton<ApproverFinder>();
        services.AddSingleton<DefinitionReader>();
        services.AddSingleton<ApprovalDesk>();
        services.AddSingleton<ExternalCallbacks>();
        services.AddSingleton<ApprovalDeeds>();
        services.AddSingleton<IApiArea, DefinitionsApi>();
        services.AddSingleton<IApiArea, InstancesApi>();
        services.AddSingleton<IApiArea, TasksApi>();
        services.AddSingleton<IApiArea, CommentsApi>();
        services.AddSingleton<IApiArea, ApprovalSearchApi>();
        services.AddSingleton<IApiArea, ApprovalFilesApi>();
        services.AddSingleton<IApiArea, ExternalApprovalsApi>();
        services.AddSingleton<ApprovalBot>();
        services.AddSingleton<IApiArea, ApprovalBotApi>();
        services.AddSingleton<IApiArea, RolesApi>();
        services.AddSingleton<IApiArea, DocumentsApi>();
        services.AddSingleton<IApiArea, BlockWritingApi>();
        services.AddSingleton<IApiArea, DocumentPermissionsApi>();
        services.AddSingleton<IApiArea, WikiApi>();
        services.AddSingleton<ApiHandlers>();
        services.AddSingleton<ApiFront>();
        services.AddHostedService<AppTicketClock>();
    }

    public static void MapFeishu(this WebApplication app)
    {
        var front = app.Services.GetRequiredService<ApiFront>();
        foreach (var root in Roots) app.Map($"/{root}/{{**path}}", front.HandleAsync);
        app.UseWebSockets();
        app.Map(SocketEndpoint.Path, app.Services.GetRequiredService<SocketEndpoint>().HandleAsync);
    }
}
