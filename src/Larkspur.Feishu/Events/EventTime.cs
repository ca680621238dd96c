using System.Globalization;

namespace Larkspur.Feishu.Events;

/// <summary>Reads the times of envelopes, which come in seconds (with decimals), milliseconds or microseconds, always as text.</summary>
/// <remarks>2.0 headers: 13 digits for events, 16 for card callbacks and in one sample of the guide. 1.0: <c>1700000000.123</c>.</remarks>
internal static class EventTime
{
    private const decimal FirstMilliseconds = 100_000_000_000m;
    private const decimal FirstMicroseconds = 100_000_000_000_000m;
    private const decimal LastMicroseconds = 100_000_000_000_000_000m;

    public static DateTimeOffset? Parse(string text)
    {
        if (text.Length is 0 or > 24
            || !decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            || value <= 0 || value >= LastMicroseconds)
        {
            return null;
        }

        decimal microseconds = value < FirstMilliseconds ? value * 1_000_000m : value < FirstMicroseconds ? value * 1_000m : value;
        return DateTimeOffset.UnixEpoch.AddTicks((long)(microseconds * TimeSpan.TicksPerMicrosecond));
    }
}
