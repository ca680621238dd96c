using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Common.Files;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Platforms.Web.Chats;
using Larkspur.Gateway.Platforms.Web.Sessions;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>Uploads of the web chat, and their reading by who uploaded them.</summary>
internal sealed class ChatFiles(IDatabase database, IAssistant assistant, AssistantOptions options, TimeProvider clock) : IDisposable
{
    /// <summary>A file is in memory as a whole while the database takes or gives it: this many at once. Nobody holds such a place while bytes go over the network.</summary>
    private const int MostInMemory = 8;

    private const int LongestName = 120;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly string[] Shown = ["image/png", "image/jpeg", "image/gif", "image/webp"];

    private readonly SemaphoreSlim _memory = new(MostInMemory);
    private readonly PersonPlaces _uploads = new(atOnce: 2, waiting: WebFile.MostUnsent);
    private readonly PersonPlaces _downloads = new(atOnce: 4, waiting: 60);

    /// <summary>Files of a message.</summary>
    public int MaxFiles => options.MaxFiles;

    /// <summary>Most bytes of one.</summary>
    public long MaxBytes => options.MaxFileBytes;

    /// <summary>Takes a file: the body is its bytes, <c>?name=</c> what it is called. What it is, its bytes say.</summary>
    /// <exception cref="RequestRefusedException">It is empty, too large, of a kind that nobody could use, or not what its name says; or too much is kept.</exception>
    public async Task TakeAsync(HttpContext http, WebSession session)
    {
        if (!assistant.IsOn) throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "assistant_off", null, "No assistant is set up here.");
        if (MaxFiles == 0) throw RequestRefusedException.Impossible("no_files", null, "Files are not taken here.");
        var name = http.Request.Query["name"] is [{ Length: > 0 and <= 1000 } called] ? FileNames.Whole(called) : "";
        if (http.Request.ContentLength > MaxBytes) throw SpooledFile.TooLarge(MaxBytes);
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = MaxBytes + 1;
        using var place = await EnterAsync(_uploads, http, session);
        await using var upload = await ReadAsync(http);
        var head = new byte[Math.Min(upload.Content.Length, MediaTypes.Head)];
        await upload.Content.ReadExactlyAsync(head, http.RequestAborted);
        upload.Content.Position = 0;
        var type = MediaTypes.Of(head, name);
        if (type.ContentType is MediaTypes.Unknown or "application/zip" or "application/x-ole-storage" || !MediaTypes.IsNamedRight(type, name))
            throw new RequestRefusedException(StatusCodes.Status415UnsupportedMediaType, "bad_type", null, "Pictures, recordings, videos, PDF, office documents and text are taken; and the file must be what its name says.");
        var file = new WebFile(WebFile.NewId(), name.Length > 0 ? FileNames.Shown(name, LongestName) : $"{type.Kind}.{type.Extension}", type.ContentType, upload.Content.Length, null);
        var isKept = await InMemoryAsync(http, async () =>
        {
            var bytes = new byte[upload.Content.Length];
            await upload.Content.ReadExactlyAsync(bytes, http.RequestAborted);
            var now = clock.GetUtcNow();
            return await database.TransactAsync(
                unit => WebFile.AddAsync(unit, session.Person, file, bytes, WebFile.MostUnsent, WebFile.MostKept, now),
                http.RequestAborted);
        });
        if (!isKept) throw new RequestRefusedException(StatusCodes.Status429TooManyRequests, "too_much_kept", null, "Too many of your files are kept already. They are forgotten with their messages.");
        await ChatJson.WriteAsync(http, StatusCodes.Status201Created, ChatFileView.Of(file));
    }

    /// <summary>Answers a file to who uploaded it; for everybody else there is none.</summary>
    /// <exception cref="RequestRefusedException">There is none, or too many of the person's are on their way.</exception>
    public async Task GiveAsync(HttpContext http, WebSession session, string id)
    {
        using var place = await EnterAsync(_downloads, http, session);
        var (file, content) = await InMemoryAsync(http, () => FindAsync(session, id, http.RequestAborted));
        if (file is null || content is null) throw new RequestRefusedException(StatusCodes.Status404NotFound, "unknown_file", null, "There is no such file.");
        await using var given = content;
        var headers = http.Response.Headers;
        // Whatever it holds, it is never a page of this site.
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        headers.XContentTypeOptions = "nosniff";
        headers.CacheControl = "private, max-age=3600";
        headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileNameStar = file.Name }.ToString();
        http.Response.ContentType = Shown.Contains(file.ContentType) ? file.ContentType : MediaTypes.Unknown;
        http.Response.ContentLength = given.Content.Length;
        await given.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    /// <summary>The files that a message names, each its writer's own and not sent with another message.</summary>
    /// <exception cref="RequestRefusedException">One is not.</exception>
    public async Task<IReadOnlyList<WebFile>> OfMessageAsync(IReadOnlyList<string> ids, WebSession session, string message, CancellationToken cancellation)
    {
        if (ids.Count == 0) return [];
        var files = await database.ReadAsync(async sql =>
        {
            var found = new List<WebFile?>();
            foreach (var id in ids) found.Add(await WebFile.FindAsync(sql, id, session.Person));
            return found;
        }, cancellation);
        for (var i = 0; i < files.Count; i++)
        {
            if (files[i] is not { } file || (file.Message is { } sent && sent != message)) throw RequestRefusedException.Impossible("unknown_file", $"/files/{i}", "There is no such file of yours that waits for its message.");
        }

        return [.. files.OfType<WebFile>().DistinctBy(f => f.Id)];
    }

    public void Dispose() => _memory.Dispose();

    /// <summary>Who reads slowly keeps a temporary file, not memory.</summary>
    private async Task<(WebFile? File, SpooledFile? Content)> FindAsync(WebSession session, string id, CancellationToken cancellation)
    {
        var (file, bytes) = await database.ReadAsync(async sql => WebFile.IsId(id) && await WebFile.FindAsync(sql, id, session.Person) is { } found ? (found, await WebFile.BytesAsync(sql, id)) : (null, null), cancellation);
        if (file is null || bytes is null) return (null, null);
        using var body = new MemoryStream(bytes);
        return (file, await SpooledFile.ReadAsync(body, null, bytes.Length, cancellation));
    }

    private async Task<T> InMemoryAsync<T>(HttpContext http, Func<Task<T>> work)
    {
        await _memory.WaitAsync(http.RequestAborted);
        try
        {
            return await work();
        }
        finally
        {
            _memory.Release();
        }
    }

    private static async Task<IDisposable> EnterAsync(PersonPlaces places, HttpContext http, WebSession session)
    {
        if (await places.EnterAsync(session.Person, http.RequestAborted) is { } place) return place;
        http.Response.Headers.RetryAfter = "5";
        throw new RequestRefusedException(StatusCodes.Status429TooManyRequests, "too_many_transfers", null, "Too many of your files are on their way. Retry-After says when to try again.");
    }

    private async Task<SpooledFile> ReadAsync(HttpContext http)
    {
        using var time = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, time.Token);
        try
        {
            return await SpooledFile.ReadAsync(http.Request.Body, null, MaxBytes, either.Token);
        }
        catch (BadHttpRequestException e)
        {
            throw e.StatusCode == StatusCodes.Status413PayloadTooLarge ? SpooledFile.TooLarge(MaxBytes) : new RequestRefusedException(e.StatusCode, "incomplete_body", null, "The file did not come whole.");
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw new RequestRefusedException(StatusCodes.Status408RequestTimeout, "incomplete_body", null, "The file did not come in time.");
        }
    }
}

/// <summary>A file of a message.</summary>
/// <param name="Id">What <c>messages</c> takes, and under which <c>files/{id}</c> gives it.</param>
/// <param name="Name">As shown.</param>
/// <param name="Kind"><c>image</c>, <c>file</c>, <c>audio</c>, <c>video</c>.</param>
/// <param name="ContentType">As its bytes show.</param>
/// <param name="Size">Bytes.</param>
internal sealed record ChatFileView(string Id, string Name, string Kind, string ContentType, long Size)
{
    public static ChatFileView Of(WebFile file) => new(file.Id, file.Name, file.Kind, file.ContentType, file.Size);
}
