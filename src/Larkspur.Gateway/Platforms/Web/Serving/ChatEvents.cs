using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Platforms.Web.Chats;
using Larkspur.Gateway.Platforms.Web.Sessions;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>Serves streams of a chat's events.</summary>
internal sealed class ChatEvents(IDatabase database, ChatStore chats, WebSessionStore sessions, LiveAnswers live, ChatReaders readers, IHostApplicationLifetime life, TimeProvider clock)
{
    /// <summary>Text that comes meanwhile goes in one event.</summary>
    private static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(60);

    /// <summary>So often something is sent in any case, and the session looked at.</summary>
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(15);

    private const int PageSize = 100;

    /// <summary>Writes events until the reader leaves, the session ends or the gateway stops.</summary>
    /// <exception cref="RequestRefusedException">Too many streams are open.</exception>
    public async Task ServeAsync(HttpContext http, WebSession session)
    {
        var known = http.Request.Headers["Last-Event-ID"] is [{ Length: > 0 } text] ? text : null;
        var reader = readers.Enter(session) ?? throw new RequestRefusedException(StatusCodes.Status429TooManyRequests, "too_many_streams", null, "Too many event streams are open, of this session or of all together.");
        try
        {
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, life.ApplicationStopping);
            var stream = new ChatStream(http.Response, session, live);
            await BeginAsync(stream, session, known, ending.Token);
            await RunAsync(stream, reader, session, ending.Token);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested || life.ApplicationStopping.IsCancellationRequested)
        {
            // The reader has gone, or comes again.
        }
        catch (StorageUnavailableException) when (http.Response.HasStarted)
        {
            // The reader comes again, and is told then that the database is away.
        }
        finally
        {
            readers.Leave(reader);
        }
    }

    private async Task BeginAsync(ChatStream stream, WebSession session, string? known, CancellationToken cancellation)
    {
        var (seq, open) = await database.ReadAsync(async sql => (await ChatStore.SeqAsync(sql, session.Person), await ChatStore.OpenAsync(sql, session.Person)), cancellation);
        stream.Begin(seq, open, known is null ? null : ChatPosition.Parse(known), isNew: known is null);
        await stream.FlushAsync(cancellation);
    }

    private async Task RunAsync(ChatStream stream, ChatReader reader, WebSession session, CancellationToken cancellation)
    {
        var looked = clock.GetTimestamp();
        while (!reader.IsOver)
        {
            if (reader.TakeRows()) await RowsAsync(stream, session, cancellation);
            stream.WriteTexts();
            (reader.Follows, reader.Seen) = ([.. stream.Follows], stream.Seq);
            var beats = clock.GetElapsedTime(looked) >= Heartbeat;
            if (reader.TakeSession() || beats)
            {
                if (await sessions.FindAsync(session.Name, cancellation) is not { } now || !now.IsOpenAt(clock.GetUtcNow()) || now.Person != session.Person) return;
            }

            if (beats)
            {
                looked = clock.GetTimestamp();
                stream.Beat();
            }

            var wrote = stream.HasUnsent;
            await stream.FlushAsync(cancellation);
            var left = session.ExpiresAt - clock.GetUtcNow();
            if (left <= TimeSpan.Zero) return;
            if (wrote) await Task.Delay(Coalesce, clock, cancellation);
            else await reader.WaitAsync(left < Heartbeat ? left + TimeSpan.FromMilliseconds(20) : Heartbeat, cancellation);
        }
    }

    private async Task RowsAsync(ChatStream stream, WebSession session, CancellationToken cancellation)
    {
        for (var count = PageSize; count == PageSize;)
        {
            var rows = await chats.ChangedAsync(session.Person, session.Name, stream.Seq, PageSize, cancellation);
            foreach (var row in rows) stream.Write(row);
            count = rows.Count;
            if (count == PageSize) await stream.FlushAsync(cancellation);
        }
    }
}
