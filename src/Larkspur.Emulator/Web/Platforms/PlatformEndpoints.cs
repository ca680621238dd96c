using Larkspur.Emulator.Web.Platforms.Pages;

namespace Larkspur.Emulator.Web.Platforms;

/// <summary>The pages <c>/wecom</c> and <c>/dingtalk</c>, and their fragments.</summary>
internal static class PlatformEndpoints
{
    public static void MapPages(RouteGroupBuilder group)
    {
        group.MapGet("/wecom", static (HttpContext context, PageRenderer pages) => PageAsync(context, pages, "wecom"));
        group.MapGet("/dingtalk", static (HttpContext context, PageRenderer pages) => PageAsync(context, pages, "dingtalk"));
        group.MapGet("/ui/platforms/{platform}/chats", static (string platform, HttpContext context, PageRenderer pages) =>
            FragmentAsync(context, pages, platform, (client, viewer, chat) => pages.RenderAsync<PlatformChats>(new() { ["Client"] = client, ["Viewer"] = viewer, ["CurrentId"] = chat?.Id })));
        group.MapGet("/ui/platforms/{platform}/people", static (string platform, HttpContext context, PageRenderer pages) =>
            FragmentAsync(context, pages, platform, (client, viewer, _) => pages.RenderAsync<PlatformPeople>(new() { ["Client"] = client, ["Viewer"] = viewer })));
        group.MapGet("/ui/platforms/{platform}/messages", static (string platform, HttpContext context, PageRenderer pages) =>
            FragmentAsync(context, pages, platform, (client, viewer, chat) => chat is null ? Task.FromResult(Results.NotFound())
                : pages.RenderAsync<PlatformMessages>(new() { ["Client"] = client, ["Viewer"] = viewer, ["Chat"] = chat })));
    }

    public static IPlatformClient? ClientOf(HttpContext context, string name) =>
        context.RequestServices.GetServices<IPlatformClient>().FirstOrDefault(c => c.Name == name);

    private static Task<IResult> PageAsync(HttpContext context, PageRenderer pages, string name)
    {
        if (ClientOf(context, name) is not { } client || pages.ViewerOf(context.Request) is not { } viewer) return Task.FromResult(Results.NotFound());
        PageEndpoints.Remember(context, viewer);
        return pages.RenderAsync<PlatformPage>(new() { ["Client"] = client, ["Viewer"] = viewer, ["Chat"] = ChatOf(context, client, viewer) });
    }

    private static Task<IResult> FragmentAsync(HttpContext context, PageRenderer pages, string name, Func<IPlatformClient, Viewer, ChatRow?, Task<IResult>> draw)
    {
        if (ClientOf(context, name) is not { } client || pages.ViewerOf(context.Request) is not { } viewer) return Task.FromResult(Results.NotFound());
        context.Response.Headers.CacheControl = "no-store";
        return draw(client, viewer, ChatOf(context, client, viewer));
    }

    private static ChatRow? ChatOf(HttpContext context, IPlatformClient client, Viewer viewer) =>
        context.Request.Query["chat"].FirstOrDefault() is { Length: > 0 and < 300 } id ? client.Chats(viewer).FirstOrDefault(c => c.Id == id) : null;
}
