using Larkspur.Gateway.Common;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Platforms.Web.Chats;
using Larkspur.Gateway.Platforms.Web.Page;
using Larkspur.Gateway.Platforms.Web.Serving;
using Larkspur.Gateway.Platforms.Web.Sessions;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.Web;

/// <summary>The web chat: a page that other sites may embed, and the API behind it.</summary>
internal static class WebChatServices
{
    /// <summary>Each file may have megabytes.</summary>
    private const int FileBatch = 50;

    public static void AddWebChat(this IServiceCollection services, SettingsReader settings)
    {
        var options = settings.Read<WebChatOptions>();
        services.AddSingleton(options);
        services.AddSingleton<ChatReaders>();
        services.AddSingleton<LiveAnswers>();
        services.AddSingleton<ChatStore>();
        services.AddRetention("web messages", o => o.Keep, ChatStore.PruneAsync);
        services.AddRetention("web files", o => o.Keep, WebFile.PruneAsync, atMost: FileBatch);
        services.AddRetention("unsent web files", _ => TimeSpan.FromHours(1), WebFile.PruneUnsentAsync, atMost: FileBatch);
        services.AddSingleton<WebSessionStore>();
        services.AddRetention("web sessions", o => o.Keep, WebSessionStore.PruneAsync);
        services.AddSingleton<OpenSessions>();
        services.AddSingleton<SessionLookup>();
        services.AddSingleton<ChatSessions>();
        services.AddSingleton<WebSessions>();
        services.AddSingleton<WebSessionEndpoints>();
        services.AddSingleton<SignedInSessions>();
        services.AddSingleton<ISignInSessionEnd>(provider => provider.GetRequiredService<SignedInSessions>());
        services.AddSetting(SignedInSessions.Definition);
        services.AddSingleton<IConversationChannel, WebConversation>();
        services.AddSingleton<IChannel, WebChannel>();
        services.AddSingleton<IPlatformFailureMessages, WebFailureMessages>();
        services.AddSingleton<IPersonMerged, WebPeople>();
        services.AddSingleton<WebQuestions>();
        services.AddSingleton(provider => new EventRoute(WebChat.Platform, WebChat.MessageEvent, provider.GetRequiredService<WebQuestions>().AskedAsync) { AwaitsAnswer = static (_, _) => ValueTask.FromResult(true) });
        // A verdict is one whenever it is handled.
        services.AddSingleton(provider => new EventRoute(WebChat.Platform, WebChat.ActionEvent, provider.GetRequiredService<WebQuestions>().ClickedAsync) { StaleAfter = null });
        services.AddSingleton<ChatRates>();
        services.AddSingleton<ChatGate>();
        services.AddSingleton<ChatFiles>();
        services.AddSingleton<ChatPosts>();
        services.AddSingleton<ChatHistory>();
        services.AddSingleton<ChatEvents>();
        services.AddSingleton<ChatPages>();
        services.AddHostedService<ChatWatch>();
    }

    public static void MapWebChat(this IEndpointRouteBuilder routes)
    {
        routes.MapChatApi();
        routes.MapChatPages();
    }
}
