using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Larkspur.Emulator.WeCom.Callbacks;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.People;

namespace Larkspur.Emulator.WeCom.Media;

/// <summary>A file that is being fetched, or was.</summary>
/// <param name="Status">1 at work, 2 done, 3 failed.</param>
internal sealed record UrlUploadJob(string Id, int Status, int Code, string Message, string MediaId, DateTimeOffset? Ended);

/// <summary>Fetches files for <c>upload_by_url</c>, two at a time, and tells of each end.</summary>
/// <remarks>From this machine only: the emulator reaches nothing else for whoever calls its API.</remarks>
internal sealed class UrlUploads(EmulatorState state, WeComIds ids, WeComMedia media, WeComQueues queues, AppCallbacks callbacks, EmulatorSettings settings, ILogger<UrlUploads> log) : IDisposable, IResettableState
{
    public const int BadAddress = 830001;
    public const int NotFetched = 830003;
    private const int WrongMd5 = 301019;
    private const int TooLarge = 45001;
    private const int TooSmall = 40006;
    private const int NoVideo = 40004;
    private const int MostBytes = 200 << 20;
    private const int MostJobs = 1000;
    private const string Event = "upload_media_job_finish";
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _requests = new(2);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = Timeout.InfiniteTimeSpan };
    private ImmutableDictionary<string, UrlUploadJob> _jobs = ImmutableDictionary<string, UrlUploadJob>.Empty;
    private ImmutableQueue<string> _order = [];

    public UrlUploadJob? Find(string? id) => id is null ? null : _jobs.GetValueOrDefault(id);

    public string Begin(string kind, string name, Uri url, string md5)
    {
        var job = new UrlUploadJob(ids.MsgId(), 1, 0, "", "", null);
        lock (_gate)
        {
            _jobs = _jobs.SetItem(job.Id, job);
            _order = _order.Enqueue(job.Id);
            if (_jobs.Count > MostJobs)
            {
                _order = _order.Dequeue(out var oldest);
                _jobs = _jobs.Remove(oldest);
            }
        }

        _ = RunAsync(job, kind, name, url, md5);
        return job.Id;
    }

    public void Reset()
    {
        lock (_gate) (_jobs, _order) = (ImmutableDictionary<string, UrlUploadJob>.Empty, []);
    }

    public void Dispose()
    {
        _http.Dispose();
        _requests.Dispose();
    }

    private async Task RunAsync(UrlUploadJob job, string kind, string name, Uri url, string md5)
    {
        await Task.Yield();
        await _requests.WaitAsync();
        try
        {
            var (code, message, bytes) = await FetchAsync(url);
            if (code == 0) (code, message) = Validate(kind, bytes, md5);
            var ended = job with { Status = code == 0 ? 2 : 3, Code = code, Message = message, MediaId = code == 0 ? media.Keep(kind, name, bytes, WeComMedia.Corp).MediaId : "", Ended = state.Clock.GetUtcNow() };
            lock (_gate)
            {
                // A reset forgets what was at work.
                if (!_jobs.ContainsKey(job.Id)) return;
                _jobs = _jobs.SetItem(job.Id, ended);
            }

            await queues.Enqueue("media", Event, newId => callbacks.DeliverAsync(new AppCallback
            {
                Type = Event, From = "sys", IsMessage = false, Id = job.Id, Time = state.Clock.GetUtcNow(), Fields = xml => xml.Text("JobId", job.Id),
            }));
        }
        catch (Exception defect) when (defect is not OperationCanceledException and not ObjectDisposedException)
        {
            WeComLog.DeliveryFailed(log, defect);
        }
        finally
        {
            _requests.Release();
        }
    }

    private static (int Code, string Message) Validate(string kind, byte[] bytes, string md5)
    {
        if (bytes.Length <= MediaRules.Least) return (TooSmall, "invalid media size");
#pragma warning disable CA5351 // The platform's sum is MD5.
        if (!Convert.ToHexString(MD5.HashData(bytes)).Equals(md5, StringComparison.OrdinalIgnoreCase)) return (WrongMd5, "file md5 invalid");
#pragma warning restore CA5351
        return kind == "video" && !(bytes.Length > 12 && bytes.AsSpan(4, 4).SequenceEqual("ftyp"u8)) ? (NoVideo, "invalid media type: MP4 is wanted") : (0, "ok");
    }

    private async Task<(int Code, string Message, byte[] Bytes)> FetchAsync(Uri url)
    {
        using var timer = new CancellationTokenSource(Deadline, settings.RealTime);
        try
        {
            using var response = await _http.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, timer.Token);
            if (response.StatusCode != HttpStatusCode.OK) return (NotFetched, $"url download failed: {(int)response.StatusCode}", []);
            if (response.Content.Headers.ContentLength > MostBytes) return (TooLarge, "file too large", []);
            await response.Content.LoadIntoBufferAsync(MostBytes, timer.Token);
            return (0, "ok", await response.Content.ReadAsByteArrayAsync(timer.Token));
        }
        catch (Exception failed) when (failed is HttpRequestException or IOException or OperationCanceledException)
        {
            return failed is HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } ? (TooLarge, "file too large", []) : (NotFetched, "url download failed", []);
        }
    }
}
