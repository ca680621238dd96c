using System.Net.WebSockets;
using Larkspur.Sockets;

namespace Larkspur.DingTalk.StreamMode;

/// <summary>Makes connections: asks for an address with a ticket, which is good once and for 90 s, then opens the socket.</summary>
internal sealed class StreamProtocol(DingTalkClient client, DingTalkStreamHandler handler, DingTalkStreamOptions options, ReconnectPauses pauses, SocketContext context) : ISocketProtocol<StreamSession>
{
    private static readonly DingTalkEndpoint Open = new()
    {
        // Asking again gives another ticket and makes nothing; the supervisor decides when to ask again.
        Id = "gateway.connections.open", Method = HttpMethod.Post, Path = "/v1.0/gateway/connections/open", Token = DingTalkTokenKind.None, OnlyReads = true, IsCounted = false,
    };

    private readonly AckMemory _memory = new(client.Clock, options.AckMemory, options.MaxRemembered);
    private readonly SocketDialer _dialer = new(options.ConnectTimeout, client.Clock);

    public async Task<StreamSession> ConnectAsync(CancellationToken cancellationToken)
    {
        Uri address = await _dialer.WithinAsync(AskAsync, "the call for the socket's address", cancellationToken);
        WebSocket socket = await _dialer.OpenAsync(
            address,
            socketOptions =>
            {
                if (options.Proxy is not null) socketOptions.Proxy = options.Proxy;
                socketOptions.KeepAliveInterval = options.KeepAliveInterval;
                socketOptions.KeepAliveTimeout = options.KeepAliveTimeout;
            },
            cancellationToken);
        return new StreamSession(socket, address.Authority, context, handler, _memory, client.Usage);
    }

    public TimeSpan PauseAfterFailure(string problem) => pauses.AfterFailure();

    public TimeSpan PauseAfterLoss(StreamSession session, TimeSpan lived, string problem) => pauses.AfterLoss(lived);

    private async Task<Uri> AskAsync(CancellationToken cancellationToken)
    {
        object[] subscriptions = [.. options.Events ? [new { type = "EVENT", topic = "*" }] : Array.Empty<object>(), .. options.Topics.Select(t => new { type = "CALLBACK", topic = t })];
        var body = new { clientId = client.Options.ClientId, clientSecret = client.Options.ClientSecret, subscriptions, ua = DingTalkClient.UserAgent };
        OpenAnswer answer;
        try
        {
            answer = await client.SendAsync<OpenAnswer>(new DingTalkRequest(Open) { Body = body }, new DingTalkCallOptions { MaxAttempts = 1, Timeout = options.ConnectTimeout }, cancellationToken);
        }
        catch (PlatformNetworkException lost)
        {
            throw new SocketConnectException(lost.Message, lost);
        }
        catch (DingTalkApiException refused)
        {
            throw Judge(refused);
        }

        string host = DingTalkHosts.Resolve(client.Options, DingTalkHost.Api);
        if (!Uri.TryCreate(answer.Endpoint, UriKind.Absolute, out Uri? endpoint) || string.IsNullOrEmpty(answer.Ticket)) throw new SocketConnectException("the platform's answer has no address, or no ticket");
        bool plainAllowed = host.StartsWith("http:", StringComparison.Ordinal);
        if (endpoint.Scheme != Uri.UriSchemeWss && !(plainAllowed && endpoint.Scheme == Uri.UriSchemeWs)) throw new SocketConnectException("the platform's address is no encrypted socket");
        return new Uri($"{endpoint.AbsoluteUri}{(endpoint.Query.Length > 0 ? '&' : '?')}ticket={Uri.EscapeDataString(answer.Ticket)}");
    }

    private Exception Judge(DingTalkApiException refused)
    {
        // A page without a code of the platform's: with 5xx something on the way stumbles, with 4xx it is another server.
        if (refused.IsTransient || refused.HttpStatus is >= 500 or 0 or (>= 200 and < 300) || refused.FailureKind == FailureKind.Quota) return new SocketConnectException(refused.Message, refused);
        (DingTalkStreamFailure failure, string meaning) = refused.FailureKind switch
        {
            FailureKind.Authentication => (DingTalkStreamFailure.AuthenticationFailed, "Client ID or Client Secret is wrong; compare them with the credentials page"),
            FailureKind.Permission => (DingTalkStreamFailure.Forbidden, "the app may not; it has to be enabled, and its subscription set to Stream mode"),
            _ => (DingTalkStreamFailure.Configuration, $"is every topic switched on in the console ({string.Join(", ", options.Topics)})?"),
        };
        return new DingTalkStreamException(failure, $"DingTalk refuses a stream to app {client.Options.ClientId}: {meaning}. ({refused.Message})", refused);
    }

    private sealed record OpenAnswer(string? Endpoint, string? Ticket);
}
