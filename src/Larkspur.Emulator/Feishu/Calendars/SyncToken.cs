using System.Globalization;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Calendars;

/// <summary>Up to which change the caller knows everything. Good for 90 days (of events: UNVERIFIED).</summary>
/// <remarks>Source: <c>sync_token</c> in calendar-v4/calendar/list.</remarks>
/// <param name="Version">The last change that is known.</param>
/// <param name="MadeAt">Unix seconds.</param>
/// <param name="Anchor">Unix seconds: what ended before does not matter; 0: everything does.</param>
internal sealed record SyncToken(long Version, long MadeAt, long Anchor = 0)
{
    private const string Prefix = "ListCalendarsSyncToken_";
    private const long Lifetime = 90 * 86_400L;

    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Version}_{MadeAt}_{Anchor}");

    /// <exception cref="ApiRefusedException">190008: it is too old; 190002: it is none.</exception>
    public static SyncToken Read(ApiRequest request, string text, DateTimeOffset now)
    {
        if (TokenNumbers.Of(text, Prefix, 3) is not { } numbers) throw CalendarAccess.Bad(request, "sync_token");
        if (now.ToUnixTimeSeconds() - numbers[1] > Lifetime) throw request.Refuse(190008);
        return new SyncToken(numbers[0], numbers[1], numbers[2]);
    }
}

/// <summary>Where the next page of events begins.</summary>
/// <param name="After">The change after which it begins.</param>
/// <param name="Version">What the sync token at the end will know: the last change when the first page was made.</param>
/// <param name="Anchor">As in <see cref="SyncToken"/>.</param>
/// <param name="WithDeleted">Of a synchronization; a first listing leaves deleted events out.</param>
internal sealed record PageToken(long After, long Version, long Anchor, bool WithDeleted)
{
    private const string Prefix = "ListCalendarsPageToken_";

    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{After}_{Version}_{Anchor}_{(WithDeleted ? 1 : 0)}");

    /// <exception cref="ApiRefusedException">190002: it is none.</exception>
    public static PageToken Read(ApiRequest request, string text) => TokenNumbers.Of(text, Prefix, 4) is { } numbers
        ? new PageToken(numbers[0], numbers[1], numbers[2], numbers[3] == 1)
        : throw CalendarAccess.Bad(request, "page_token");
}

/// <summary>The numbers that a token holds behind its name.</summary>
internal static class TokenNumbers
{
    /// <returns>null: it is no such token.</returns>
    public static long[]? Of(string text, string prefix, int count)
    {
        if (!text.StartsWith(prefix, StringComparison.Ordinal)) return null;
        var parts = text[prefix.Length..].Split('_');
        var numbers = new long[count];
        for (var i = 0; i < count; i++)
        {
            if (parts.Length != count) return null;
            if (!long.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i])) return null;
        }

        return numbers;
    }
}
