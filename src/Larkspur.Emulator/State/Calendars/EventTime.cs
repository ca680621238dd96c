namespace Larkspur.Emulator.State.Calendars;

/// <summary>Begin or end of an event: a moment, or a whole day.</summary>
/// <remarks>Source: calendar-v4/calendar-event/introduction (<c>date</c> and <c>timestamp</c> exclude each other).</remarks>
/// <param name="Date">Of an event of whole days; null otherwise.</param>
/// <param name="Seconds">Unix seconds; of a day its first second in UTC.</param>
/// <param name="Timezone">By its IANA name; of a day always <c>UTC</c>.</param>
public sealed record EventTime(DateOnly? Date, long Seconds, string Timezone)
{
    public const string DefaultTimezone = "Asia/Shanghai";

    /// <summary>The greatest time that the platform takes. Source: calendar-v4/calendar-event/introduction.</summary>
    public const long Latest = 16_725_225_600;

    public static EventTime At(DateTimeOffset time) => new(null, time.ToUnixTimeSeconds(), DefaultTimezone);

    public static EventTime Day(DateOnly date) =>
        new(date, new DateTimeOffset(date, TimeOnly.MinValue, TimeSpan.Zero).ToUnixTimeSeconds(), "UTC");

    /// <summary>The first second after it, when it is an event's end. The last of several days belongs to the event (UNVERIFIED).</summary>
    public long EndSeconds => Date is null ? Seconds : Seconds + 86_400;
}
