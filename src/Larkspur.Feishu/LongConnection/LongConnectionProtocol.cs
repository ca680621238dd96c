using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json;
using Larkspur.Feishu.Events;
using Larkspur.Sockets;

namespace Larkspur.Feishu.LongConnection;

/// <summary>Makes connections: asks for the socket's address, then opens the socket.</summary>
internal sealed class LongConnectionProtocol : ISocketProtocol<LongConnectionSession>
{
    private readonly FeishuOptions _app;
    private readonly FeishuDeliveryHandler _handler;
    private readonly FeishuLongConnectionOptions _options;
    private readonly HttpClient _http;
    private readonly ReconnectSchedule _schedule;
    private readonly SocketContext _context;
    private readonly FeishuEventReceiver _receiver;
    private readonly CurrentClientConfig _config;
    private readonly SocketDialer _dialer;
    private readonly Uri _endpoint;

    public LongConnectionProtocol(FeishuOptions app, FeishuDeliveryHandler handler, FeishuLongConnectionOptions options, CurrentClientConfig config, ReconnectSchedule schedule, HttpClient http,
        SocketContext context)
    {
        (_app, _handler, _options, _config, _schedule, _http, _context) = (app, handler, options, config, schedule, http, context);
        _receiver = new FeishuEventReceiver(app, context.Clock);
        _dialer = new SocketDialer(options.ConnectTimeout, context.Clock);
        _endpoint = new Uri(FeishuHosts.Resolve(app, FeishuHost.OpenApi) + "/callback/ws/endpoint");
    }

    public async Task<LongConnectionSession> ConnectAsync(CancellationToken cancellationToken)
    {
        SocketAddress address = await _dialer.WithinAsync(AskAsync, "the call for the socket's address", cancellationToken);
        WebSocket socket = await _dialer.OpenAsync(
            address.Url,
            options =>
            {
                options.Proxy = _options.Proxy;
                // The protocol has pings of its own, in frames.
                options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
            },
            cancellationToken,
            (refused, cause) => Refused(refused, address, cause));
        return new LongConnectionSession(socket, address, _context, _receiver, _handler, _config, _options.PongTimeout);
    }

    public TimeSpan PauseAfterFailure(string problem) => _schedule.AfterFailure() ?? throw Exhausted(problem);

    /// <summary>
    /// A connection that was accepted and never said anything is a failed try: else a server that drops everybody would be called without a
    /// pause.
    /// </summary>
    public TimeSpan PauseAfterLoss(LongConnectionSession session, TimeSpan lived, string problem)
        => (session.HasHeard ? _schedule.AfterLoss(lived) : _schedule.AfterFailure()) ?? throw Exhausted(problem);

    private FeishuLongConnectionException Exhausted(string problem) => new(FeishuLongConnectionFailure.ReconnectsExhausted, 0,
        $"The platform allows {_config.Value.ReconnectCount} tries to reconnect, and the last one failed: {problem}.");

    private async Task<SocketAddress> AskAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint)
        {
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(new { AppID = _app.AppId, _app.AppSecret })),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.Add("locale", "zh");
        request.Headers.TryAddWithoutValidation("User-Agent", FeishuClient.UserAgent);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
            byte[] body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return Read((int)response.StatusCode, body);
        }
        catch (HttpRequestException e)
        {
            throw new SocketConnectException($"{_endpoint.Authority} gave no answer ({e.Message})", e);
        }
    }

    private SocketAddress Read(int status, byte[] body)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            JsonElement root = document.RootElement;
            if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("code", out JsonElement code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt64(out long number))
            {
                string? message = root.TryGetProperty("msg", out JsonElement msg) && msg.ValueKind == JsonValueKind.String ? msg.GetString() : null;
                return number == ConnectCodes.Ok ? ReadData(root) : throw ConnectCodes.Judge(number, message, _app.AppId);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Judged by its status below: an error page of something on the way, of another server, or a text cut within a character
            // (JsonElement throws then).
        }

        if (status is >= 500 or 408 or 429 or 200) throw new SocketConnectException($"{_endpoint.Authority} answered HTTP {status} without the platform's JSON");
        throw new FeishuLongConnectionException(FeishuLongConnectionFailure.Configuration, 0,
            $"{_endpoint.Authority} answered HTTP {status} to the call for the socket's address: it does not seem to be the platform.");
    }

    private SocketAddress ReadData(JsonElement root)
    {
        // Both official clients take an answer without its data for a hiccup.
        if (!root.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("URL", out JsonElement url) || url.ValueKind != JsonValueKind.String)
            throw new SocketConnectException("the answer of the platform has no socket address");
        if (data.TryGetProperty("ClientConfig", out JsonElement config)) _config.Set(_config.Value.With(config));
        return SocketAddress.Read(url.GetString(), plainAllowed: _endpoint.Scheme == Uri.UriSchemeHttp)
            ?? throw new SocketConnectException("the socket address of the platform is none: not encrypted, or without a service_id");
    }

    /// <summary>A refused handshake says why in headers of its own; null: it does not.</summary>
    private Exception? Refused(ClientWebSocket socket, SocketAddress address, WebSocketException cause)
    {
        string? message = Header("Handshake-Msg");
        if (Number("Handshake-Autherrcode") == ConnectCodes.TooManyConnections) return ConnectCodes.Judge(ConnectCodes.TooManyConnections, message, _app.AppId);
        return Number("Handshake-Status") switch
        {
            ConnectCodes.Forbidden => ConnectCodes.Judge(ConnectCodes.Forbidden, message, _app.AppId),
            ConnectCodes.TooManyConnections => ConnectCodes.Judge(ConnectCodes.TooManyConnections, message, _app.AppId),
            // 514 is about the ticket here, and a ticket is used up soon: the next try has a new one, and a wrong secret fails before it
            // gets one.
            { } status => new SocketConnectException($"{address} refused the handshake ({status} {ConnectCodes.Short(message)})", cause),
            null => null,
        };

        string? Header(string name) => socket.HttpResponseHeaders is { } headers && headers.TryGetValue(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

        long? Number(string name) => long.TryParse(Header(name), out long number) ? number : null;
    }
}
