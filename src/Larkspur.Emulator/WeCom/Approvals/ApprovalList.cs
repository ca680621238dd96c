using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>Which requests a period holds, page by page: <c>getapprovalinfo</c>.</summary>
internal sealed class ApprovalList(WeComCorp corp, ApprovalEngine engine)
{
    private const int MostPerPage = 100;
    private static readonly TimeSpan LongestPeriod = TimeSpan.FromDays(31);
    private static readonly string[] Keys = ["template_id", "creator", "department", "sp_status", "record_type"];

    /// <exception cref="WeComRefusal">301025.</exception>
    public JsonObject Page(WeComCall call)
    {
        var (from, to) = (Time(call, "starttime"), Time(call, "endtime"));
        if (to < from || to - from > LongestPeriod) throw ApprovalRefusal.Param("endtime is at most 31 days behind starttime");
        var size = WeComJson.Number(call.Body, "size") ?? MostPerPage;
        if (size is < 1 or > MostPerPage) throw ApprovalRefusal.Param("size is 1 to 100");
        var filters = (WeComJson.Objects(call.Body, "filters") ?? []).Select(f => (Key: WeComJson.Text(f, "key") ?? "", Value: f["value"]?.ToString() ?? "")).ToArray();
        if (filters.FirstOrDefault(f => !Keys.Contains(f.Key)).Key is { } wrong) throw ApprovalRefusal.Param($"filter {wrong} is unknown");
        if (filters.GroupBy(f => f.Key).Any(g => g.Key != "department" && g.Count() > 1)) throw ApprovalRefusal.Param("only department may be there more than once");
        // The cursor is the last number of the page before: what is submitted meanwhile moves no page.
        var cursor = call.Text("new_cursor") ?? "";
        if (cursor.Length > 0 && engine.Find(cursor) is null) throw ApprovalRefusal.Param("new_cursor");
        var found = engine.Approvals.Where(a => a.Created >= from && a.Created < to + TimeSpan.FromSeconds(1) && Fits(a, filters)).Select(a => a.SpNo);
        if (cursor.Length > 0) found = found.SkipWhile(n => n != cursor).Skip(1);
        var numbers = found.Take((int)size + 1).ToArray();
        var page = numbers.Take((int)size).ToArray();
        return new JsonObject { ["sp_no_list"] = WeComJson.List(page), ["new_next_cursor"] = numbers.Length > page.Length ? page[^1] : "" };
    }

    private bool Fits(WeComApproval approval, (string Key, string Value)[] filters) => filters.GroupBy(f => f.Key).All(kind => kind.Any(f => f.Key switch
    {
        "template_id" => approval.Template.Id == f.Value,
        "creator" => approval.Applicant.Equals(f.Value, StringComparison.OrdinalIgnoreCase),
        "department" => int.TryParse(f.Value, CultureInfo.InvariantCulture, out var id) && corp.Branch(id).Contains(approval.Department),
        "sp_status" => ((int)approval.Status).ToString(CultureInfo.InvariantCulture) == f.Value,
        // 1 to 9 are the platform's own forms; the emulator has none.
        _ => false,
    }));

    private static DateTimeOffset Time(WeComCall call, string name) =>
        call.Body[name] is JsonValue value && long.TryParse(value.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < 253_402_300_800
            ? DateTimeOffset.FromUnixTimeSeconds(seconds) : throw ApprovalRefusal.Param($"{name} is in seconds");
}
