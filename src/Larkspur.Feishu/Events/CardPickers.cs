using System.Globalization;

namespace Larkspur.Feishu.Events;

/// <summary>What date and time pickers send: <c>2026-04-01 +0800</c>, <c>09:30 +0800</c>, <c>2026-04-01 09:30 +0800</c>. The offset is that of the person's client.</summary>
public static class CardPickers
{
    /// <summary>Reads a picked date.</summary>
    public static bool TryDate(string? text, out DateOnly date) =>
        DateOnly.TryParseExact(WithoutOffset(text), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    /// <summary>Reads a picked time.</summary>
    public static bool TryTime(string? text, out TimeOnly time) =>
        TimeOnly.TryParseExact(WithoutOffset(text), ["HH:mm", "H:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    /// <summary>Reads a picked date and time; without an offset it is no moment.</summary>
    public static bool TryMoment(string? text, out DateTimeOffset moment)
    {
        moment = default;
        // .NET reads offsets with a colon.
        return text is { Length: > 5 } && text[^5] is ('+' or '-')
            && DateTimeOffset.TryParseExact(string.Concat(text.AsSpan(0, text.Length - 2), ":", text.AsSpan(text.Length - 2)),
                ["yyyy-MM-dd HH:mm zzz", "yyyy-MM-dd HH:mm:ss zzz"], CultureInfo.InvariantCulture, DateTimeStyles.None, out moment);
    }

    private static string? WithoutOffset(string? text) => text is { Length: > 6 } && text[^5] is ('+' or '-') && text[^6] == ' ' ? text[..^6] : text;
}
