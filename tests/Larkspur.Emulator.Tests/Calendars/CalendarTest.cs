using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Calendars;
using Larkspur.Emulator.Tests.Im;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Calendars;

/// <summary>Words for what calendars need. The clock stands at 2026-01-05 09:00 UTC, 17:00 in Shanghai.</summary>
public abstract class CalendarTest : ImTest
{
    protected const string Calendars = "/open-apis/calendar/v4/calendars";
    /// <summary>2026-01-06 10:00 in Shanghai, unix seconds.</summary>
    protected const long Tomorrow = 1_767_664_800;
    protected const long Day = 86_400;

    protected static readonly string BobsCalendar = CalendarIds.Primary(SeededCompany.Bob);

    protected static string Events(string who) => $"{Calendars}/{CalendarIds.Primary(who)}/events";

    protected static string Open(string who) => WireIds.OpenId(EmulatorApp.AppId, who);

    protected static JsonObject At(long seconds) => new() { ["timestamp"] = $"{seconds}" };

    protected static JsonObject On(string date) => new() { ["date"] = date };

    protected static JsonObject Body(long from = Tomorrow, long to = Tomorrow + 3600, string summary = "Call") =>
        new() { ["summary"] = summary, ["start_time"] = At(from), ["end_time"] = At(to) };

    /// <summary>A new event in a person's calendar, by their own token.</summary>
    protected async Task<string> MadeAsync(string who, JsonObject? body = null)
    {
        var reply = await CallAsync(HttpMethod.Post, Events(who), body ?? Body(), await UserTokenAsync(who));
        Assert.True(reply is { Status: 200, Code: 0 }, reply.Json.ToJsonString());
        return reply.Data["event"]!["event_id"]!.GetValue<string>();
    }

    protected async Task InviteAsync(string who, string eventId, params string[] people)
    {
        var attendees = people.Select(p => new { type = "user", user_id = p });
        var reply = await CallAsync(HttpMethod.Post, $"{Events(who)}/{eventId}/attendees?user_id_type=user_id", new { attendees },
            await UserTokenAsync(who));
        Assert.True(reply is { Status: 200, Code: 0 }, reply.Json.ToJsonString());
    }

    protected async Task<(int Status, long Code)> CodeAsync(HttpMethod method, string path, object? body = null, string? token = null)
    {
        var reply = await CallAsync(method, path, body, token);
        return (reply.Status, reply.Code);
    }

    protected static string[] Summaries(ApiReply reply) =>
        [.. reply.Data["items"]!.AsArray().Select(e => e!["summary"]!.GetValue<string>())];
}
