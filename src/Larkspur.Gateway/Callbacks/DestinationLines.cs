using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Larkspur.Gateway.Egress;

namespace Larkspur.Gateway.Callbacks;

/// <summary>A destination while the gateway runs: its connections and what was learned of it.</summary>
internal sealed record DestinationLine(Destination Destination, HttpMessageInvoker Http, DestinationCircuit Circuit);

/// <summary>One line per destination, made at its first use and anew when the destination changes.</summary>
internal sealed class DestinationLines : IDisposable
{
    private readonly ConcurrentDictionary<string, DestinationLine> _lines = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly IDestinations _destinations;
    private readonly HostLookup _lookup;
    private readonly TimeProvider _clock;
    private readonly CallbackMetrics _metrics;
    private readonly ILogger<DestinationLines> _logger;

    public DestinationLines(IDestinations destinations, HostLookup lookup, TimeProvider clock, CallbackMetrics metrics, ILogger<DestinationLines> logger)
    {
        _destinations = destinations;
        _lookup = lookup;
        _clock = clock;
        _metrics = metrics;
        _logger = logger;
        metrics.Watch(() => _destinations.All.Select(d => (d.Name, Find(d.Name)?.Circuit.State ?? CircuitState.Closed)));
    }

    /// <summary>The line, or null when there is no such destination (any more).</summary>
    public DestinationLine? Find(string name)
    {
        if (_destinations.Find(name) is not { } destination) return null;
        if (_lines.TryGetValue(name, out var line) && ReferenceEquals(line.Destination, destination)) return line;
        lock (_gate)
        {
            if (_lines.TryGetValue(name, out line) && ReferenceEquals(line.Destination, destination)) return line;
            // The old line is left to its attempts under way; its idle connections close by themselves.
            return _lines[name] = new DestinationLine(destination, Connections(destination), Circuit(destination));
        }
    }

    public void Dispose()
    {
        foreach (var line in _lines.Values) line.Http.Dispose();
    }

    private DestinationCircuit Circuit(Destination destination) => new(destination.Timeout, _clock,
        pause =>
        {
            _metrics.Opened(destination.Name);
            _logger.LogWarning("Destination {Destination} is away; its callbacks wait {Pause} until one finds out again", destination.Name, pause);
        },
        () => _logger.LogInformation("Destination {Destination} is back", destination.Name));

    [SuppressMessage("Reliability", "CA2000", Justification = "The invoker disposes its handler.")]
    private HttpMessageInvoker Connections(Destination destination) => new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        // A proxy would resolve the name by itself, behind the check.
        UseProxy = false,
        ConnectCallback = new GuardedConnector(_lookup, (_, addresses, _) => ValueTask.FromResult(DestinationAddresses.Problem(destination, addresses))).ConnectAsync,
        ConnectTimeout = destination.Timeout,
        MaxConnectionsPerServer = 16,
        // A name that moves is followed.
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        MaxResponseHeadersLength = 16,
        // What the answer says beyond its status is of no use here: a little is read so that the connection can be kept, else it is closed.
        MaxResponseDrainSize = 16 << 10,
        ResponseDrainTimeout = TimeSpan.FromSeconds(1),
    });
}
