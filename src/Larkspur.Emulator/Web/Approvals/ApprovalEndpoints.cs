using Larkspur.Emulator.Feishu.Approval;

namespace Larkspur.Emulator.Web.Approvals;

/// <summary>The inbox at <c>/approvals</c>, and what a person decides in it.</summary>
internal static class ApprovalEndpoints
{
    public static void MapPage(RouteGroupBuilder group)
    {
        group.MapGet("/approvals", static (HttpContext context, PageRenderer pages) =>
        {
            if (pages.ViewerOf(context.Request) is not { } viewer) return Task.FromResult(Results.NotFound());
            PageEndpoints.Remember(context, viewer);
            return pages.RenderAsync<ApprovalsPage>(Parameters(context, viewer));
        });
        group.MapGet("/ui/approvals", static (HttpContext context, PageRenderer pages) =>
        {
            if (pages.ViewerOf(context.Request) is not { } viewer) return Task.FromResult(Results.NotFound());
            context.Response.Headers.CacheControl = "no-store";
            return pages.RenderAsync<InboxView>(Parameters(context, viewer));
        });
    }

    /// <summary>Calls that need the page's own origin.</summary>
    public static void MapActions(RouteGroupBuilder group) => group.MapPost("/approval", static async (ActionRequest body, ApprovalActions actions, HttpRequest request) =>
    {
        var refusal = await actions.DoAsync(body.As, new ApprovalAction
        {
            What = body.Do, Instance = body.Instance, TaskId = body.Task, Comment = string.IsNullOrWhiteSpace(body.Comment) ? null : body.Comment, To = body.To is { Length: > 0 } to ? [to] : [],
        }, request.HttpContext.RequestAborted);
        return Results.Json(refusal is null ? new { } : (object)new { toast = new { type = "error", content = Texts.Choose(request).Say(refusal) } });
    });

    private static Dictionary<string, object?> Parameters(HttpContext context, Viewer viewer) => new()
    {
        ["Viewer"] = viewer,
        ["Tab"] = context.Request.Query["tab"].FirstOrDefault() is { } tab && Inbox.Tabs.Contains(tab) ? tab : "todo",
        ["InstanceId"] = Instance(context),
    };

    private static string? Instance(HttpContext context) => context.Request.Query["instance"].FirstOrDefault() is { Length: > 0 and < 200 } id ? id : null;

    internal sealed record ActionRequest(string As, string Do, string Instance, string? Task = null, string? Comment = null, string? To = null);
}
