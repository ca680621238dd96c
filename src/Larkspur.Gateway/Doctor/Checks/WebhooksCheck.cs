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
        if (names.Length == 0) return CheckResult.Skipped(WebhooksCheckTexts.ThereAreNoWebhooks);
        var waiting = await database.ReadAsync(WebhookRows.FailingAsync, cancellation);
        string[] away = [.. names.Where(n => lines.Find(n)?.Circuit.State is CircuitState.Open or CircuitState.HalfOpen or CircuitState.Off)];
        string[] troubled = [.. names.Where(n => waiting.ContainsKey(n) && !away.Contains(n))];
        var detail = new System.Text.Json.Nodes.JsonObject { ["away"] = CheckResult.List(away), ["failing"] = CheckResult.List(troubled) };
        var fix = WebhooksCheckTexts.LookAtSystemAndItsAddress;
        if (away.Length > 0) return CheckResult.Failed(WebhooksCheckTexts.WebhooksAreAway(LocalText.List(away)), fix, detail);
        if (troubled.Length > 0)
            return CheckResult.Warning(WebhooksCheckTexts.Failing(LocalText.List(troubled.Select(n =>
                WebhooksCheckTexts.NameAndCount(n, waiting[n])))), fix, detail);
        return CheckResult.Ok(WebhooksCheckTexts.WebhookAndNoWebhookFailed(names.Length), detail);
    }
}
