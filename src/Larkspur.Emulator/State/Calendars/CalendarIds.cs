using System.Buffers.Text;
using System.Text;

namespace Larkspur.Emulator.State.Calendars;

/// <summary>The id of a primary calendar. Everybody and every bot has exactly one, so it follows from whose it is.</summary>
/// <remarks>On the platform the middle of the id is opaque; here it can be read back. Source: calendar-v4/calendar/introduction.</remarks>
public static class CalendarIds
{
    private const string Prefix = "feishu.cn_";
    private const string Suffix = "@group.calendar.feishu.cn";

    /// <param name="ownerId">A person's <c>UserId</c> in the state, or an <c>app_id</c>.</param>
    public static string Primary(string ownerId) => Prefix + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(ownerId)) + Suffix;

    /// <returns>Whose calendar it would be, known or not; null: this is no id of a calendar.</returns>
    public static string? OwnerOf(string calendarId)
    {
        if (!calendarId.StartsWith(Prefix, StringComparison.Ordinal) || !calendarId.EndsWith(Suffix, StringComparison.Ordinal)) return null;
        if (calendarId.Length <= Prefix.Length + Suffix.Length) return null;
        var middle = calendarId[Prefix.Length..^Suffix.Length];
        return Base64Url.IsValid(middle) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(middle)) : null;
    }
}
