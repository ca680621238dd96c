using System.Globalization;

namespace Larkspur.Feishu.Tables;

/// <summary>An instant, in milliseconds since 1970; also when a record was made or changed.</summary>
/// <remarks>
/// What finer clocks say is cut to milliseconds, as the platform would. A date without a time is midnight in the base's time zone
/// (<see cref="BaseTimeZone"/>); the field's format decides only what is shown.
/// </remarks>
public sealed class DateTimeCell : CellValue
{
    /// <summary>Milliseconds since 1970 in UTC.</summary>
    public DateTimeCell(long milliseconds) => Milliseconds = milliseconds;

    /// <summary>An instant, cut to milliseconds.</summary>
    public DateTimeCell(DateTimeOffset instant) => Milliseconds = instant.ToUnixTimeMilliseconds();

    /// <summary>Milliseconds since 1970 in UTC.</summary>
    public long Milliseconds { get; }

    /// <summary>The instant in UTC.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It lies outside the years 1 to 9999.</exception>
    public DateTimeOffset Instant => DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds);

    /// <inheritdoc/>
    public override bool IsEmpty => false;

    private protected override string Kind => "time";

    private protected override string Body => Milliseconds.ToString(CultureInfo.InvariantCulture);

    /// <summary>A date: its midnight in the base's time zone, or the first instant of the day where midnight does not exist.</summary>
    public static DateTimeCell Of(DateOnly date, TimeZoneInfo baseZone)
    {
        ArgumentNullException.ThrowIfNull(baseZone);
        var midnight = date.ToDateTime(TimeOnly.MinValue);
        while (baseZone.IsInvalidTime(midnight)) midnight = midnight.AddMinutes(1);
        return new(new DateTimeOffset(midnight, baseZone.GetUtcOffset(midnight)));
    }

    /// <summary>The day on which the instant falls in the base's time zone.</summary>
    public DateOnly ToDate(TimeZoneInfo baseZone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(Instant, baseZone).DateTime);
}

/// <summary>A checkbox. One that nobody touched is missing in the platform's answers and equals false.</summary>
public sealed class CheckboxCell(bool value) : CellValue
{
    /// <summary>It is ticked.</summary>
    public bool Value { get; } = value;

    /// <inheritdoc/>
    public override bool IsEmpty => false;

    private protected override string Kind => "checkbox";

    private protected override string Body => Value ? "true" : "false";
}

/// <summary>A telephone number: digits, with a plus sign before them or none; at most 64 characters.</summary>
public sealed class PhoneCell(string number) : CellValue
{
    /// <summary>Most characters.</summary>
    public const int MostCharacters = 64;

    /// <summary>The number as it is written.</summary>
    public string Number { get; } = number ?? throw new ArgumentNullException(nameof(number));

    /// <inheritdoc/>
    public override bool IsEmpty => Number.Length == 0;

    private protected override string Kind => "phone";

    private protected override string Body => Number;
}

/// <summary>A link with the text that is shown for it. No text is the same as the link itself.</summary>
public sealed class UrlCell : CellValue
{
    /// <summary>A link, and what is shown for it.</summary>
    public UrlCell(string link, string? text = null)
    {
        ArgumentNullException.ThrowIfNull(link);
        Link = link;
        Text = string.IsNullOrEmpty(text) ? link : text;
    }

    /// <summary>Where it leads.</summary>
    public string Link { get; }

    /// <summary>What is shown, and what filters look at.</summary>
    public string Text { get; }

    /// <inheritdoc/>
    public override bool IsEmpty => Link.Length == 0 && Text.Length == 0;

    private protected override string Kind => "url";

    private protected override string Body => Joined([Link, Text]);
}

/// <summary>A place. Compared by its coordinates alone: names and addresses change with the map.</summary>
/// <param name="longitude">Degrees, -180 to 180; written first.</param>
/// <param name="latitude">Degrees, -90 to 90.</param>
/// <param name="name">What the place is called; not written.</param>
/// <param name="address">Its whole address; not written.</param>
public sealed class LocationCell(decimal longitude, decimal latitude, string? name = null, string? address = null) : CellValue
{
    /// <summary>Degrees east.</summary>
    public decimal Longitude { get; } = longitude;

    /// <summary>Degrees north.</summary>
    public decimal Latitude { get; } = latitude;

    /// <summary>What the place is called, when it was read.</summary>
    public string? Name { get; } = name;

    /// <summary>Its whole address, when it was read.</summary>
    public string? Address { get; } = address;

    /// <inheritdoc/>
    public override bool IsEmpty => false;

    /// <summary>As it is written: <c>longitude,latitude</c>.</summary>
    internal string Coordinates => $"{Shortest(Longitude)},{Shortest(Latitude)}";

    private protected override string Kind => "place";

    private protected override string Body => Coordinates;

    private static string Shortest(decimal degrees) => degrees.ToString("0.############################", CultureInfo.InvariantCulture);
}
