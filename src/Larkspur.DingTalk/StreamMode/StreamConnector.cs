using System.Net.WebSockets;

namespace Larkspur.DingTalk.StreamMode;

/// <summary>A try to connect failed, and another one may work.</summary>
internal sealed class ConnectFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Makes connections: asks for an address with a ticket, which is good once and for 90 s, then opens the socket.</summary>
internal sealed class StreamConnector(DingTalkClient client, DingTalkStreamOptions options)
{
    private static readonly DingTalkEndpoint Open = new()
    {
        // Asking again gives another ticket and makes nothing; the stream itself decides when to ask again.
        Id = "gateway.connections.open", Method = HttpMethod.Post, Path = "/v1.0/gateway/connections/open", Token = DingTalkTokenKind.None, OnlyReads = true, IsCounted = false,
    };

    /// <summary>One try.</summary>
    /// <exception cref="ConnectFailedException">Another try may work.</exception>
    /// <exception cref="DingTalkStreamException">None will.</exception>
    public async Task<(ClientWebSocket Socket, string Host)> ConnectAsync(CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(options.ConnectTimeout, client.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            Uri address = await AskAsync(both.Token);
            return (await OpenAsync(address, both.Token), address.Authority);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ConnectFailedException($"no connection was made within {options.ConnectTimeout.TotalSeconds:0} s", e);
        }
    }

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
            throw new ConnectFailedException(lost.Message, lost);
        }
        catch (DingTalkApiException refused)
        {
            throw Judge(refused);
        }

        string host = DingTalkHosts.Resolve(client.Options, DingTalkHost.Api);
        if (!Uri.TryCreate(answer.Endpoint, UriKind.Absolute, out Uri? endpoint) || string.IsNullOrEmpty(answer.Ticket)) throw new ConnectFailedException("the platform's answer has no address, or no ticket");
        bool plainAllowed = host.StartsWith("http:", StringComparison.Ordinal);
        if (endpoint.Scheme != Uri.UriSchemeWss && !(plainAllowed && endpoint.Scheme == Uri.UriSchemeWs)) throw new ConnectFailedException("the platform's address is no encrypted socket");
        return new Uri($"{endpoint.AbsoluteUri}{(endpoint.Query.Length > 0 ? '&' : '?')}ticket={Uri.EscapeDataString(answer.Ticket)}");
    }

    private Exception Judge(DingTalkApiException refused)
    {
        // A page without a code of the platform's: with 5xx something on the way stumbles, with 4xx it is another server.
        if (refused.IsTransient || refused.HttpStatus is >= 500 or 0 or (>= 200 and < 300) || refused.FailureKind == FailureKind.Quota) return new ConnectFailedException(refused.Message, refused);
        (DingTalkStreamFailure failure, string meaning) = refused.FailureKind switch
        {
            FailureKind.Authentication => (DingTalkStreamFailure.AuthenticationFailed, "Client ID or Client Secret is wrong; compare them with the credentials page"),
            FailureKind.Permission => (DingTalkStreamFailure.Forbidden, "the app may not; it has to be enabled, and its subscription set to Stream mode"),
            _ => (DingTalkStreamFailure.Configuration, $"is every topic switched on in the console ({string.Join(", ", options.Topics)})?"),
        };
        return new DingTalkStreamException(failure, $"DingTalk refuses a stream to app {client.Options.ClientId}: {meaning}. ({refused.Message})", refused);
    }

    private async Task<ClientWebSocket> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        if (options.Proxy is not null) socket.Options.Proxy = options.Proxy;
        socket.Options.KeepAliveInterval = options.KeepAliveInterval;
        socket.Options.KeepAliveTimeout = options.KeepAliveTimeout;
        socket.Options.CollectHttpResponseDetails = true;
        try
        {
            await socket.ConnectAsync(address, cancellationToken);
            return socket;
        }
        catch (WebSocketException e)
        {
            using (socket)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new ConnectFailedException(socket.HttpStatusCode != 0
                    ? $"{address.Authority} answered the handshake with HTTP {(int)socket.HttpStatusCode}"
                    : $"{address.Authority} could not be reached ({e.InnerException?.Message ?? e.Message})", e);
            }
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed record OpenAnswer(string? Endpoint, string? Ticket);
}
