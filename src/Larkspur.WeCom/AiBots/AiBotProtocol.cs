using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Larkspur.Sockets;

namespace Larkspur.WeCom.AiBots;

/// <summary>Makes connections: opens the socket, then subscribes to the bot with its id and secret.</summary>
internal sealed class AiBotProtocol(AiBotOptions options, AiBotHandler handler, ReconnectPauses pauses, SocketContext context) : ISocketProtocol<AiBotSession>
{
    private readonly Uri _address = WeComHosts.SocketOf(options.SocketUrl, options.BaseUrl);
    private readonly SocketDialer _dialer = new(options.AckTimeout, context.Clock);
    private int _refusals;

    public async Task<AiBotSession> ConnectAsync(CancellationToken cancellationToken)
    {
        // The platform has heartbeats of its own.
        WebSocket socket = await _dialer.OpenAsync(_address, static o => o.KeepAliveInterval = TimeSpan.Zero, cancellationToken);
        var session = new AiBotSession(socket, _address.Authority, options, handler, context);
        try
        {
            var body = new JsonObject { ["bot_id"] = options.BotId, ["secret"] = options.Secret };
            await session.AskAsync("aibot_subscribe", AiBotSession.NewId("aibot_subscribe", context.Clock), body, cancellationToken);
            _refusals = 0;
            return session;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            using (session) throw session.Refusal ?? Judge(e);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public TimeSpan PauseAfterFailure(string problem) => pauses.AfterFailure();

    public TimeSpan PauseAfterLoss(AiBotSession session, TimeSpan lived, string problem) => pauses.AfterLoss(lived);

    /// <summary>Id and secret that are refused again and again are wrong; once, the platform may have been confused.</summary>
    private Exception Judge(Exception failed)
    {
        if (failed is WeComApiException refused)
        {
            if (refused.FailureKind is not (FailureKind.RateLimited or FailureKind.Transient)) _refusals++;
            if (_refusals >= options.MaxRefusals) return new AiBotConnectionException(AiBotConnectionFailure.Refused, refused.Code, $"The platform refuses the bot's id or secret: {refused.Message}");
        }

        return failed is WeComApiException or PlatformNetworkException ? new SocketConnectException(failed.Message, failed) : failed;
    }
}
