using System.Collections.Immutable;
using System.Security;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Auth;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.StreamMode;

/// <summary>Gives out where to connect, and the ticket for it. Needs no token and no allow-listed address.</summary>
internal sealed class StreamOpenApi(DingTalkSettings settings, StreamTickets tickets, StreamConnections connections) : IDingTalkArea
{
    private const int MostSubscriptions = 100;

    public IEnumerable<DingTalkRoute> Routes => [DingTalkRoute.Post("/v1.0/gateway/connections/open", Open) with { Token = TokenKind.None }];

    private DingTalkAnswer Open(DingTalkCall call)
    {
        if (!TokensApi.IsApp(settings, call.Text("clientId"), call.Text("clientSecret"))) throw DingTalkRefusal.New("authFailed", "鉴权失败", StatusCodes.Status401Unauthorized);
        if (connections.TakeRefusal() is { } planned) throw DingTalkRefusal.New("ServiceUnavailable", "refused by control", planned);
        var given = call.Array("subscriptions") ?? throw DingTalkRefusal.Parameter("subscriptions", "is missing");
        if (given.Count is 0 or > MostSubscriptions) throw DingTalkRefusal.Parameter("subscriptions", $"has 1 to {MostSubscriptions} entries");
        var subscriptions = given.Select(Read).ToImmutableArray();
        // The code of this refusal is UNVERIFIED.
        if (subscriptions.FirstOrDefault(s => !StreamTopics.IsEnabled(s)) is { } off) throw DingTalkRefusal.New("subscription.notEnabled", $"未开通的订阅: {off.Type} {off.Topic}");
        var ticket = tickets.Issue(subscriptions, call.Text("ua") ?? "", call.Text("localIp") ?? "");
        var endpoint = $"{(call.Origin.Scheme == "https" ? "wss" : "ws")}://{call.Origin.Host}{StreamEndpoint.Path}";
        var asJson = call.Headers.Accept.ToString().Contains("application/json", StringComparison.OrdinalIgnoreCase);
        return new(new JsonObject { ["endpoint"] = endpoint, ["ticket"] = ticket.Value })
        {
            Xml = asJson ? null : $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><OpenConnectionResponse><endpoint>{SecurityElement.Escape(endpoint)}</endpoint><ticket>{ticket.Value}</ticket></OpenConnectionResponse>",
        };
    }

    private static StreamSubscription Read(JsonNode? item) =>
        item is JsonObject o && o["type"] is JsonValue t && t.TryGetValue<string>(out var type) && o["topic"] is JsonValue n && n.TryGetValue<string>(out var topic)
            ? new StreamSubscription(type, topic)
            : throw DingTalkRefusal.Parameter("subscriptions", "is no list of type and topic");
}
