using System.Globalization;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Notifications;

/// <summary>When notifications may leave, by the clock of <c>LARKSPUR_TIME_ZONE</c>.</summary>
internal sealed class QuietHours(ISettings settings, Installation gateway)
{
    /// <summary>Hours in which normal notifications wait, like <c>22:00-08:00</c>; empty: none.</summary>
    public const string Setting = "notifications.quiet_hours";

    /// <summary>Times of the digest, like <c>09:00</c> or <c>09:00,17:00</c>; empty: types of that kind behave like normal ones.</summary>
    public const string DigestSetting = "notifications.digest_at";

    private const string Clock = "HH:mm";
    private const int MostTimes = 12;

    public static IReadOnlyList<SettingDefinition> Definitions { get; } =
    [
        new(Setting, SettingKind.Text)
        {
            Longest = 20, Title = NotificationTexts.QuietHours,
            Help = NotificationTexts.NormalNotificationsWaitUntil,
            Problem = text => TryHours(text, out _) ? null : NotificationTexts.BadQuietHours,
        },
        new(DigestSetting, SettingKind.Text)
        {
            Longest = 100, Title = NotificationTexts.DigestAt,
            Help = NotificationTexts.NotificationsDigestTypesAre,
            Problem = text => TryTimes(text, out _) ? null : NotificationTexts.TimesLike0900Or09001700,
        },
    ];

    /// <summary>When a notification may leave; null: now.</summary>
    public (DateTimeOffset? At, bool Digest) DueOf(NotificationUrgency urgency, DateTimeOffset now)
    {
        if (urgency == NotificationUrgency.Urgent) return (null, false);
        if (urgency == NotificationUrgency.Digest && settings.Now.Text(DigestSetting) is { } times && TryTimes(times, out var digests)) return (digests.Min(time => Next(time, now)), true);
        if (settings.Now.Text(Setting) is not { } text || !TryHours(text, out var hours)) return (null, false);
        var local = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, gateway.TimeZone).DateTime);
        // Between 22:00 and 08:00 goes over midnight by itself.
        return (local.IsBetween(hours.From, hours.To) ? Next(hours.To, now) : null, false);
    }

    private static bool TryHours(string text, out (TimeOnly From, TimeOnly To) hours)
    {
        hours = default;
        if (text.Split('-') is not [var from, var to] || !TryTime(from, out hours.From) || !TryTime(to, out hours.To)) return false;
        return hours.From != hours.To;
    }

    private static bool TryTimes(string text, out IReadOnlyList<TimeOnly> times)
    {
        var read = new List<TimeOnly>();
        times = read;
        foreach (var part in text.Split(','))
        {
            if (!TryTime(part, out var time)) return false;
            read.Add(time);
        }

        return read.Count is > 0 and <= MostTimes;
    }

    private static bool TryTime(string text, out TimeOnly time) => TimeOnly.TryParseExact(text.Trim(), Clock, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    /// <summary>The next moment that the clock shows this; where summer time leaves it out, the moment that it jumps to.</summary>
    private DateTimeOffset Next(TimeOnly time, DateTimeOffset now)
    {
        var zone = gateway.TimeZone;
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime);
        for (var i = 0; ; i++)
        {
            var local = day.AddDays(i).ToDateTime(time);
            while (zone.IsInvalidTime(local)) local = local.AddMinutes(15);
            var at = new DateTimeOffset(local, zone.GetUtcOffset(local));
            if (at > now) return at;
        }
    }
}
