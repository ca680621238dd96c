using System.Globalization;
using System.Net.WebSockets;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.LongConnection;

/// <summary>The handshake: a good ticket opens a socket, anything else is refused before the upgrade.</summary>
internal sealed class SocketEndpoint(EmulatorState state, EmulatorSettings settings, LongConnections connections, SocketTickets tickets, IHostApplicationLifetime lifetime)
{
    public const string Path = "/ws/v2";

    public async Task HandleAsync(HttpContext http)
    {
        var started = settings.RealTime.GetTimestamp();
        if (!http.WebSockets.IsWebSocketRequest)
        {
            await RefuseAsync(http, started, null, StatusCodes.Status426UpgradeRequired, BootstrapApi.Forbidden, null, "a WebSocket handshake is wanted");
            return;
        }

        var ticket = tickets.Take(http.Request.Query["ticket"]);
        var appId = ticket?.AppId;
        if (connections.Refusal(RefusalPlace.Handshake, appId) is { } planned)
        {
            var limit = planned.Code == BootstrapApi.TooManyConnections;
            await RefuseAsync(http, started, appId, StatusCodes.Status403Forbidden, limit ? BootstrapApi.AuthFailed : planned.Code, limit ? planned.Code : null, planned.Message);
            return;
        }

        if (ticket is null || http.Request.Query["device_id"] != ticket.DeviceId || state.App(ticket.AppId) is null)
        {
            await RefuseAsync(http, started, appId, StatusCodes.Status403Forbidden, BootstrapApi.AuthFailed, null, "the ticket is unknown, used or too old");
            return;
        }

        if (connections.Online(ticket.AppId) >= LongConnections.MostPerApp)
        {
            await RefuseAsync(http, started, appId, StatusCodes.Status403Forbidden, BootstrapApi.AuthFailed, BootstrapApi.TooManyConnections, $"the app has {LongConnections.MostPerApp} connections already");
            return;
        }

        await ServeAsync(http, started, ticket);
    }

    private async Task ServeAsync(HttpContext http, long started, SocketTicket ticket)
    {
        using var socket = await ServedSocket.AcceptAsync(http, settings.RealTime);
        var connection = new SocketConnection(connections.NextId(), ticket, socket, () => connections.Config, settings.RealTime, state.Clock.GetUtcNow());
        if (!connections.TryAdd(connection))
        {
            // Fifty handshakes at once can pass the check above together.
            await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, BootstrapApi.TooManyConnections.ToString(CultureInfo.InvariantCulture));
            return;
        }

        Record(http, started, ticket.AppId, StatusCodes.Status101SwitchingProtocols, 0, $"opened {connection.Id}");
        string why;
        try
        {
            why = await connection.RunAsync(lifetime.ApplicationStopping);
        }
        finally
        {
            connections.Remove(connection);
        }

        Record(http, started, ticket.AppId, StatusCodes.Status101SwitchingProtocols, 0, $"{connection.Id} ended: {why}");
        socket.Leave();
    }

    private async Task RefuseAsync(HttpContext http, long started, string? appId, int status, long code, long? authError, string why)
    {
        http.Response.StatusCode = status;
        http.Response.Headers["Handshake-Status"] = code.ToString(CultureInfo.InvariantCulture);
        http.Response.Headers["Handshake-Msg"] = why;
        if (authError is { } detail) http.Response.Headers["Handshake-Autherrcode"] = detail.ToString(CultureInfo.InvariantCulture);
        Record(http, started, appId, status, authError ?? code, "refused: " + why);
        await http.Response.CompleteAsync();
    }

    private void Record(HttpContext http, long started, string? appId, int status, long code, string verdict) => state.Inspector.Add(new ApiCall
    {
        Platform = FeishuPlatform.PlatformName,
        Number = state.Inspector.NextNumber(), Time = state.Clock.GetUtcNow(), Method = http.Request.Method, Path = Redaction.Body(Path + http.Request.QueryString),
        AppId = appId, Headers = ShownHeaders.Of(http.Request.Headers), Status = status, Code = code, LogId = "",
        Milliseconds = Math.Round(settings.RealTime.GetElapsedTime(started).TotalMilliseconds, 2), Verdict = verdict,
    });
}
