using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text.Json;

namespace Larkspur.Feishu.LongConnection;

/// <summary>Makes connections: asks for the socket's address, then opens the socket.</summary>
internal sealed class Connector : IDisposable
{
    private const int MaxAnswerBytes = 64 << 10;

    private readonly FeishuOptions _app;
    private readonly FeishuLongConnectionOptions _options;
    private readonly LivePace _pace;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;
    private readonly Uri _endpoint;

    public Connector(FeishuOptions app, FeishuLongConnectionOptions options, LivePace pace, TimeProvider clock)
    {
        (_app, _options, _pace, _clock) = (app, options, pace, clock);
        _endpoint = new Uri(FeishuHosts.Resolve(app, FeishuHost.OpenApi) + "/callback/ws/endpoint");
        // Of its own: no redirects (they would carry the secret elsewhere), no cookies, and the proxy that the socket has.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = options.Proxy is not null, Proxy = options.Proxy })
        {
            Timeout = Timeout.InfiniteTimeSpan,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        };
    }

    public void Dispose() => _http.Dispose();

    /// <summary>One try.</summary>
    /// <exception cref="ConnectFailedException">Another try may work.</exception>
    /// <exception cref="FeishuLongConnectionException">None will.</exception>
    /// <exception cref="OperationCanceledException">The caller's.</exception>
    public async Task<(ClientWebSocket Socket, SocketAddress Address)> ConnectAsync(CancellationToken cancellationToken)
    {
        SocketAddress address = await WithinAsync(AskAsync, "the call for the socket's address", cancellationToken);
        ClientWebSocket socket = await WithinAsync(token => OpenAsync(address, token), "the handshake", cancellationToken);
        return (socket, address);
    }

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
            throw new ConnectFailedException($"{_endpoint.Authority} gave no answer ({e.Message})", e);
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
            // Judged by its status below: an error page of something on the way, of another server, or words cut within a character (JsonElement throws then).
        }

        if (status is >= 500 or 408 or 429 or 200) throw new ConnectFailedException($"{_endpoint.Authority} answered HTTP {status} without the platform's JSON");
        throw new FeishuLongConnectionException(FeishuLongConnectionFailure.Configuration, 0,
            $"{_endpoint.Authority} answered HTTP {status} to the call for the socket's address: it does not seem to be the platform.");
    }

    private SocketAddress ReadData(JsonElement root)
    {
        // Both official clients take an answer without its data for a hiccup.
        if (!root.TryGetProperty("data", out JsonElement data) || data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("URL", out JsonElement url) || url.ValueKind != JsonValueKind.String)
            throw new ConnectFailedException("the answer of the platform has no socket address");
        if (data.TryGetProperty("ClientConfig", out JsonElement config)) _pace.Set(_pace.Config.With(config));
        return SocketAddress.Read(url.GetString(), plainAllowed: _endpoint.Scheme == Uri.UriSchemeHttp)
            ?? throw new ConnectFailedException("the socket address of the platform is none: not encrypted, or without a service_id");
    }

    private async Task<ClientWebSocket> OpenAsync(SocketAddress address, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.Proxy = _options.Proxy;
        socket.Options.CollectHttpResponseDetails = true;
        // The protocol has pings of its own, in frames.
        socket.Options.KeepAliveInterval = Timeout.InfiniteTimeSpan;
        try
        {
            await socket.ConnectAsync(address.Url, cancellationToken);
            return socket;
        }
        catch (WebSocketException e)
        {
            using (socket) throw Refused(socket, address, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>A refused handshake says why in headers of its own.</summary>
    private Exception Refused(ClientWebSocket socket, SocketAddress address, WebSocketException cause)
    {
        string? message = Header("Handshake-Msg");
        if (Number("Handshake-Autherrcode") == ConnectCodes.TooManyConnections) return ConnectCodes.Judge(ConnectCodes.TooManyConnections, message, _app.AppId);
        return Number("Handshake-Status") switch
        {
            ConnectCodes.Forbidden => ConnectCodes.Judge(ConnectCodes.Forbidden, message, _app.AppId),
            ConnectCodes.TooManyConnections => ConnectCodes.Judge(ConnectCodes.TooManyConnections, message, _app.AppId),
            // 514 is about the ticket here, and a ticket is used up soon: the next try has a new one, and a wrong secret fails before it gets one.
            { } status => new ConnectFailedException($"{address} refused the handshake ({status} {ConnectCodes.Short(message)})", cause),
            null when socket.HttpStatusCode != 0 => new ConnectFailedException($"{address} answered the handshake with HTTP {(int)socket.HttpStatusCode}", cause),
            null => new ConnectFailedException($"{address} could not be reached ({cause.InnerException?.Message ?? cause.Message})", cause),
        };

        string? Header(string name) => socket.HttpResponseHeaders is { } headers && headers.TryGetValue(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

        long? Number(string name) => long.TryParse(Header(name), out long number) ? number : null;
    }

    private async Task<T> WithinAsync<T>(Func<CancellationToken, Task<T>> step, string what, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(_options.ConnectTimeout, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        try
        {
            return await step(both.Token);
        }
        catch (Exception e) when (deadline.IsCancellationRequested && !cancellationToken.IsCancellationRequested && e is OperationCanceledException or ConnectFailedException { InnerException.InnerException: OperationCanceledException })
        {
            throw new ConnectFailedException($"{what} took longer than {_options.ConnectTimeout.TotalSeconds:0} s", e);
        }
    }
}
