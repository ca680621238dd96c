using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Tables.Editing;

namespace Larkspur.Emulator.Web.Tables;

/// <summary>What a table's page hears while it is open: changes with who made them, and where the others are.</summary>
internal static class TableLive
{
    /// <summary>A change of more rows than these is told without naming them.</summary>
    private const int MostNamed = 200;

    public static async Task StreamAsync(HttpContext context, string app, string table, PageRenderer pages, PersonEdits edits,
        OpenTablePages open, IHostApplicationLifetime lifetime)
    {
        if (pages.ViewerOf(context.Request) is not { } viewer || edits.RightOf(viewer.Me.UserId, app) is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var page = new OpenPage(Guid.NewGuid().ToString("n"), viewer.Me.UserId, app, table);
        if (open.Open(page) is not { } feed)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        // Without this an open page would hold up the host's shutdown.
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        var watch = WatchAsync(viewer.State, feed.Tell, ends.Token);
        try
        {
            await WriteAsync(context.Response, "hello", new JsonObject { ["page"] = page.Id }, ends.Token);
            await WriteAsync(context.Response, "here", Others(viewer, open, page), ends.Token);
            await foreach (var one in feed.ReadAsync(ends.Token))
            {
                // Who may no longer read hears nothing more; the page asks again, and is told that there is nothing.
                if (edits.RightOf(viewer.Me.UserId, app) is null) break;
                var (name, data) = one.All ? ("change", new JsonObject { ["all"] = true })
                    : one.Change is null ? ("here", Others(viewer, open, page)) : ("change", Told(viewer, one, table));
                await WriteAsync(context.Response, name, data, ends.Token);
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The page went away or the host stops: the normal end of a stream.
        }
        finally
        {
            open.Close(page);
            await ends.CancelAsync();
            await watch;
        }
    }

    /// <summary>A reset, and people who come, go or get another name, change what every page shows.</summary>
    private static async Task WatchAsync(EmulatorState state, Action<PageNews> tell, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var change in state.WatchAsync(cancellationToken))
            {
                if (change.Kind is ChangeKind.Reset or ChangeKind.PersonChanged or ChangeKind.AppChanged or ChangeKind.ClockMoved)
                    tell(new PageNews(null, All: true));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The stream beside it ended.
        }
    }

    private static JsonObject Told(Viewer viewer, PageNews news, string table)
    {
        var change = news.Change!;
        var own = change.TableId == table;
        var home = viewer.State.Base(change.AppToken);
        var rows = own && change.Rows.Length <= MostNamed ? change.Rows.Where(r => home?.Hides(viewer.Me.UserId, r.RecordId) is false) : [];
        return new JsonObject
        {
            ["by"] = CellJson.Who(viewer, change.By), ["at"] = viewer.ClockWithSeconds(change.At), ["shape"] = change.Shape,
            ["other"] = !own,
            ["rows"] = rows.ToJson(r => new JsonObject
            {
                ["id"] = r.RecordId, ["is"] = r.Before is null ? "added" : r.After is null ? "deleted" : "edited",
                ["fields"] = r is { Before: { } before, After: { } after }
                    ? change.Fields.Where(f => !Equals(before.Cells.GetValueOrDefault(f.FieldId), after.Cells.GetValueOrDefault(f.FieldId)))
                        .Select(f => f.FieldId).ToJson()
                    : null,
            }),
        };
    }

    private static JsonObject Others(Viewer viewer, OpenTablePages open, OpenPage page) => new()
    {
        ["pages"] = open.Others(page).ToJson(p => new JsonObject
        {
            ["page"] = p.Id, ["who"] = CellJson.Who(viewer, p.PersonId), ["record"] = p.RecordId,
            ["field"] = p.FieldId, ["editing"] = p.Editing,
        }),
    };

    private static async Task WriteAsync(HttpResponse response, string name, JsonObject data, CancellationToken cancellationToken)
    {
        await response.WriteAsync($"event: {name}\ndata: {data.ToJsonString(JsonSerializerOptions.Web)}\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
