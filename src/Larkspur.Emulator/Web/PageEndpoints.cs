using Larkspur.Emulator.Web.Pages;

namespace Larkspur.Emulator.Web;

/// <summary>The page and its fragments.</summary>
internal static class PageEndpoints
{
    public static void Map(RouteGroupBuilder group)
    {
        group.MapGet("/", static (HttpContext context, PageRenderer pages) =>
        {
            if (pages.ViewerOf(context.Request) is not { } viewer) return NobodyHereAsync();
            Remember(context, viewer);
            return pages.RenderAsync<Shell>(new()
            {
                ["Viewer"] = viewer,
                ["Chat"] = PageRenderer.ChatOf(context.Request, viewer),
                ["ShowsInspector"] = context.Request.Query["view"] == "inspector",
            });
        });

        var fragments = group.MapGroup("/ui").AddEndpointFilter(static (context, next) =>
        {
            context.HttpContext.Response.Headers.CacheControl = "no-store";
            return next(context);
        });
        fragments.MapGet("/chats", static (HttpContext context, PageRenderer pages) => pages.ViewerOf(context.Request) is { } viewer
            ? pages.RenderAsync<ChatList>(new() { ["Viewer"] = viewer, ["CurrentId"] = PageRenderer.ChatOf(context.Request, viewer)?.ChatId })
            : NobodyHereAsync());
        fragments.MapGet("/people", static (HttpContext context, PageRenderer pages) => pages.ViewerOf(context.Request) is { } viewer
            ? pages.RenderAsync<People>(new()
            {
                ["Viewer"] = viewer, ["Chat"] = PageRenderer.ChatOf(context.Request, viewer), ["ShowsInspector"] = context.Request.Query["view"] == "inspector",
            })
            : NobodyHereAsync());
        fragments.MapGet("/messages", static (HttpContext context, PageRenderer pages) =>
            pages.ViewerOf(context.Request) is { } viewer && PageRenderer.ChatOf(context.Request, viewer) is { } chat
                ? pages.RenderAsync<MessageList>(new() { ["Viewer"] = viewer, ["Chat"] = chat })
                : NobodyHereAsync());
        fragments.MapGet("/traces", static (HttpContext context, PageRenderer pages) => pages.ViewerOf(context.Request) is { } viewer
            ? pages.RenderAsync<InspectorList>(new() { ["Viewer"] = viewer })
            : NobodyHereAsync());
        fragments.MapGet("/traces/{number:long}", static (long number, HttpContext context, PageRenderer pages) =>
        {
            if (pages.ViewerOf(context.Request) is not { } viewer) return NobodyHereAsync();
            var call = viewer.State.Inspector.Calls(Inspector.Capacity).FirstOrDefault(c => c.Number == number);
            var push = viewer.State.Inspector.Pushes(Inspector.Capacity).FirstOrDefault(p => p.Number == number);
            return pages.RenderAsync<InspectorDetail>(new() { ["Viewer"] = viewer, ["Call"] = call, ["Push"] = push,
                ["Root"] = Root(context.Request) });
        });
    }

    /// <summary>Where the emulator is, as the page's reader reaches it.</summary>
    private static string Root(HttpRequest request) => $"{request.Scheme}://{request.Host}{request.PathBase}";

    /// <summary>The next visit without a name in the address is by the same person in the same language and the same colours.</summary>
    internal static void Remember(HttpContext context, Viewer viewer)
    {
        var cookie = new CookieOptions { SameSite = SameSiteMode.Strict, MaxAge = TimeSpan.FromDays(365), Path = "/" };
        if (context.Request.Query.ContainsKey("as")) context.Response.Cookies.Append("larkspur_as", viewer.Me.UserId, cookie);
        if (context.Request.Query.ContainsKey("lang")) context.Response.Cookies.Append("larkspur_lang", viewer.Texts.Code, cookie);
        if (context.Request.Query.ContainsKey("theme")) context.Response.Cookies.Append(Theme.Cookie, viewer.Theme, cookie);
        context.Response.Headers.CacheControl = "no-store";
    }

    private static Task<IResult> NobodyHereAsync() => Task.FromResult(Results.NotFound());
}
