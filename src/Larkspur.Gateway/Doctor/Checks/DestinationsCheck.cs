using Larkspur.Gateway.Callbacks;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Business systems take their callbacks: judged by open circuits of this process and by callbacks in the outbox that failed.</summary>
internal sealed class DestinationsCheck(IDestinations destinations, DestinationLines lines, IDatabase database) : IDoctorCheck
{
    private const int MostRead = 1000;

    public string Id => "destinations";

    public LocalText Title => new("回调目标", "Webhook destinations");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var names = destinations.All.Select(d => d.Name).Order(StringComparer.Ordinal).ToArray();
        if (names.Length == 0) return CheckResult.Skipped("没有设置回调目标", "There are no webhook destinations");
        var failing = await database.ReadAsync(sql => sql.QueryAsync($"""
            SELECT target, COUNT(*) FROM (SELECT target FROM outbox WHERE platform = $1 AND ((status = 0 AND attempts > 0) OR status = 2) LIMIT {MostRead}) AS failing GROUP BY target
            """, static row => (Name: row.GetString(0), Count: row.GetInt64(1)), OutboxScope.CallbackPlatform), cancellation);
        var waiting = failing.ToDictionary(f => f.Name, f => f.Count, StringComparer.Ordinal);
        string[] away = [.. names.Where(n => lines.Find(n)?.Circuit.State is CircuitState.Open or CircuitState.HalfOpen or CircuitState.Off)];
        string[] troubled = [.. names.Where(n => waiting.ContainsKey(n) && !away.Contains(n))];
        var detail = new System.Text.Json.Nodes.JsonObject { ["away"] = CheckResult.List(away), ["failing"] = CheckResult.List(troubled) };
        var fix = new LocalText("检查对方系统和地址；恢复后，等待的回调会自动送出，死信可在“投递”中重放", "Look at that system and its address; what waits leaves by itself once it is back, dead letters are replayed under Deliveries");
        if (away.Length > 0) return CheckResult.Failed(new($"目标没有应答：{string.Join("、", away)}", $"Destinations that are away: {string.Join(", ", away)}"), fix, detail);
        if (troubled.Length > 0)
            return CheckResult.Warning(new($"有回调送不出去：{string.Join("、", troubled.Select(n => $"{n}（{waiting[n]}）"))}", $"Callbacks that failed: {string.Join(", ", troubled.Select(n => $"{n} ({waiting[n]})"))}"), fix, detail);
        return CheckResult.Ok($"{names.Length} 个目标，没有送不出去的回调", $"{CheckResult.Count(names.Length, "destination")}, and no callback failed", detail);
    }
}
