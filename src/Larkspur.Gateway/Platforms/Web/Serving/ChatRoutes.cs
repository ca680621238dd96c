using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>The chat's API. See docs/web-chat.md.</summary>
internal static class ChatRoutes
{
    public static void MapChatApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(WebChat.Api).ExcludeFromDescription();
        api.MapGet("/session", (HttpContext http, ChatGate gate, ChatPosts posts, ChatFiles files) => gate.RunAsync(http, isMessage: false, session => ChatJson.WriteAsync(http, StatusCodes.Status200OK, new ChatSessionView
        {
            Name = session.PersonName, Locale = session.Language?.Tag(), ExpiresAt = session.ExpiresAt, MaxText = posts.MaxText, MaxFiles = files.MaxFiles, MaxFileBytes = files.MaxBytes,
        })));
        api.MapPost("/messages", (HttpContext http, ChatGate gate, ChatPosts posts) => gate.RunAsync(http, isMessage: true, session => posts.SayAsync(http, session)));
        api.MapGet("/messages", (HttpContext http, ChatGate gate, ChatHistory history) => gate.RunAsync(http, isMessage: false, async session =>
            await ChatJson.WriteAsync(http, StatusCodes.Status200OK, await history.ReadAsync(http.Request, session, http.RequestAborted))));
        api.MapGet("/events", (HttpContext http, ChatGate gate, ChatEvents events) => gate.RunAsync(http, isMessage: false, session => events.ServeAsync(http, session)));
        api.MapPost("/actions", (HttpContext http, ChatGate gate, ChatPosts posts) => gate.RunAsync(http, isMessage: false, session => posts.DoAsync(http, session)));
        api.MapPost("/files", (HttpContext http, ChatGate gate, ChatFiles files) => gate.RunAsync(http, isMessage: false, session => files.TakeAsync(http, session)));
        api.MapGet("/files/{id}", (string id, HttpContext http, ChatGate gate, ChatFiles files) => gate.RunAsync(http, isMessage: false, session => files.GiveAsync(http, session, id)));
        foreach (var path in (string[])["/session", "/messages", "/events", "/actions", "/files", "/files/{id}"]) api.MapMethods(path, ["OPTIONS"], (HttpContext http) => ChatGate.PreflightAsync(http));
    }
}
