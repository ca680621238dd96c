using System.Globalization;
using Larkspur.Feishu.Cards;

namespace Larkspur.Gateway.Cards;

/// <summary>When something was done to a card, as the card says it: the time of day, and the day too
/// when it is another one than the sending's.</summary>
internal static class CardTime
{
    /// <summary>Readers of one card live in different zones, where days begin at different moments:
    /// this much later is another day to most of them.</summary>
    private static readonly TimeSpan AnotherDay = TimeSpan.FromHours(12);

    /// <summary>By one zone's clocks, for platforms whose cards know no reader's zone, and for a reader whose zone is known.</summary>
    public static string Text(DateTimeOffset at, DateTimeOffset? sentAt, TimeZoneInfo zone)
    {
        var then = TimeZoneInfo.ConvertTime(at, zone);
        var sent = TimeZoneInfo.ConvertTime(sentAt ?? at, zone);
        return then.ToString(sent.Date == then.Date ? "HH:mm"
            : sent.Year == then.Year ? "MM-dd HH:mm" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
    }

    /// <summary>Markdown of Feishu's cards that each reader sees in their own zone and language,
    /// as the client shows the time of the message beside it.</summary>
    public static string FeishuMarkdown(DateTimeOffset at, DateTimeOffset? sentAt)
    {
        var time = CardMarkdown.LocalDateTime(at, "time");
        return sentAt is not { } sent || (at - sent).Duration() < AnotherDay ? time : $"{CardMarkdown.LocalDateTime(at, "date")} {time}";
    }
}
