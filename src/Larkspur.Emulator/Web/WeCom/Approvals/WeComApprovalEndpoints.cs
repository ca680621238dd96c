using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom;

namespace Larkspur.Emulator.Web.WeCom.Approvals;

/// <summary>WeCom's approvals at <c>/wecom/approvals</c>, and what a person decides there.</summary>
internal static class WeComApprovalEndpoints
{
    public const string Path = "/wecom/approvals";
    public const string Fragment = "/ui/wecom/approvals";
    public const string ActionPath = "/ui/wecom/approval";
    private static readonly string[] Actions = ["approve", "reject", "transfer", "withdraw", "urge", "comment"];

    public static void MapPage(RouteGroupBuilder group)
    {
        group.MapGet(Path, static (HttpContext context, PageRenderer pages) =>
        {
            if (pages.ViewerOf(context.Request) is not { } viewer) return Task.FromResult(Results.NotFound());
            PageEndpoints.Remember(context, viewer);
            return pages.RenderAsync<WeComApprovalsPage>(Parameters(context, viewer));
        });
        group.MapGet(Fragment, static (HttpContext context, PageRenderer pages) =>
        {
            if (pages.ViewerOf(context.Request) is not { } viewer) return Task.FromResult(Results.NotFound());
            context.Response.Headers.CacheControl = "no-store";
            return pages.RenderAsync<WeComInboxView>(Parameters(context, viewer));
        });
    }

    /// <summary>Calls that need the page's own origin.</summary>
    public static void MapActions(RouteGroupBuilder group) => group.MapPost("/wecom/approval", static async (ActionRequest body, WeComPlatform platform, HttpContext context) =>
    {
        if (!Actions.Contains(body.Do)) return Results.BadRequest();
        try
        {
            var action = new JsonObject { ["as"] = body.As, ["do"] = body.Do, ["sp_no"] = body.Instance };
            if (body.Do is not ("withdraw" or "urge") && !string.IsNullOrWhiteSpace(body.Comment)) action["text"] = body.Comment;
            if (body.Do == "transfer") action["to"] = body.To;
            await platform.ActAsync(new ControlInput(action), context.RequestAborted);
            return Results.Json(new { });
        }
        catch (ControlRefusal refusal)
        {
            return Results.Json(new { toast = new { type = "error", content = refusal.Message } });
        }
    });

    private static Dictionary<string, object?> Parameters(HttpContext context, Viewer viewer) => new()
    {
        ["Viewer"] = viewer,
        ["Tab"] = context.Request.Query["tab"].FirstOrDefault() is { } tab && WeComInbox.Tabs.Contains(tab) ? tab : "todo",
        ["SpNo"] = context.Request.Query["instance"].FirstOrDefault() is { Length: > 0 and < 100 } id ? id : null,
    };

    internal sealed record ActionRequest(string As, string Do, string Instance, string? Comment = null, string? To = null);
}
