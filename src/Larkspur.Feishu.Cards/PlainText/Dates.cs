using System.Globalization;

namespace Larkspur.Feishu.Cards.PlainText;

/// <summary>Dates of table cells. Clients show them in the reader's time zone, which a text does not know: it shows China's, and for a bare date that is enough.</summary>
internal static class Dates
{
    private static readonly TimeSpan China = TimeSpan.FromHours(8);

    public static string Of(long milliseconds, string? format)
    {
        // Years 1 to 9999; beyond, the number is shown as it is.
        if (milliseconds is < -62_135_500_000_000 or > 253_402_200_000_000) return milliseconds.ToString(CultureInfo.InvariantCulture);
        var time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToOffset(China);
        var wanted = format is not null && (format.Contains("HH", StringComparison.Ordinal) || format.Contains("mm", StringComparison.Ordinal)) ? "yyyy-MM-dd HH:mm" : "yyyy-MM-dd";
        return time.ToString(wanted, CultureInfo.InvariantCulture);
    }
}
