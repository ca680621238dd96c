using System.Collections.Concurrent;
using Larkspur.Feishu;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Quota;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Doctor;

/// <summary>Finds what is wrong with an installation and says what to do. Runs its checks side by side; a run ends after 20 s whatever happens.</summary>
internal sealed partial class DoctorRuns(IEnumerable<IDoctorCheck> checks, FeishuApps apps, ISettings settings,
    IConfiguration configuration, QuotaRegistry calls, AssistantRoutes routes, SecretRegistry secrets, TimeProvider clock,
    ILogger<DoctorRuns> logger) : IDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    /// <summary>Runs that wait for the one under way; more are told to come later.</summary>
    private const int MostWaiting = 4;

    private readonly SemaphoreSlim _single = new(1);
    private readonly ConcurrentDictionary<string, DoctorReport> _last = new(StringComparer.Ordinal);
    private int _waiting;

    public IReadOnlyList<IDoctorCheck> Checks { get; } = [.. checks];

    /// <summary>The last whole run of this process for an app.</summary>
    public DoctorReport? Last(string app) => _last.GetValueOrDefault(app);

    /// <summary>Runs the checks for an app.</summary>
    /// <param name="app">The app's name in the settings.</param>
    /// <param name="by">Who asks for it.</param>
    /// <param name="only">Ids of the checks to run; null: all, and the report is kept.</param>
    /// <param name="cancellation">Ends the waiting and the run.</param>
    /// <exception cref="DoctorBusyException">Too many runs wait already.</exception>
    public async Task<DoctorReport> RunAsync(string app, Actor by, IReadOnlyCollection<string>? only, CancellationToken cancellation)
    {
        var report = await OneAtATimeAsync(async run =>
        {
            var configured = apps.TryGet(app, out var found) ? found : null;
            var platform = configured is null ? null : new PlatformTalk(Examination.Fresh(configured.Client.Options), clock, calls, run);
            var now = settings.Now;
            using var of = new Examination(app, by, configured, now, PlatformFeature.On(now, routes.Any, routes.ReadDocuments), platform);
            return await ExamineAsync(of, app, Checks.Where(c => only?.Contains(c.Id) ?? true), run);
        }, cancellation);
        // Known apps only: the name comes from the caller.
        if (only is null && (apps.TryGet(app, out _) || app == FeishuApps.Default)) _last[app] = report;
        return report;
    }

    /// <summary>Tries credentials that are not stored, and are not afterwards.</summary>
    /// <param name="appId">App ID.</param>
    /// <param name="appSecret">App Secret; it is in no log and no answer.</param>
    /// <param name="brand">Whose hosts.</param>
    /// <param name="features">What the app is meant for.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DoctorBusyException">Too many runs wait already.</exception>
    public Task<DoctorReport> TestAsync(string appId, string appSecret, FeishuBrand brand, IReadOnlyList<PlatformFeature> features, CancellationToken cancellation) => OneAtATimeAsync(async run =>
    {
        // The platform may repeat it in its refusal.
        secrets.Tell("doctor", [appSecret]);
        var options = new FeishuOptions { AppId = appId, AppSecret = appSecret, Brand = brand };
        // Where the gateway's own calls go by the environment (an emulator, a proxy), these go too.
        if (Uri.TryCreate(configuration["FEISHU_BASE_URL"], UriKind.Absolute, out var platform)) options.BaseUrl = platform;
        using var of = new Examination("", Actor.System, null, settings.Now, features, new PlatformTalk(Examination.Fresh(options), clock, observer: null, run));
        return await ExamineAsync(of, null, Checks.Where(c => c.OfConnection), run);
    }, cancellation);

    /// <summary>Tries part of a check with values that are not in force.</summary>
    /// <param name="id">The check's id.</param>
    /// <param name="check">Looks; null: nothing is wrong.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DoctorBusyException">Too many runs wait already.</exception>
    public Task<DoctorReport> TryAsync(string id, Func<CancellationToken, Task<CheckResult?>> check, CancellationToken cancellation) =>
        OneAtATimeAsync(async run =>
    {
        var (at, began) = (clock.GetUtcNow(), clock.GetTimestamp());
        var result = await check(run) ?? CheckResult.Ok(DoctorTexts.PlatformAcceptsCredentials);
        return new DoctorReport(null, at, clock.GetElapsedTime(began), [new CheckedItem(Checks.First(c =>
            c.Id == id), Hidden(result), clock.GetElapsedTime(began))]);
    }, cancellation);

    public void Dispose() => _single.Dispose();

    private async Task<DoctorReport> OneAtATimeAsync(Func<CancellationToken, Task<DoctorReport>> examine, CancellationToken cancellation)
    {
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new DoctorBusyException();
        }

        try
        {
            await _single.WaitAsync(cancellation);
            try
            {
                using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                run.CancelAfter(Longest);
                return await examine(run.Token);
            }
            finally
            {
                _single.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private async Task<DoctorReport> ExamineAsync(Examination of, string? app, IEnumerable<IDoctorCheck> chosen, CancellationToken run)
    {
        var (at, began) = (clock.GetUtcNow(), clock.GetTimestamp());
        var items = await Task.WhenAll(chosen.Select(check => RunOneAsync(check, of, run)));
        return new DoctorReport(app, at, clock.GetElapsedTime(began), items);
    }

    private async Task<CheckedItem> RunOneAsync(IDoctorCheck check, Examination of, CancellationToken run)
    {
        var began = clock.GetTimestamp();
        CheckResult result;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(run);
        try
        {
            deadline.CancelAfter(check.Deadline);
            // Off this thread: a check that begins with work keeps no other waiting.
            result = await Task.Run(() => check.RunAsync(of, deadline.Token), deadline.Token).WaitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            result = CheckResult.Warning(DoctorTexts.CheckDidNotEndInTime, DoctorTexts.TryAgainSeeWhetherNetwork);
        }
        catch (Exception e)
        {
            var reference = System.Diagnostics.Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("N")[..12];
            CheckFailed(check.Id, reference, e);
            result = CheckResult.Failed(DoctorTexts.CheckItselfFailedReference(reference), DoctorTexts.LookForReferenceInLog);
        }

        return new CheckedItem(check, Hidden(result), clock.GetElapsedTime(began));
    }

    /// <summary>What a platform said stands in findings, and may repeat a secret.</summary>
    private CheckResult Hidden(CheckResult result) => result with
    {
        Finding = Hidden(result.Finding), Fix = result.Fix is { } fix ? Hidden(fix) : null, Detail = secrets.Hide(result.Detail),
    };

    private LocalText Hidden(LocalText text) => new(secrets.Hide(text.Chinese), secrets.Hide(text.English));

    [LoggerMessage(LogLevel.Error, "The check {Check} failed by itself ({Reference})")]
    private partial void CheckFailed(string check, string reference, Exception error);
}

/// <summary>Too many runs wait.</summary>
internal sealed class DoctorBusyException : Exception;
