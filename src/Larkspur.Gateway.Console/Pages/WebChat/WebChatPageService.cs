using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Platforms.Web.Sessions;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Console.Pages.WebChat;

/// <summary>Sessions of the web chat, and what a site needs that embeds it.</summary>
internal sealed class WebChatPageService(
    WebSessions sessions, WebSessionStore store, IAssistant assistant, ISettings settings, TimeProvider clock)
{
    private const int OnPage = 50;

    /// <summary>Who is tried out here is nobody whom a business system knows.</summary>
    private const string TrialIssuer = "larkspur-console";

    private static readonly TimeSpan TrialLifetime = TimeSpan.FromHours(1);

    /// <summary>There is somebody to chat with.</summary>
    public bool HasAssistant => assistant.IsOn;

    /// <summary>The gateway's address as browsers know it; null: as whoever looks sees it.</summary>
    public string? PublicAddress => settings.Now.Text(FeishuIntegration.CallbackDomain)?.TrimEnd('/');

    /// <summary>A page of sessions of all systems, the newest first, and where the next one begins.</summary>
    public async Task<(IReadOnlyList<WebSession> Items, long? Next)> ListAsync(bool ended, long? before, CancellationToken cancellation)
    {
        var found = await store.ListAsync(null, null, ended ? null : clock.GetUtcNow(), before, OnPage + 1, cancellation);
        return found.Count > OnPage ? (found[..OnPage], found[OnPage - 1].Id) : (found, null);
    }

    /// <summary>Ends a session at once, wherever it is open.</summary>
    /// <exception cref="ActionRefusedException">It is not there any more.</exception>
    public async Task EndAsync(Actor who, string name, CancellationToken cancellation)
    {
        if (await sessions.RevokeAsync(new KeyGrant(who), name, cancellation) is null)
            throw new ActionRefusedException(WebChatTexts.Missing);
    }

    /// <summary>Begins a session in which an administrator tries the chat: as a person of the console, and of no business system.</summary>
    /// <returns>Its page, with the token that opens it.</returns>
    public async Task<string> TryAsync(Actor who, string account, string? name, CancellationToken cancellation)
    {
        var wanted = new NewSession { Issuer = TrialIssuer, Subject = account, Name = name, Lifetime = TrialLifetime };
        return Platforms.Web.WebChat.Page + "#" + (await sessions.BeginAsync(new KeyGrant(who), wanted, cancellation)).Token;
    }

    /// <summary>A site as browsers write it; null: its pages could not embed the chat.</summary>
    public static string? Origin(string text)
    {
        try
        {
            return SessionOrigins.Checked(text.Trim(), "/origins/0");
        }
        catch (RequestRefusedException)
        {
            return null;
        }
    }
}
