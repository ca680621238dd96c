using System.Collections.Concurrent;

namespace Larkspur;

/// <summary>What refusals taught about limits: keys are paced below what is documented for as long as the platform wants it so.</summary>
/// <remarks>
/// <para>A refusal that announces a lower ceiling is believed: that ceiling is kept until ten minutes have passed without a refusal, then the
/// documented rate is tried again; where the platform still means it, that costs one refused call in ten minutes.</para>
/// <para>A refusal without a ceiling, or with one that was kept, says that somebody else uses the same budget or that the platform is short of breath: the
/// rate falls to 70 %, at most once per pause, and returns by a twentieth of the documented rate with every window that passes without a refusal.
/// This is how congestion control shares a line between strangers.</para>
/// Thread-safe. What is unlimited by the documentation and refused without a ceiling has no rate to lower: only the pause holds it.
/// </remarks>
public sealed class LearnedRates(TimeProvider clock)
{
    /// <summary>How long an announced ceiling is kept after the last refusal.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, LearnedRate> _rates = new(StringComparer.Ordinal);

    /// <summary>The limit to keep now: the documented one, or less.</summary>
    public RateLimit Current(string key, RateLimit documented)
    {
        if (_rates.IsEmpty || !_rates.TryGetValue(key, out LearnedRate? learned)) return documented;
        RateLimit current = learned.Current(documented, clock.GetTimestamp(), out bool forgotten);
        if (forgotten) _rates.TryRemove(KeyValuePair.Create(key, learned));
        return current;
    }

    /// <summary>The platform refused a call because of its rate.</summary>
    /// <param name="key">The key the call was paced under.</param>
    /// <param name="documented">The limit that <see cref="Current"/> was asked for.</param>
    /// <param name="published">The platform's own limit, which <paramref name="documented"/> may be a share of: an announced number is compared with
    /// this one.</param>
    /// <param name="announced">The ceiling the platform named together with a reset time, or null. Nonsense is taken as none.</param>
    /// <param name="pause">How long the key stays closed: the reset time where there is one. Beyond a second it tells that the ceiling is a minute's.</param>
    public void Refused(string key, RateLimit documented, RateLimit published, int? announced, TimeSpan pause)
    {
        if (announced is < 1 or > RateLimit.Most) announced = null;
        if (documented.IsNone && announced is null) return;
        long now = clock.GetTimestamp();
        while (!_rates.GetOrAdd(key, static (_, frequency) => new LearnedRate(frequency), clock.TimestampFrequency).TryRefuse(documented, published, announced, pause, now))
        {
        }
    }
}
