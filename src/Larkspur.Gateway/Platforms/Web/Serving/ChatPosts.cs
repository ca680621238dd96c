using System.Diagnostics;
using System.Text.Json;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Ingress;
using Larkspur.Gateway.Platforms.Web.Chats;
using Larkspur.Gateway.Platforms.Web.Sessions;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>What people send in the web chat: recorded in the inbox like what any platform delivers, and answered once that is durable.</summary>
internal sealed class ChatPosts(EventIntake intake, IAssistant assistant, ChatFiles files, AssistantOptions options, TimeProvider clock)
{
    private const int LongestClientId = 64;

    /// <summary>Characters of a message.</summary>
    public int MaxText => options.MaxQuestion;

    /// <summary>A character has up to six bytes as JSON.</summary>
    private int LargestBody => Math.Min(1 << 20, options.MaxQuestion * 6 + 1024);

    /// <summary>Takes a message. One that came before under the same name is answered the same, and not asked again.</summary>
    /// <exception cref="RequestRefusedException">It is none, or nobody could answer.</exception>
    public async Task SayAsync(HttpContext http, WebSession session)
    {
        var started = clock.GetTimestamp();
        var body = await RequestJson.ReadAsync(http.Request, LargestBody, http.RequestAborted);
        var clientId = body.Need("client_id", ClientId(body));
        var named = body.Texts("files", options.MaxFiles, 40) ?? [];
        // Files alone are a message too.
        var text = named.Count > 0 && !body.Has("text") ? "" : body.Need("text", body.Text("text", options.MaxQuestion));
        body.End();
        if (text.Contains('\0', StringComparison.Ordinal)) throw RequestRefusedException.Impossible("bad_text", "/text", "The text holds U+0000, which nothing can show.");
        if (!assistant.IsOn) throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "assistant_off", null, "No assistant is set up here.");
        var key = $"{session.Name}:{clientId}";
        var attached = await files.OfMessageAsync(named, session, key, http.RequestAborted);
        var payload = JsonSerializer.SerializeToUtf8Bytes(new SaidInChat(session.Name, text, LanguageOf(http, session).Tag(), attached.Count > 0 ? [.. attached.Select(ChatFileView.Of)] : null));
        var taken = await intake.TakeAsync(now => Event(session, WebChat.MessageEvent, key, payload, now), WebChat.App, "web chat", started);
        if (taken.Event is not { } inbound) throw Unavailable();
        await ChatJson.WriteAsync(http, StatusCodes.Status202Accepted, new ChatTaken(clientId, Reference.For(inbound.Platform, inbound.App, inbound.EventId)));
    }

    /// <summary>Takes a click on a button, and answers what it came to.</summary>
    /// <exception cref="RequestRefusedException">It is none.</exception>
    public async Task DoAsync(HttpContext http, WebSession session)
    {
        var started = clock.GetTimestamp();
        var body = await RequestJson.ReadAsync(http.Request, 4 << 10, http.RequestAborted);
        var text = body.Need("action", body.Text("action", 100));
        var clientId = ClientId(body) ?? Guid.NewGuid().ToString("N");
        body.End();
        if (!AnswerAction.TryParse(text, out _)) throw RequestRefusedException.Impossible("bad_action", "/action", "It is none of a button's actions.");
        var payload = JsonSerializer.SerializeToUtf8Bytes(new ClickInChat(session.Name, text));
        var taken = await intake.TakeAsync(now => Event(session, WebChat.ActionEvent, $"{session.Name}:action:{clientId}", payload, now) with { Kind = EventKind.Callback, OrderingKey = "action:" + session.Person }, WebChat.App, "web chat", started);
        if (taken.Event is null) throw Unavailable();
        var toast = taken.Answer?.Answer?.Toast;
        var written = false;
        try
        {
            await ChatJson.WriteAsync(http, StatusCodes.Status200OK, new ChatDone(toast is null ? null : new ChatToast(toast.Kind, LanguageOf(http, session) == Language.Chinese ? toast.Chinese : toast.English)));
            written = !http.RequestAborted.IsCancellationRequested;
        }
        finally
        {
            if (taken.Answer is { } answer) await answer.SettleAsync(written);
        }
    }

    private static InboundEvent Event(WebSession session, string type, string id, byte[] payload, DateTimeOffset now) => new()
    {
        Platform = WebChat.Platform, App = WebChat.App, EventId = id, EventType = type, OrderingKey = "chat:" + session.Person, ChatId = session.Person, PersonId = session.Person, TraceParent = Activity.Current?.Id,
        ReceivedAt = now, Payload = payload,
    };

    private static string? ClientId(JsonFields body)
    {
        if (body.Text("client_id", LongestClientId) is not { } id) return null;
        return id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') ? id : throw RequestRefusedException.Impossible("bad_id", "/client_id", "Letters, digits, - and _.");
    }

    private static Language LanguageOf(HttpContext http, WebSession session) => session.Language ?? (ProblemLanguage.Of(http.Request) == ProblemLanguage.Chinese ? Language.Chinese : Language.English);

    private static RequestRefusedException Unavailable() => new(StatusCodes.Status503ServiceUnavailable, "unavailable", null, "The gateway's database is unavailable. Send the same again later.");
}
