using System.Net.WebSockets;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.StreamMode;

/// <summary>The handshake: a good ticket opens a socket, anything else is refused before the upgrade.</summary>
internal sealed class StreamEndpoint(EmulatorState state, EmulatorSettings settings, StreamConnections connections, StreamTickets tickets, IHostApplicationLifetime lifetime)
{
    public const string Path = "/connect";

    public async Task HandleAsync(HttpContext http)
    {
        var started = settings.RealTime.GetTimestamp();
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(http, started, StatusCodes.Status426UpgradeRequired, "a WebSocket handshake is wanted");
            return;
        }

        // The status of a bad ticket is UNVERIFIED.
        if (tickets.Take(http.Request.Query["ticket"]) is not { } ticket)
        {
            await RefuseAsync(http, started, StatusCodes.Status401Unauthorized, "the ticket is unknown, used or too old");
            return;
        }

        using var socket = await ServedSocket.AcceptAsync(http, settings.RealTime);
        var connection = new StreamConnection(connections.NextId(), ticket, socket, settings.DingTalk.ClientId, settings.RealTime, state.Clock);
        if (!connections.TryAdd(connection))
        {
            await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, $"{StreamConnections.Most} connections are open");
            return;
        }

        Record(http, started, StatusCodes.Status101SwitchingProtocols, $"opened {connection.Id}");
        string why;
        try
        {
            why = await connection.RunAsync(lifetime.ApplicationStopping);
        }
        finally
        {
            connections.Remove(connection);
        }

        Record(http, started, StatusCodes.Status101SwitchingProtocols, $"{connection.Id} ended: {why}");
        socket.Leave();
    }

    private async Task RefuseAsync(HttpContext http, long started, int status, string why)
    {
        http.Response.StatusCode = status;
        Record(http, started, status, "refused: " + why);
        await http.Response.WriteAsync(why);
    }

    private void Record(HttpContext http, long started, int status, string verdict) => state.Inspector.Add(new ApiCall
    {
        Platform = DingTalkPlatform.PlatformName,
        Number = state.Inspector.NextNumber(), Time = state.Clock.GetUtcNow(), Method = http.Request.Method, Path = DingTalkRedaction.Text(Path + http.Request.QueryString),
        AppId = settings.DingTalk.ClientId, Headers = ShownHeaders.Of(http.Request.Headers), Status = status, LogId = "",
        Milliseconds = Math.Round(settings.RealTime.GetElapsedTime(started).TotalMilliseconds, 2), Verdict = verdict,
    });
}
