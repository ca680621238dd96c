namespace Larkspur.Feishu.Tables;

/// <summary>The time zone of a base, in which dates without a time begin.</summary>
public static class BaseTimeZone
{
    /// <summary>Finds the zone that <c>time_zone</c> of a base names.</summary>
    /// <remarks>
    /// <c>Asia/Beijing</c>, which the documentation gives as an example, is no zone of the IANA database: it is <c>Asia/Shanghai</c>.
    /// </remarks>
    /// <exception cref="TimeZoneNotFoundException">This machine's database has none of that name.</exception>
    public static TimeZoneInfo Find(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return TimeZoneInfo.FindSystemTimeZoneById(name == "Asia/Beijing" ? "Asia/Shanghai" : name);
    }
}
