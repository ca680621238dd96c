using Larkspur.Emulator.Company;
using Larkspur.Emulator.WeCom.AiBots;
using Larkspur.Emulator.WeCom.AppChats;
using Larkspur.Emulator.WeCom.Approvals;
using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Cards;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.Contacts;
using Larkspur.Emulator.WeCom.Control;
using Larkspur.Emulator.WeCom.CustomerService;
using Larkspur.Emulator.WeCom.ApiPipeline;
using Larkspur.Emulator.WeCom.GroupRobots;
using Larkspur.Emulator.WeCom.Media;
using Larkspur.Emulator.WeCom.Messages;
using Larkspur.Emulator.WeCom.People;
using Larkspur.Emulator.WeCom.SignIn;
using Larkspur.Emulator.WeCom.Tokens;

namespace Larkspur.Emulator.WeCom;

/// <summary>WeCom's parts.</summary>
internal static class WeComServices
{
    public static void AddWeCom(this IServiceCollection services)
    {
        services.AddSingleton<WeComTags>();
        services.AddSingleton<WeComCorp>();
        services.AddSingleton<WeComTokens>();
        services.AddSingleton<WeComLimits>();
        services.AddSingleton<WeComIds>();
        services.AddSingleton<WeComChats>();
        services.AddSingleton<WeComMedia>();
        services.AddSingleton<ResponseCodes>();
        services.AddSingleton<DuplicateCheck>();
        services.AddSingleton<TaskIds>();
        services.AddSingleton<MessageValidator>();
        services.AddSingleton<ApplicationMessages>();
        services.AddSingleton<RobotKeys>();
        services.AddSingleton<CallbackSender>();
        services.AddSingleton<PassiveReplies>();
        services.AddSingleton<AppCallbacks>();
        services.AddSingleton<BotConnections>();
        services.AddSingleton<BotRequests>();
        services.AddSingleton<BotStreams>();
        services.AddSingleton<BotAnswers>();
        services.AddSingleton<BotUploads>();
        services.AddSingleton<BotCommands>();
        services.AddSingleton<BotSocketEndpoint>();
        services.AddSingleton<BotCallbacks>();
        services.AddSingleton<BotDispatcher>();
        services.AddSingleton<WeComQueues>();
        services.AddSingleton<WeComActions>();
        services.AddSingleton<WeComClicks>();
        services.AddSingleton<WeComConsole>();
        services.AddSingleton<WeComWait>();
        services.AddSingleton<WeComActCommand>();
        services.AddSingleton<WeComPushCommand>();
        services.AddSingleton<WeComStateView>();
        services.AddShared<IWeComArea, TokenApi>();
        services.AddSingleton<UrlUploads>();
        services.AddShared<IWeComArea, MediaApi>();
        services.AddShared<IWeComArea, MessageApi>();
        services.AddShared<IWeComArea, AppChatApi>();
        services.AddShared<IWeComArea, GroupRobotApi>();
        services.AddShared<IWeComArea, BotResponseUrls>();
        services.AddShared<IWeComArea, BotFiles>();
        services.AddSingleton<ContactEvents>();
        services.AddShared<IContactRange, ContactVisibility>();
        services.AddSingleton<IDirectoryListener, SyncEvents>();
        services.AddShared<IWeComArea, DepartmentsApi>();
        services.AddShared<IWeComArea, ContactsApi>();
        services.AddShared<IWeComArea, MemberWritesApi>();
        services.AddShared<IWeComArea, DepartmentWritesApi>();
        services.AddShared<IWeComArea, TagsApi>();
        services.AddSingleton<SignInRules>();
        services.AddSingleton<SignInCodes>();
        services.AddSingleton<PrivateConsents>();
        services.AddSingleton<LoginPanel>();
        services.AddSingleton<SignInAct>();
        services.AddShared<IWeComArea, SecondFactor>();
        services.AddSingleton<JsTickets>();
        services.AddSingleton<SignInPages>();
        services.AddShared<IWeComArea, SignInApi>();
        services.AddSingleton<KfAccount>();
        services.AddShared<IWeComArea, KfApi>();
        services.AddSingleton<ApprovalEvents>();
        services.AddSingleton<ApprovalEngine>();
        services.AddSingleton<ApprovalList>();
        services.AddSingleton<ApprovalActions>();
        services.AddSingleton<ControlValues>();
        services.AddSingleton<FormValidator>();
        services.AddSingleton<ProcessReader>();
        services.AddShared<IWeComArea, ApprovalApi>();
        services.AddSingleton<WeComHandlers>();
        services.AddSingleton<WeComApiPipeline>();
        services.AddPlatform<WeComPlatform>();
    }
}
