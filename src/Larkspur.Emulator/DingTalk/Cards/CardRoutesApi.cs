using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Cards;

/// <summary>An address for HTTP callbacks of cards.</summary>
internal sealed record CardRoute(string Key, string Url, string ApiSecret);

/// <summary>The registered addresses of HTTP callbacks, by route key.</summary>
internal sealed class CardRoutesApi : IDingTalkArea
{
    private const int Most = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, CardRoute> _routes = [];

    public IEnumerable<DingTalkRoute> Routes => [DingTalkRoute.Post("/v1.0/card/callbacks/register", Register) with { Scope = "Card.Instance.Write" }];

    public CardRoute? Find(string key) { lock (_gate) return _routes.GetValueOrDefault(key); }

    private DingTalkAnswer Register(DingTalkCall call)
    {
        var url = call.Need("callbackUrl", "callbackUrl.empty");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https")) throw DingTalkRefusal.New("param.invalid", "callbackUrl is no http address");
        var route = new CardRoute(call.Text("callbackRouteKey") ?? url, url, call.Need("apiSecret", "param.empty"));
        lock (_gate)
        {
            // UNVERIFIED: the code for a key that is taken.
            if (_routes.TryGetValue(route.Key, out var known) && known != route && !call.Flag("forceUpdate")) throw DingTalkRefusal.New("param.invalid", "callbackRouteKey is registered for another address; forceUpdate replaces it");
            if (_routes.Count >= Most && known is null) throw DingTalkRefusal.New("param.invalid", "too many callback routes");
            _routes[route.Key] = route;
        }

        return new(new JsonObject { ["success"] = true, ["result"] = new JsonObject { ["callbackUrl"] = url, ["apiSecret"] = route.ApiSecret } });
    }
}
