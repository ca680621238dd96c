using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Webhooks;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>Business systems take their webhooks: judged by open circuits of this process and by webhooks in the outbox that failed.</summary>
internal sealed class WebhooksCheck(IWebhookEndpoints webhooks, WebhookConnections lines, IDatabase database) : IDoctorCheck
{
    public string Id => "webhooks";

    public LocalText Title => new("Webhook", "Webhooks");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var names = webhooks.All.Select(d => d.Name).Order(StringComparer.Ordinal).ToArray();
        if (names.Length == 0) return CheckResult.Skipped("没有设置 Webhook", "There are no webhooks");
        var waiting = await database.ReadAsync(WebhookRows.FailingAsync, cancellation);
        string[] away = [.. names.Where(n => lines.Find(n)?.Circuit.State is CircuitState.Open or CircuitState.HalfOpen or CircuitState.Off)];
        string[] troubled = [.. names.Where(n => waiting.ContainsKey(n) && !away.Contains(n))];
        var detail = new System.Text.Json.Nodes.JsonObject { ["away"] = CheckResult.List(away), ["failing"] = CheckResult.List(troubled) };
        var fix = new LocalText("检查对方系统和地址；恢复后，等待的 Webhook 会自动送出，死信可在“投递”中重放", "Look at that system and its address; what waits leaves by itself once it is back, dead letters are replayed under Deliveries");
        if (away.Length > 0) return CheckResult.Failed(new($"Webhook 没有应答：{string.Join("、", away)}", $"Webhooks that are away: {string.Join(", ", away)}"), fix, detail);
        if (troubled.Length > 0)
            return CheckResult.Warning(new($"有 Webhook 送不出去：{string.Join("、", troubled.Select(n => $"{n}（{waiting[n]}）"))}", $"Webhooks that failed: {string.Join(", ", troubled.Select(n => $"{n} ({waiting[n]})"))}"), fix, detail);
        return CheckResult.Ok($"{names.Length} 个 Webhook，没有送不出去的内容", $"{CheckResult.Count(names.Length, "webhook")}, and no webhook failed", detail);
    }
}
