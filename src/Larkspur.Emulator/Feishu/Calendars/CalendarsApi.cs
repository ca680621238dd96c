using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Calendars;

namespace Larkspur.Emulator.Feishu.Calendars;

/// <summary>Calendars: the caller's own one, and what is known of another's.</summary>
/// <remarks>Shared, subscribed and bound calendars are not played: everybody's list holds their primary calendar alone.</remarks>
internal sealed class CalendarsApi(EmulatorState state) : IApiArea
{
    private readonly EventView _view = new(state);

    public void Register(ApiHandlers on)
    {
        on.Add("calendar.v4.calendar.primary", Primary);
        on.Add("calendar.v4.calendar.list", List);
        on.Add("calendar.v4.calendar.get", r => FeishuAnswer.Data(Show(CalendarAccess.Caller(r), CalendarAccess.Owner(state, r))));
    }

    /// <summary>An app has no <c>user_id</c> (its code 190002 is UNVERIFIED). Source: calendar-v4/calendar/primary.</summary>
    private ApiAnswer Primary(ApiRequest request)
    {
        var caller = CalendarAccess.Caller(request);
        if (request.Caller!.UserId is null && request.QueryText("user_id_type") == "user_id")
            throw CalendarAccess.Bad(request, "user_id_type of an app is open_id or union_id");
        var calendar = new JsonObject { ["calendar"] = Show(caller, caller), ["user_id"] = _view.Id(request, caller) };
        return FeishuAnswer.Data(new JsonObject { ["calendars"] = new JsonArray(calendar) });
    }

    /// <summary>Nothing changes in the list, so a sync token finds nothing. Source: calendar-v4/calendar/list.</summary>
    private ApiAnswer List(ApiRequest request)
    {
        var caller = CalendarAccess.Caller(request);
        var now = state.Clock.GetUtcNow();
        if (request.QueryText("page_token") is not null) throw CalendarAccess.Bad(request, "page_token");
        var sync = request.QueryText("sync_token") is { } token ? SyncToken.Read(request, token, now) : null;
        return FeishuAnswer.Data(new JsonObject
        {
            ["has_more"] = false, ["page_token"] = "", ["sync_token"] = new SyncToken(0, now.ToUnixTimeSeconds()).Text,
            ["calendar_list"] = sync is null ? new JsonArray(Show(caller, caller)) : new JsonArray(),
        });
    }

    private JsonObject Show(string caller, string owner) => new()
    {
        ["calendar_id"] = CalendarIds.Primary(owner), ["summary"] = _view.Name(owner), ["description"] = "",
        ["permissions"] = "show_only_free_busy", ["color"] = -1, ["type"] = "primary",
        ["summary_alias"] = "", ["is_deleted"] = false, ["is_third_party"] = false,
        ["role"] = CalendarAccess.Role(caller, owner),
    };
}
