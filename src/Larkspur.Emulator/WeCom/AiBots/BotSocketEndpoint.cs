using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.AiBots;

/// <summary>The AI bot's socket. Each frame is one call to the inspector, and faults match it by path and command: <c>/aibot/ws/aibot_respond_msg</c>.</summary>
internal sealed partial class BotSocketEndpoint(
    EmulatorState state, EmulatorSettings settings, BotConnections connections, BotCommands commands, FaultRules faults, IHostApplicationLifetime lifetime, ILogger<BotSocketEndpoint> log)
{
    public const string Path = "/aibot/ws";
    /// <summary>What stands for a frame where a call has its HTTP method.</summary>
    public const string Method = "WS";
    private const int MostConnections = 100;

    public async Task HandleAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest || connections.All.Count >= MostConnections)
        {
            http.Response.StatusCode = http.WebSockets.IsWebSocketRequest ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status426UpgradeRequired;
            Record(http.Request.Method, Path, "", "", http.Response.StatusCode, null, 0, "refused: a WebSocket handshake is wanted, and there is room for a hundred");
            await http.Response.CompleteAsync();
            return;
        }

        using var socket = await ServedSocket.AcceptAsync(http, settings.RealTime);
        var connection = new BotConnection(connections.NextId(), socket, settings.RealTime);
        connections.Add(connection);
        Record("GET", Path, "", "", StatusCodes.Status101SwitchingProtocols, null, 0, $"opened {connection.Id}");
        string why;
        try
        {
            why = await connection.RunAsync((frame, cancellationToken) => TakeAsync(connection, frame, cancellationToken), lifetime.ApplicationStopping);
        }
        finally
        {
            connections.Remove(connection);
        }

        Record("GET", Path, "", "", StatusCodes.Status101SwitchingProtocols, null, 0, $"{connection.Id} ended: {why}");
        socket.Leave();
    }

    private async Task TakeAsync(BotConnection connection, ReadOnlyMemory<byte> raw, CancellationToken cancellationToken)
    {
        var started = settings.RealTime.GetTimestamp();
        var (command, reqId, body) = Read(raw.Span);
        var path = command is null ? Path : $"{Path}/{command}";
        var fault = faults.ForCall(Method, path);
        var verdict = $"over {connection.Id}: ";
        if (fault is { Kind: FaultKind.Refuse })
        {
            Done(verdict + $"connection broken by {fault.Id}, nothing done", 0);
            connection.Abort("broken by a fault");
            return;
        }

        if (fault is { Kind: FaultKind.Delay }) await Task.Delay(fault.Delay, settings.RealTime, cancellationToken);
        JsonObject ack;
        try
        {
            if (command is null || body is null) throw WeComRefusal.Parameter("the frame is no JSON object with cmd and headers.req_id");
            if (fault is { Kind: FaultKind.Status }) throw WeComApiPipeline.RefusalFor(fault);
            ack = BotFrame.Ack(reqId, 0, "ok", commands.Run(connection, command, reqId, body));
            verdict += "served";
        }
        catch (WeComRefusal refusal)
        {
            ack = BotFrame.Ack(reqId, refusal.Code, refusal.Message);
            verdict += $"refused: {refusal.Code} {refusal.Message}";
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            LogDefect(log, defect, path);
            ack = BotFrame.Ack(reqId, -1, "internal error of the emulator, see its log");
            verdict += "defect of the emulator: " + defect.GetType().Name;
        }

        var drop = fault is { Kind: FaultKind.Drop };
        Done(drop ? $"{verdict} · answer dropped by {fault!.Id}" : verdict, drop ? 0 : StatusCodes.Status200OK, ack);
        if (drop) connection.Abort("broken by a fault");
        else await connection.SendAsync(ack, cancellationToken);

        void Done(string how, int status, JsonObject? answer = null)
        {
            // A ping every half minute tells nobody anything.
            if (command == "ping" && status == StatusCodes.Status200OK) return;
            Record(Method, path, Encoding.UTF8.GetString(raw.Span[..Math.Min(raw.Length, Inspector.LongestBody)]), answer is null ? "" : CanonicalJson.Write(answer), status,
                long.TryParse(answer?["errcode"]?.ToString(), out var code) ? code : null, settings.RealTime.GetElapsedTime(started).TotalMilliseconds, how);
        }
    }

    private static (string? Command, string ReqId, JsonObject? Body) Read(ReadOnlySpan<byte> raw)
    {
        try
        {
            if (StrictJson.Parse(raw) is not JsonObject frame) return (null, "", null);
            var reqId = frame["headers"] is JsonObject headers && WeComJson.Text(headers, "req_id") is { } id ? id : "";
            // The path of a frame stands in patterns and in the inspector: it holds a plain word.
            var command = WeComJson.Text(frame, "cmd") is { Length: > 0 and <= 64 } cmd && cmd.All(c => char.IsAsciiLetter(c) || c == '_') && reqId.Length is > 0 and <= 256 ? cmd : null;
            return (command, reqId, frame["body"] switch { null => [], JsonObject body => body, _ => null });
        }
        catch (Exception bad) when (bad is JsonException or WeComRefusal)
        {
            return (null, "", null);
        }
    }

    private void Record(string method, string path, string request, string response, int status, long? code, double milliseconds, string verdict) => state.Inspector.Add(new ApiCall
    {
        Platform = WeComPlatform.PlatformName,
        Number = state.Inspector.NextNumber(), Time = state.Clock.GetUtcNow(), Method = method, Path = path, EndpointId = "wecom" + path, AppId = settings.WeCom.AiBotId,
        RequestBody = WeComRedaction.Body(request), ResponseBody = WeComRedaction.Body(response), Status = status, Code = code, LogId = "", Milliseconds = Math.Round(milliseconds, 2), Verdict = verdict,
    });

    [LoggerMessage(EventId = 3, Level = LogLevel.Error, Message = "The emulated WeCom failed to take a frame of {Path}")]
    private static partial void LogDefect(ILogger logger, Exception defect, string path);
}
