namespace Larkspur.Emulator.WeCom.ApiPipeline;

internal delegate ValueTask<ApiAnswer> WeComHandler(WeComCall call, CancellationToken cancellationToken);

/// <summary>A folder of endpoints that the emulator plays.</summary>
internal interface IWeComArea
{
    void Register(WeComHandlers on);
}

/// <summary>What guards an endpoint.</summary>
internal enum WeComGuard
{
    /// <summary><c>access_token</c> in the query.</summary>
    Token,
    /// <summary>Nothing, or a key of the endpoint's own.</summary>
    Own,
}

internal sealed record WeComEndpoint(string Method, string Path, WeComGuard Guard, WeComHandler Handler)
{
    /// <summary>Its traffic has limits of its own and is not in the base count of corp and address.</summary>
    public bool OwnRates { get; init; }
}

/// <summary>Which paths are played.</summary>
internal sealed class WeComHandlers
{
    private readonly Dictionary<string, WeComEndpoint> _endpoints = new(StringComparer.Ordinal);

    public WeComHandlers(IEnumerable<IWeComArea> areas)
    {
        foreach (var area in areas) area.Register(this);
    }

    public IReadOnlyCollection<WeComEndpoint> All => _endpoints.Values;

    public void Get(string path, Func<WeComCall, ApiAnswer> handler, WeComGuard guard = WeComGuard.Token) => Add(new WeComEndpoint("GET", path, guard, (call, _) => ValueTask.FromResult(handler(call))));

    public void Post(string path, Func<WeComCall, ApiAnswer> handler, WeComGuard guard = WeComGuard.Token, bool ownRates = false) =>
        Add(new WeComEndpoint("POST", path, guard, (call, _) => ValueTask.FromResult(handler(call))) { OwnRates = ownRates });

    public WeComEndpoint? Find(string path) => _endpoints.GetValueOrDefault(path.TrimEnd('/'));

    private void Add(WeComEndpoint endpoint) => _endpoints.Add(endpoint.Path, endpoint);
}
