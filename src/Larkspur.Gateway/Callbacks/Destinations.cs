using System.Collections.Frozen;

namespace Larkspur.Gateway.Callbacks;

/// <summary>Those of the configuration, and those that administrators added. Where both have a name, the configuration's counts.</summary>
internal sealed class Destinations(GatewaySettings settings, StoredDestinations stored) : IDestinations
{
    private readonly FrozenDictionary<string, Destination> _configured = settings.Destinations.ToFrozenDictionary(d => d.Name, StringComparer.Ordinal);
    private volatile Known _known = new(null, [], FrozenDictionary<string, Destination>.Empty);

    public IReadOnlyCollection<Destination> All => Now.All;

    public Destination? Find(string name) => Now.ByName.GetValueOrDefault(name);

    /// <summary>The configuration names it: it cannot be changed at run time.</summary>
    public bool IsConfigured(string name) => _configured.ContainsKey(name);

    /// <summary>Asked for each event: put together once per change.</summary>
    private Known Now
    {
        get
        {
            var source = stored.All;
            if (_known is var known && ReferenceEquals(known.Source, source)) return known;
            Destination[] all = [.. _configured.Values.Concat(source.Where(d => !_configured.ContainsKey(d.Name))).OrderBy(d => d.Name, StringComparer.Ordinal)];
            return _known = new Known(source, all, all.ToFrozenDictionary(d => d.Name, StringComparer.Ordinal));
        }
    }

    private sealed record Known(IReadOnlyList<Destination>? Source, IReadOnlyList<Destination> All, FrozenDictionary<string, Destination> ByName);
}
