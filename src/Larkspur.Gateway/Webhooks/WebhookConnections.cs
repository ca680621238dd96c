using System.Collections.Concurrent;
using Larkspur.Gateway.Common.Egress;

namespace Larkspur.Gateway.Webhooks;

/// <summary>A webhook while the gateway runs: its connections and what was learned of it.</summary>
internal sealed record WebhookConnection(WebhookEndpoint WebhookEndpoint, HttpMessageInvoker Http, WebhookCircuit Circuit);

/// <summary>One line per webhook, made at its first use and anew when the webhook changes.</summary>
internal sealed partial class WebhookConnections : IDisposable
{
    private readonly ConcurrentDictionary<string, WebhookConnection> _lines = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly IWebhookEndpoints _webhooks;
    private readonly HostLookup _lookup;
    private readonly TimeProvider _clock;
    private readonly WebhookMetrics _metrics;
    private readonly ILogger<WebhookConnections> _logger;

    public WebhookConnections(IWebhookEndpoints webhooks, HostLookup lookup, TimeProvider clock, WebhookMetrics metrics, ILogger<WebhookConnections> logger)
    {
        _webhooks = webhooks;
        _lookup = lookup;
        _clock = clock;
        _metrics = metrics;
        _logger = logger;
        metrics.Watch(() => _webhooks.All.Select(d => (d.Name, Find(d.Name)?.Circuit.State ?? CircuitState.Closed)));
    }

    /// <summary>The line, or null when there is no such webhook (any more).</summary>
    public WebhookConnection? Find(string name)
    {
        if (_webhooks.Find(name) is not { } webhook) return null;
        if (_lines.TryGetValue(name, out var line) && ReferenceEquals(line.WebhookEndpoint, webhook)) return line;
        lock (_gate)
        {
            if (_lines.TryGetValue(name, out line) && ReferenceEquals(line.WebhookEndpoint, webhook)) return line;
            // The old line is left to its attempts under way; its idle connections close by themselves.
            return _lines[name] = new WebhookConnection(webhook, Connections(webhook), Circuit(webhook));
        }
    }

    public void Dispose()
    {
        foreach (var line in _lines.Values) line.Http.Dispose();
    }

    private WebhookCircuit Circuit(WebhookEndpoint webhook) => new(webhook.Timeout, _clock,
        pause =>
        {
            _metrics.Opened(webhook.Name);
            WebhookAway(webhook.Name, pause);
        },
        () => WebhookBack(webhook.Name));

    private HttpMessageInvoker Connections(WebhookEndpoint webhook) => GuardedCalls.Open(_lookup,
        (_, addresses, _) => ValueTask.FromResult(WebhookAddresses.Problem(webhook, addresses)), webhook.Timeout, perServer: 16);

    [LoggerMessage(LogLevel.Warning, "Webhook {Webhook} is away; its messages wait {Pause} until one finds out again")]
    private partial void WebhookAway(string webhook, TimeSpan pause);
    [LoggerMessage(LogLevel.Information, "Webhook {Webhook} is back")] private partial void WebhookBack(string webhook);
}
