using System.Collections.Concurrent;
using Larkspur.Feishu;

namespace Larkspur.Gateway.Quota;

/// <summary>The numbers in memory: what the database said last, and what happened since. Listens to every call and answers every question.</summary>
internal sealed class QuotaRegistry : IFeishuCallObserver, IQuota
{
    /// <summary>The platform's "This month's API call quota has been exceeded".</summary>
    private const int UsedUp = 99991403;

    /// <summary>A call that works proves that there is quota again, if it was made after the refusal: no call takes longer than this.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(1);

    private readonly QuotaOptions _options;
    private readonly QuotaCalendar _calendar;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, string> _names = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AppQuota> _apps = new(StringComparer.Ordinal);

    public QuotaRegistry(IReadOnlyDictionary<string, FeishuOptions> apps, QuotaOptions options, QuotaCalendar calendar, TimeProvider clock)
    {
        _options = options;
        _calendar = calendar;
        _clock = clock;
        foreach (var (name, app) in apps) _names[app.AppId] = name;
    }

    /// <summary>The apps by name, also one that is away by now: its calls of this month are counted.</summary>
    public IReadOnlyList<string> Apps => [.. _names.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>An app makes calls under this id from now on. Ids that it had before stay known: their last calls may still be under way.</summary>
    public void Serve(string appId, string name) => _names[appId] = name;

    /// <summary>Apps by name, also those that are no longer configured and were still heard of.</summary>
    public IEnumerable<string> Known => Apps.Union(_apps.Keys);

    public CallCounts Counts { get; } = new();

    /// <summary>The platform has refused, or takes calls again: to be written soon. Called on the call's thread.</summary>
    public Action? Changed { get; set; }

    public void OnRequest(in FeishuRequestRecord request)
    {
        var app = _names.GetValueOrDefault(request.AppId, request.AppId);
        var now = _clock.GetUtcNow();
        var counts = CountedApis.Count(request.Endpoint);
        var refused = request.Outcome == FeishuRequestOutcome.Refused;
        // What had no answer may have been done, and counts.
        Counts.Add(new(app, _calendar.Day(now), request.Endpoint), new(1, refused ? 1 : 0, counts && request.HttpStatus < 400 ? 1 : 0));

        var quota = Of(app);
        if (request.Code == UsedUp ? quota.Refuse(now, _calendar.Month(now)) : counts && request.Outcome == FeishuRequestOutcome.Done && quota.Prove(now - LongestCall))
            Changed?.Invoke();
    }

    public QuotaMode Mode(string app)
    {
        var month = _calendar.Month(_clock.GetUtcNow());
        var quota = Of(app);
        if (quota.RefusedIn(month) is not null) return QuotaMode.Exhausted;
        if (_options.CapOf(app) is not { } cap) return QuotaMode.Normal;
        var used = Used(app);
        if (used >= cap && !(quota.Facts is { Lifted: true } facts && facts.Month == month)) return QuotaMode.Exhausted;
        return QuotaOccasions.IsPassed(used, cap, _options.EconomyFrom) ? QuotaMode.Economy : QuotaMode.Normal;
    }

    public QuotaMode Mode(string app, string endpoint)
    {
        if (_options.DailyCaps.TryGetValue(endpoint, out var cap))
        {
            var day = _calendar.Day(_clock.GetUtcNow());
            var facts = Of(app).Facts;
            var done = Counts.DoneOn(new(app, day, endpoint)) + (facts.Day == day ? facts.Today.GetValueOrDefault(endpoint) : 0);
            if (done >= cap) return QuotaMode.Exhausted;
        }

        return CountedApis.Count(endpoint) ? Mode(app) : QuotaMode.Normal;
    }

    public bool MayTry(string app, string endpoint)
    {
        if (!CountedApis.Count(endpoint)) return true;
        var now = _clock.GetUtcNow();
        var quota = Of(app);
        return quota.RefusedIn(_calendar.Month(now)) is not { } since || quota.TryProbe(since, now, _options.ProbeInterval);
    }

    /// <summary>Counted calls of this month, also those that are not written yet.</summary>
    public long Used(string app)
    {
        var month = _calendar.Month(_clock.GetUtcNow());
        var facts = Of(app).Facts;
        return (facts.Month == month ? facts.Total.Counted : 0) + Counts.CountedIn(app, month);
    }

    /// <summary>Counted calls by the end of the month.</summary>
    public long Forecast(string app)
    {
        var now = _clock.GetUtcNow();
        var used = Used(app);
        var (passed, length) = _calendar.InMonth(now);
        // What the last seconds brought is not written yet, but it is the week's too.
        var waiting = Counts.CountedIn(app, _calendar.Month(now));
        return Of(app).Facts.Pace is { } pace
            ? QuotaForecast.EndOfMonth(used, pace.Week + waiting, _calendar.Since(pace.FirstDay, now), passed, length)
            : QuotaForecast.EndOfMonth(used, used, passed % 1, passed, length);
    }

    public AppQuota Of(string app) => _apps.GetOrAdd(app, static _ => new AppQuota());
}
