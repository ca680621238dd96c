using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.People;

/// <summary>Who left, and when.</summary>
internal sealed class LeaversApi(EmulatorState state) : IDingTalkArea
{
    private const int MostPerPage = 50;
    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(365);

    public IEnumerable<DingTalkRoute> Routes =>
        [DingTalkRoute.Get("/v1.0/contact/empLeaveRecords", List) with { Scope = "Contact.User.Read", Free = true }];

    /// <summary>By the time they left; the token is a place in that list, at first 0.</summary>
    private DingTalkAnswer List(DingTalkCall call)
    {
        var from = Time(call, "startTime") ?? throw DingTalkRefusal.Parameter("startTime", "is missing");
        var to = Time(call, "endTime") ?? state.Clock.GetUtcNow();
        if (to < from || to - from > LongestSpan) throw DingTalkRefusal.Parameter("endTime", "must be within 365 days after startTime");
        var start = (int)(call.Number("nextToken") is >= 0 and <= int.MaxValue and var at ? at
            : throw DingTalkRefusal.Parameter("nextToken", "is missing; the first is 0"));
        var size = (int)(call.Number("maxResults") is >= 1 and <= MostPerPage and var most ? most
            : throw DingTalkRefusal.Parameter("maxResults", $"must be 1 to {MostPerPage}"));
        var left = state.People.Where(p =>
            p.IsResigned && p.LeaveTime >= from.ToUnixTimeMilliseconds() && p.LeaveTime <= to.ToUnixTimeMilliseconds())
            .OrderBy(p => p.LeaveTime).ToArray();
        var answer = new JsonObject { ["records"] = left.Skip(start).Take(size).ToJson(Show) };
        if (start + size < left.Length) answer["nextToken"] = (start + size).ToString(CultureInfo.InvariantCulture);
        return new DingTalkAnswer(answer);
    }

    private static JsonObject Show(Person person) => new()
    {
        ["userId"] = person.PresentUserId, ["name"] = person.Name, ["stateCode"] = "86", ["mobile"] = UserView.Bare(person.Mobile),
        ["leaveTime"] = DateTimeOffset.FromUnixTimeMilliseconds(person.LeaveTime)
            .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["leaveReason"] = person.LeaveReason,
    };

    private static DateTimeOffset? Time(DingTalkCall call, string name) => call.Text(name) switch
    {
        null => null,
        { } text when DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) => time,
        _ => throw DingTalkRefusal.Parameter(name, "is no time such as 2026-01-31T00:00:00Z"),
    };
}
