using Larkspur.Emulator.Feishu.Docs;
using Larkspur.Emulator.State.Documents;

namespace Larkspur.Emulator.Web.Documents;

/// <summary>Where links to documents lead: a page to read, for who may read it.</summary>
internal static class DocumentEndpoints
{
    public static void MapPages(RouteGroupBuilder group)
    {
        foreach (var type in (string[])["docx", "doc", "sheet", "bitable", "mindnote", "file", "slides", "wiki"])
        {
            group.MapGet($"/{type}/{{token}}", (string token, HttpContext context, PageRenderer pages, EmulatorState state) =>
            {
                if (pages.ViewerOf(context.Request) is not { } viewer) return Task.FromResult(Results.NotFound());
                PageEndpoints.Remember(context, viewer);
                var document = DocumentAccess.Find(state, token, type)?.Document is { Deleted: false } found ? found : null;
                var allowed = document is not null && DocumentRights.Of(state, document, viewer.Me.UserId) is not null;
                if (allowed && state.Base(document!.Token) is { Tables: [var first, ..] } home)
                    return Task.FromResult(Results.Redirect(viewer.TablesAddress($"{home.AppToken}/{first.TableId}")));
                context.Response.StatusCode = document is null ? StatusCodes.Status404NotFound : allowed ? StatusCodes.Status200OK : StatusCodes.Status403Forbidden;
                return pages.RenderAsync<DocumentPage>(new() { ["Viewer"] = viewer, ["Document"] = allowed ? document : null, ["Exists"] = document is not null });
            });
        }
    }
}
