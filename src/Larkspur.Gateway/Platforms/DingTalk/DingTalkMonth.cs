using System.Collections.Concurrent;
using Larkspur.DingTalk;
using Larkspur.Gateway.Quota;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>
/// What the apps use of their organisations' months, in the ledger that Feishu's apps are in, under <c>dingtalk:{app}</c>: kept over restarts, shared by all processes. Calls count; what was
/// delivered and what went to session webhooks is noted beside them, because the platform counts the one apart and says nothing of the other.
/// </summary>
internal sealed class DingTalkMonth : IDingTalkUsageObserver
{
    /// <summary>A call that works proves that there is quota again, if it was made after the refusal.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromMinutes(1);

    private readonly QuotaRegistry _book;
    private readonly QuotaCalendar _calendar;
    private readonly TimeProvider _clock;
    private readonly QuotaOptions _options;

    /// <summary>Also of an app that is away by now: its last calls may still be under way.</summary>
    private readonly ConcurrentDictionary<string, string> _labels = new(StringComparer.Ordinal);

    public DingTalkMonth(QuotaRegistry book, QuotaOptions options, QuotaCalendar calendar, TimeProvider clock) =>
        (_book, _options, _calendar, _clock) = (book, options, calendar, clock);

    /// <summary>An app makes calls with these options from now on.</summary>
    public void Serve(string name, DingTalkOptions app)
    {
        _labels[app.ClientId] = LabelOf(name);
        _options.Declared[LabelOf(name)] = app.MonthlyCalls;
        _book.Serve($"{DingTalkApps.Platform} {app.ClientId}", LabelOf(name));
    }

    public static string LabelOf(string app) => $"{DingTalkApps.Platform}:{app}";

    public void OnUsed(in DingTalkUse use)
    {
        var label = _labels.GetValueOrDefault(use.ClientId, use.ClientId);
        var counts = use.Kind == DingTalkUseKind.Call;
        var what = use.Kind == DingTalkUseKind.Delivery ? "delivery " + use.What : use.What;
        var now = _clock.GetUtcNow();
        _book.Counts.Add(new(label, _calendar.Day(now), what), new(1, 0, counts ? 1 : 0));
        if (counts && _book.Of(label).Prove(now - LongestCall)) _book.Changed?.Invoke();
    }

    /// <summary>The platform has said that the month's calls are used up.</summary>
    public void UsedUp(DingTalkApp app)
    {
        var now = _clock.GetUtcNow();
        if (_book.Of(app.Label).Refuse(now, _calendar.Month(now))) _book.Changed?.Invoke();
    }

    /// <summary>How sparing the app has to be.</summary>
    public QuotaMode Mode(DingTalkApp app) => _book.Mode(app.Label);

    /// <inheritdoc cref="IQuota.MayTry"/>
    public bool MayTry(DingTalkApp app) => _book.MayTry(app.Label, "robot");
}
