using System.Globalization;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Calendar.V4;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Authorizations.Rows;
using Larkspur.Gateway.Authorizations.Tokens;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Commands.InOwnName;

/// <summary><c>/agenda</c>: what stands in the caller's own calendar today, by the company's clock.</summary>
/// <remarks>Source: calendar-v4/calendar/primary, calendar-v4/calendar-event/instance_view. A whole-day event has dates in place of
/// times.</remarks>
internal sealed class AgendaCommand(PersonCalls calls, Installation installation, TimeProvider clock) : IOwnNameCommand
{
    private const int MostShown = 20;
    private const int LongestSummary = 120;

    public string Name => "agenda";

    public string[] Aliases => ["日程", "今日日程"];

    public IReadOnlyList<string> Scopes { get; } = ["calendar:calendar:readonly"];

    public LocalText Reason => OwnNameTexts.AgendaReason;

    public async Task<UnifiedResponse> AnswerAsync(FeishuApp app, UserAuthorization given, Language language,
        CancellationToken cancellation)
    {
        var primary = await calls.CallAsync(app, given, Endpoints.CalendarPrimary,
            options => app.Client.Calendar.V4.Calendar.PrimaryAsync(new(), options, cancellation), cancellation);
        var calendar = primary.Calendars?.Select(c => c.Calendar?.CalendarId).FirstOrDefault(id => id is { Length: > 0 });
        var today = TimeZoneInfo.ConvertTime(clock.GetUtcNow(), installation.TimeZone).Date;
        var (from, to) = (At(today), At(today.AddDays(1)));
        var instances = calendar is null ? [] : (await calls.CallAsync(app, given, Endpoints.CalendarEventInstanceView,
            options => app.Client.Calendar.V4.Calendar.Event.InstanceViewAsync(new()
            {
                CalendarId = calendar, StartTime = Seconds(from), EndTime = Seconds(to),
            }, options, cancellation), cancellation)).Items ?? [];
        var shown = instances.Where(i => i.Status?.Value != "cancelled")
            .Select(i => (Start: TimeOf(i.StartTime?.Timestamp), End: TimeOf(i.EndTime?.Timestamp), i.Summary))
            .OrderBy(i => i.Start ?? from).ToArray();
        var title = OwnNameTexts.AgendaTitle(today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), installation.TimeZone.Id);
        var card = new CardMessage
        {
            Title = title, Status = CardStatus.Info, Text = shown.Length == 0 ? OwnNameTexts.AgendaNone : null,
            Facts = [.. shown.Take(MostShown).Select(i => new CardFact(Span(i.Start, i.End), LocalText.From(Summary(i.Summary)))
                { Wide = true })],
            Footnote = shown.Length > MostShown ? OwnNameTexts.More(shown.Length - MostShown) : null,
        };
        return UnifiedResponse.Text(title.In(language)) with { Kind = ResponseKind.Card, Card = card, Locale = language.Tag() };
    }

    private DateTimeOffset At(DateTime local) => new(local, installation.TimeZone.GetUtcOffset(local));

    private LocalText Span(DateTimeOffset? start, DateTimeOffset? end) => start is null || end is null ? OwnNameTexts.AgendaWholeDay
        : LocalText.From($"{Clock(start.Value)}–{Clock(end.Value)}");

    private string Clock(DateTimeOffset at) =>
        TimeZoneInfo.ConvertTime(at, installation.TimeZone).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Summary(string? text) => VisibleText.Of(text ?? "", LongestSummary) is { Length: > 0 } seen ? seen : "—";

    private static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset? TimeOf(string? seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at is > 0 and < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(at) : null;
}
