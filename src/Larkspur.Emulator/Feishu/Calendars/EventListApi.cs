using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Calendars;

namespace Larkspur.Emulator.Feishu.Calendars;

/// <summary>The events of the caller's primary calendar: all, those of a time, and what changed since.</summary>
internal sealed class EventListApi(EmulatorState state) : IApiArea
{
    /// <summary>40 days. Source: 193103 of calendar-v4/calendar-event/instance_view.</summary>
    private const long LongestView = 40 * 86_400L;
    /// <summary>A view holds fewer instances than this. Source: the same page; 193104.</summary>
    private const int MostInstances = 1000;
    private const int PageSize = 500;

    private readonly EventView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.Add("calendar.v4.calendar.event.list", List);
        on.Add("calendar.v4.calendar.event.instance_view", View);
    }

    /// <summary>
    /// Four ways: a window (one answer, cut at the page's size), an anchor (pages, then a sync token), a sync token (what changed,
    /// deleted events with status <c>cancelled</c>), or nothing: as a window without bounds, since only an anchor brings page tokens.
    /// </summary>
    /// <remarks>
    /// Source: calendar-v4/calendar-event/list. UNVERIFIED: that deleted events are left out of the first three, the order, that a
    /// window's answer has a sync token, and the code of what must not stand together but for a sync token's (190009).
    /// </remarks>
    private ApiAnswer List(ApiRequest request)
    {
        var caller = CalendarAccess.Own(state, request);
        var (start, end, anchor) = (Seconds(request, "start_time"), Seconds(request, "end_time"), Seconds(request, "anchor_time"));
        var (page, sync) = (request.QueryText("page_token"), request.QueryText("sync_token"));
        if (sync is not null && (start ?? end) is not null) throw request.Refuse(190009);
        if ((start ?? end) is not null && (page is not null || anchor is not null))
            throw CalendarAccess.Bad(request, "start_time and end_time exclude anchor_time and page_token");
        if (start is null != end is null) throw CalendarAccess.Bad(request, "start_time and end_time belong together");
        if (start > end) throw CalendarAccess.Bad(request, "end_time is before start_time");
        if (page is not null) return Page(request, caller, PageToken.Read(request, page));
        var now = state.Clock.GetUtcNow();
        var version = state.CalendarVersion;
        if (sync is not null)
        {
            var known = SyncToken.Read(request, sync, now);
            return Page(request, caller, new PageToken(known.Version, version, anchor ?? known.Anchor, true));
        }

        if (anchor is { } from) return Page(request, caller, new PageToken(0, version, from, false));
        var found = state.EventsOf(caller).Where(e => !e.Deleted && (start is null || e.Overlaps(start.Value, end!.Value)));
        if (start is not null)
        {
            CalendarEvent[] within = [.. found.OrderBy(e => e.Start.Seconds).Take(Size(request))];
            return Answer(request, caller, within, null, Token(version));
        }

        var all = found.ToArray();
        CalendarEvent[] items = [.. all.Take(Size(request))];
        // What was cut off comes with the next synchronization.
        return Answer(request, caller, items, null, Token(items.Length < all.Length ? items[^1].Version : version));

        SyncToken Token(long known) => new(known, now.ToUnixTimeSeconds());
    }

    private ApiAnswer Page(ApiRequest request, string caller, PageToken since)
    {
        var left = state.EventsOf(caller)
            .Where(e => e.Version > since.After && e.End.EndSeconds >= since.Anchor && (since.WithDeleted || !e.Deleted)).ToArray();
        var items = left.Take(Size(request)).ToArray();
        return left.Length > items.Length
            ? Answer(request, caller, items, since with { After = items[^1].Version }, null)
            : Answer(request, caller, items, null, new SyncToken(since.Version, state.Clock.GetUtcNow().ToUnixTimeSeconds(), since.Anchor));
    }

    private ApiAnswer Answer(ApiRequest request, string caller, CalendarEvent[] items, PageToken? next, SyncToken? sync)
    {
        var shown = new JsonArray([.. items.Select(e => (JsonNode)_view.Event(request, e, caller))]);
        var data = new JsonObject { ["has_more"] = next is not null, ["items"] = shown };
        if (next is not null) data["page_token"] = next.Text;
        if (sync is not null) data["sync_token"] = sync.Text;
        return FeishuAnswer.Data(data);
    }

    /// <summary>Only rooms would stand among a view's attendees. Source: calendar-v4/calendar-event/instance_view.</summary>
    private ApiAnswer View(ApiRequest request)
    {
        var caller = CalendarAccess.Own(state, request);
        var (start, end) = (Seconds(request, "start_time")!.Value, Seconds(request, "end_time")!.Value);
        if (end < start) throw CalendarAccess.Bad(request, "end_time is before start_time");
        if (end - start > LongestView) throw request.Refuse(193103);
        var found = state.EventsOf(caller).Where(e => !e.Deleted && e.Overlaps(start, end)).OrderBy(e => e.Start.Seconds).ToArray();
        if (found.Length >= MostInstances) throw request.Refuse(193104);
        var shown = new JsonArray([.. found.Select(e => (JsonNode)_view.Instance(request, e, caller))]);
        return FeishuAnswer.Data(new JsonObject { ["items"] = shown });
    }

    private static int Size(ApiRequest request) => request.QueryInt("page_size", PageSize);

    private static long? Seconds(ApiRequest request, string name) => request.QueryText(name) is not { } text ? null
        : EventReader.Seconds(text) ?? throw CalendarAccess.Bad(request, name + " must be unix seconds");
}
