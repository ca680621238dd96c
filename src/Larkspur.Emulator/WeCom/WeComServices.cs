using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.AiBots;
using Larkspur.Emulator.WeCom.AppChats;
using Larkspur.Emulator.WeCom.Approvals;
using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Cards;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.Contacts;
using Larkspur.Emulator.WeCom.Control;
using Larkspur.Emulator.WeCom.CustomerService;
using Larkspur.Emulator.WeCom.Front;
using Larkspur.Emulator.WeCom.GroupRobots;
using Larkspur.Emulator.WeCom.Media;
using Larkspur.Emulator.WeCom.Messages;
using Larkspur.Emulator.WeCom.People;
using Larkspur.Emulator.WeCom.SignIn;
using Larkspur.Emulator.WeCom.Tokens;

namespace Larkspur.Emulator.WeCom;

/// <summary>WeCom's parts and paths.</summary>
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
        services.AddSingleton<MessageJudge>();
        services.AddSingleton<ApplicationMessages>();
        services.AddSingleton<RobotKeys>();
        services.AddSingleton<WeComCourier>();
        services.AddSingleton<PassiveReplies>();
        services.AddSingleton<AppCallbacks>();
        services.AddSingleton<BotConnections>();
        services.AddSingleton<BotTurns>();
        services.AddSingleton<BotStreams>();
        services.AddSingleton<BotAnswers>();
        services.AddSingleton<BotUploads>();
        services.AddSingleton<BotCommands>();
        services.AddSingleton<BotSocketEndpoint>();
        services.AddSingleton<BotCallbacks>();
        services.AddSingleton<BotDesk>();
        services.AddSingleton<WeComQueues>();
        services.AddSingleton<WeComDeeds>();
        services.AddSingleton<WeComClicks>();
        services.AddSingleton<WeComConsole>();
        services.AddSingleton<WeComWait>();
        services.AddSingleton<WeComAct>();
        services.AddSingleton<WeComPush>();
        services.AddSingleton<WeComStateView>();
        services.AddArea<TokenApi>();
        services.AddSingleton<UrlUploads>();
        services.AddArea<MediaApi>();
        services.AddArea<MessageApi>();
        services.AddArea<AppChatApi>();
        services.AddArea<GroupRobotApi>();
        services.AddArea<BotResponseUrls>();
        services.AddArea<BotFiles>();
        services.AddSingleton<ContactEvents>();
        services.AddArea<ContactsApi>();
        services.AddArea<MemberWritesApi>();
        services.AddArea<DepartmentWritesApi>();
        services.AddArea<TagsApi>();
        services.AddSingleton<SignInCodes>();
        services.AddSingleton<JsTickets>();
        services.AddSingleton<SignInPages>();
        services.AddArea<SignInApi>();
        services.AddSingleton<KfDesk>();
        services.AddArea<KfApi>();
        services.AddSingleton<ApprovalEvents>();
        services.AddSingleton<ApprovalDesk>();
        services.AddSingleton<ApprovalList>();
        services.AddSingleton<ApprovalActs>();
        services.AddSingleton<ControlValues>();
        services.AddSingleton<FormJudge>();
        services.AddSingleton<ProcessReader>();
        services.AddArea<ApprovalApi>();
        services.AddSingleton<WeComHandlers>();
        services.AddSingleton<WeComFront>();
        services.AddSingleton<WeComPlatform>();
        services.AddSingleton<IEmulatedPlatform>(provider => provider.GetRequiredService<WeComPlatform>());
    }

    public static void MapWeCom(this WebApplication app)
    {
        app.Map("/cgi-bin/{**path}", app.Services.GetRequiredService<WeComFront>().HandleAsync);
        var pages = app.Services.GetRequiredService<SignInPages>();
        app.MapGet(SignInPages.Authorize, pages.AuthorizeAsync);
        app.MapGet(SignInPages.Login, pages.LoginAsync);
        app.Map(BotSocketEndpoint.Path, app.Services.GetRequiredService<BotSocketEndpoint>().HandleAsync);
    }

    private static void AddArea<T>(this IServiceCollection services) where T : class, IWeComArea
    {
        services.AddSingleton<T>();
        services.AddSingleton<IWeComArea>(provider => provider.GetRequiredService<T>());
    }
}
