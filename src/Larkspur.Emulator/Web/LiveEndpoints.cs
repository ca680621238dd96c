using System.Text.Json;

namespace Larkspur.Emulator.Web;

/// <summary>Tells a page what changed; the page fetches the fragments that show it.</summary>
internal static class LiveEndpoints
{
    public static void Map(RouteGroupBuilder group) => group.MapGet("/ui/events", StreamAsync);

    private static async Task StreamAsync(HttpContext context, EmulatorState state, IHostApplicationLifetime lifetime)
    {
        // Without this an open page would hold up the host's shutdown.
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        var (me, texts) = (context.Request.Query["as"].ToString(), Texts.Choose(context.Request));
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await using var changes = state.WatchAsync(ends.Token).GetAsyncEnumerator(ends.Token);

            // The watch begins with the first move: only after it may the page be told to look, or a change could fall in between.
            var next = changes.MoveNextAsync();
            await WriteAsync(context.Response, "hello", new { version = state.Version }, ends.Token);
            var seen = long.MaxValue;
            while (await next)
            {
                // A page that reads too slowly loses the oldest changes; then it looks at everything.
                var change = changes.Current;
                object told = change.Version - 1 > seen ? new { kind = "all" }
                    : change is { Kind: ChangeKind.Toast, Shown: { } shown } && change.PersonId == me ? new { kind = "toast", toast = texts.ToastOf(shown) } : Wire(change);
                await WriteAsync(context.Response, "change", told, ends.Token);
                seen = change.Version;
                next = changes.MoveNextAsync();
            }
        }
        catch (OperationCanceledException) when (ends.IsCancellationRequested)
        {
            // The page went away or the host stops: the normal end of a stream.
        }
    }

    /// <summary>Every page hears of every chat: other people's unread marks are on its rail.</summary>
    private static object Wire(StateChange change) => new
    {
        kind = change.Kind switch
        {
            ChangeKind.ApiCall or ChangeKind.Push => "trace",
            ChangeKind.Reset or ChangeKind.ClockMoved or ChangeKind.PersonChanged or ChangeKind.AppChanged => "all",
            ChangeKind.Toast => "none",
            ChangeKind.ApprovalChanged => "approval",
            _ => "chat",
        },
        chat = change.ChatId,
    };

    private static async Task WriteAsync(HttpResponse response, string name, object data, CancellationToken cancellationToken)
    {
        await response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data, JsonSerializerOptions.Web)}\n\n", cancellationToken);
        await response.Body.FlushAsync(cancellationToken);
    }
}
