using Larkspur.Emulator.Feishu.Catalogue;

namespace Larkspur.Emulator.Feishu.ApiPipeline;

public delegate ApiAnswer ApiHandler(ApiRequest request);

/// <summary>A folder of endpoints that the emulator plays.</summary>
public interface IApiArea
{
    void Register(ApiHandlers on);
}

/// <summary>Which catalogued endpoints are played, by their id.</summary>
public sealed class ApiHandlers
{
    private readonly EndpointCatalogue _catalogue;
    private readonly Dictionary<string, (ApiHandler Handler, bool OwnValidation)> _handlers = [];
    private readonly HashSet<string> _raw = [];
    private readonly HashSet<string> _oauth = [];

    public ApiHandlers(EndpointCatalogue catalogue, IEnumerable<IApiArea> areas)
    {
        _catalogue = catalogue;
        foreach (var area in areas) area.Register(this);
    }

    public IReadOnlyCollection<string> Ids => _handlers.Keys;

    /// <param name="ownValidation">The endpoint answers missing fields with codes of its own, not with 99992402.</param>
    public void Add(string id, ApiHandler handler, bool ownValidation = false)
    {
        if (_catalogue.ById(id) is not { } endpoint) throw new InvalidOperationException($"The catalogue has no endpoint {id}.");
        _handlers.Add(endpoint.Id, (handler, ownValidation));
    }

    /// <summary>The endpoint reads the body itself (<see cref="ApiRequest.Raw"/>) and answers whatever is wrong with it.</summary>
    public void AddRaw(string id, ApiHandler handler)
    {
        Add(id, handler, ownValidation: true);
        _raw.Add(_catalogue.ById(id)!.Id);
    }

    /// <summary>A token endpoint of OAuth: it reads a form or JSON, and refuses flat, in the words of that standard.</summary>
    public void AddOAuth(string id, ApiHandler handler)
    {
        AddRaw(id, handler);
        _oauth.Add(_catalogue.ById(id)!.Id);
    }

    public bool RefusesAsOAuth(ApiEndpoint endpoint) => _oauth.Contains(endpoint.Id);

    public bool ReadsBodyItself(ApiEndpoint endpoint) => _raw.Contains(endpoint.Id);

    public ApiHandler? For(ApiEndpoint endpoint, out bool ownValidation)
    {
        var found = _handlers.TryGetValue(endpoint.Id, out var entry);
        ownValidation = found && entry.OwnValidation;
        return entry.Handler;
    }
}
