using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>Where clients learn the socket's address, and what apps may ask about their connections.</summary>
internal sealed class BootstrapApi(EmulatorState state, LongConnections connections, SocketTickets tickets) : IApiArea
{
    public const long AuthFailed = 514;
    public const long Forbidden = 403;
    public const long TooManyConnections = 1000040350;

    public void Register(ApiHandlers on)
    {
        on.Add("ws.endpoint", Endpoint, ownValidation: true);
        on.Add("event.v1.connection.get", request => FeishuAnswer.Data(new JsonObject { ["online_instance_cnt"] = connections.Online(request.App.AppId) }));
        on.Add("event.v1.outbound_ip.list", request => FeishuAnswer.Data(
            Paging.Page(request, OutboundAddresses, a => JsonValue.Create(a), fallbackSize: 50, items: "ip_list", badToken: 1810001)));
    }

    /// <summary>The emulator pushes from this machine.</summary>
    private static readonly string[] OutboundAddresses = ["127.0.0.1", "::1"];

    private ApiAnswer Endpoint(ApiRequest request)
    {
        var appId = request.Text("AppID");
        if (connections.Refusal(RefusalPlace.Endpoint, appId) is { } planned) return Refused(planned.Code, planned.Message);
        if (request.Text("ClientAssertion") is { Length: > 0 }) return Refused(AuthFailed, "client assertions are not emulated; use AppSecret");
        if (string.IsNullOrEmpty(appId) || state.App(appId) is not { } app || !Same(request.Text("AppSecret"), app.AppSecret)) return Refused(AuthFailed, "app_id or app_secret is invalid");
        if (app.Kind == AppKind.Store) return Refused(Forbidden, "store apps cannot use the long connection");
        if (connections.Online(appId) >= LongConnections.MostPerApp) return Refused(TooManyConnections, $"the app has {LongConnections.MostPerApp} connections already");

        var ticket = tickets.Issue(appId);
        // The official Node client takes the address for a query string and so loses the parameter before the first "&".
        var url = $"{(request.Origin.Scheme == "https" ? "wss" : "ws")}://{request.Origin.Host}{SocketEndpoint.Path}"
            + $"?fpid=493&device_id={ticket.DeviceId}&service_id={ticket.ServiceId}&ticket={ticket.Value}";
        return new ApiAnswer
        {
            Json = new JsonObject
            {
                ["code"] = 0, ["msg"] = "", ["data"] = new JsonObject { ["URL"] = url, ["ClientConfig"] = connections.Config.ToJson() },
            },
        };
    }

    /// <summary>HTTP 200 with <c>data</c>: the official Node client takes anything else for a broken network and tries for ever.</summary>
    private static ApiAnswer Refused(long code, string why) => new() { Json = new JsonObject { ["code"] = code, ["msg"] = why, ["data"] = new JsonObject() } };

    private static bool Same(string? given, string known) =>
        given is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(known));
}
