using System.Collections.Frozen;

namespace Larkspur.Gateway.Webhooks;

/// <summary>Those of the configuration, and those that administrators added. Where both have a name, the configuration's counts.</summary>
internal sealed class WebhookEndpointRegistry(ConfiguredWebhooks settings, WebhookEndpointStore stored) : IWebhookEndpoints
{
    private readonly FrozenDictionary<string, WebhookEndpoint> _configured = settings.Endpoints.ToFrozenDictionary(d => d.Name, StringComparer.Ordinal);
    private volatile Known _known = new(null, [], FrozenDictionary<string, WebhookEndpoint>.Empty);

    public IReadOnlyCollection<WebhookEndpoint> All => Now.All;

    public WebhookEndpoint? Find(string name) => Now.ByName.GetValueOrDefault(name);

    /// <summary>The configuration names it: it cannot be changed at run time.</summary>
    public bool IsConfigured(string name) => _configured.ContainsKey(name);

    /// <summary>Asked for each event: put together once per change.</summary>
    private Known Now
    {
        get
        {
            var source = stored.All;
            if (_known is var known && ReferenceEquals(known.Source, source)) return known;
            WebhookEndpoint[] all = [.. _configured.Values.Concat(source.Where(d => !_configured.ContainsKey(d.Name))).OrderBy(d => d.Name, StringComparer.Ordinal)];
            return _known = new Known(source, all, all.ToFrozenDictionary(d => d.Name, StringComparer.Ordinal));
        }
    }

    private sealed record Known(IReadOnlyList<WebhookEndpoint>? Source, IReadOnlyList<WebhookEndpoint> All, FrozenDictionary<string, WebhookEndpoint> ByName);
}
