using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Larkspur.DingTalk.Tests.StreamMode;

/// <summary>The platform's side of Stream mode on a stub: tickets that are good once, sockets, frames out, answers in.</summary>
internal sealed class StreamStub
{
    private readonly DingTalkStub _stub;
    private readonly ConcurrentDictionary<string, bool> _tickets = new(StringComparer.Ordinal);
    private int _opened;

    public StreamStub(DingTalkStub stub)
    {
        _stub = stub;
        stub.OnOther = AnswerAsync;
    }

    /// <summary>Every connection so far, in order.</summary>
    public List<StreamStubConnection> Connections { get; } = [];

    public ConcurrentQueue<JsonElement> Opens { get; } = new();

    /// <summary>Answers the call for an address instead of the stub; the number of the call, from 1.</summary>
    public Func<HttpContext, int, Task<bool>>? OnOpen { get; set; }

    /// <summary>Refuses handshakes while it is true.</summary>
    public bool RefuseHandshake { get; set; }

    /// <summary>Sent as soon as a connection is made; the Node client wants to hear it.</summary>
    public bool Registers { get; set; } = true;

    /// <summary>Does not read, so that nobody answers WebSocket pings.</summary>
    public bool Deaf { get; set; }

    public async Task<StreamStubConnection> ConnectionAsync(int number)
    {
        await Wait.Until(() => Count >= number);
        lock (Connections) return Connections[number - 1];
    }

    public int Count
    {
        get { lock (Connections) return Connections.Count; }
    }

    private async Task<bool> AnswerAsync(HttpContext context)
    {
        if (context.Request.Path == "/v1.0/gateway/connections/open")
        {
            await OpenAsync(context);
            return true;
        }

        if (context.Request.Path != "/connect") return false;
        string ticket = context.Request.Query["ticket"].ToString();
        if (RefuseHandshake || !_tickets.TryRemove(ticket, out _))
        {
            context.Response.StatusCode = 401;
            return true;
        }

        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext { KeepAliveInterval = TimeSpan.Zero });
        var connection = new StreamStubConnection(socket);
        bool deaf = Deaf; // before anybody sees the connection and changes his mind for the next one
        lock (Connections) Connections.Add(connection);
        if (Registers) await connection.SendAsync("SYSTEM", "REGISTERED", "{}");
        if (deaf) await connection.Ended;
        else await connection.ReadAsync();
        return true;
    }

    private async Task OpenAsync(HttpContext context)
    {
        int number = Interlocked.Increment(ref _opened);
        if (OnOpen is not null && await OnOpen(context, number)) return;
        using JsonDocument body = await JsonDocument.ParseAsync(context.Request.Body);
        Opens.Enqueue(body.RootElement.Clone());
        if (!context.Request.Headers.Accept.ToString().Contains("application/json", StringComparison.Ordinal))
        {
            context.Response.ContentType = "application/xml";
            await context.Response.WriteAsync("<Result><endpoint>wss://…</endpoint></Result>");
            return;
        }

        if (body.RootElement.GetProperty("clientId").GetString() != DingTalkStub.ClientId || body.RootElement.GetProperty("clientSecret").GetString() != DingTalkStub.ClientSecret)
        {
            await DingTalkStub.Json(context, 401, """{"code":"unauthorized.client","message":"bad client","requestid":"R"}""");
            return;
        }

        // Characters that a query must not have bare.
        string ticket = $"ticket+/{number}=&";
        if (number > 1000) throw new InvalidOperationException("too many opens");
        _tickets[ticket] = true;
        // What the Node client does not encode has to survive both ways.
        string given = context.Request.Headers["x-plain-ticket"].Count > 0 ? $"plain{number}" : ticket;
        _tickets[given] = true;
        await DingTalkStub.Json(context, 200, JsonSerializer.Serialize(new { endpoint = $"ws://{_stub.Address.Authority}/connect", ticket = given }));
    }
}

/// <summary>One socket of the stub's.</summary>
#pragma warning disable CA1001 // Tests may write to it until they end; a semaphore without a wait handle holds nothing.
internal sealed class StreamStubConnection(WebSocket socket)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _sending = new(1);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Ended => _ended.Task;

    public ConcurrentQueue<JsonElement> Answers { get; } = new();

    public Task SendAsync(string type, string topic, string data, string? messageId = null, object? more = null)
    {
        var headers = new Dictionary<string, object?>
        {
            ["topic"] = topic, ["messageId"] = messageId ?? Guid.NewGuid().ToString("N"), ["contentType"] = "application/json", ["time"] = "1700000000000", ["appId"] = "app", ["connectionId"] = "c",
        };
        if (more is not null)
        {
            foreach (JsonProperty header in JsonSerializer.SerializeToElement(more).EnumerateObject()) headers[header.Name] = header.Value.ToString();
        }

        return SendRawAsync(JsonSerializer.Serialize(new { specVersion = "1.0", type, headers, data }));
    }

    public async Task SendRawAsync(string text, WebSocketMessageType kind = WebSocketMessageType.Text)
    {
        await _sending.WaitAsync();
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(text), kind, true, TestContext.Current.CancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>The answer to a message.</summary>
    public async Task<StubAck> AckAsync(string messageId, int number = 1)
    {
        await Wait.Until(() => Answers.Count(a => Id(a) == messageId) >= number);
        JsonElement answer = Answers.Where(a => Id(a) == messageId).ElementAt(number - 1);
        Assert.Equal("application/json", answer.GetProperty("headers").GetProperty("contentType").GetString());
        return new StubAck(answer.GetProperty("code").GetInt32(), answer.GetProperty("message").GetString()!, answer.GetProperty("data").GetString()!, answer);
    }

    public Task CloseAsync() => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "bye", TestContext.Current.CancellationToken);

    public void Abort() => socket.Abort();

    public async Task ReadAsync()
    {
        var buffer = new byte[256 << 10];
        try
        {
            while (true)
            {
                int length = 0;
                WebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(new ArraySegment<byte>(buffer, length, buffer.Length - length), CancellationToken.None);
                    length += part.Count;
                }
                while (!part.EndOfMessage);

                if (part.MessageType == WebSocketMessageType.Close) break;
                Answers.Enqueue(JsonDocument.Parse(buffer.AsMemory(0, length)).RootElement.Clone());
            }

            if (socket.State == WebSocketState.CloseReceived) await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The other side went without a word; what it answered before is what counts.
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    private static string? Id(JsonElement answer) => answer.GetProperty("headers").GetProperty("messageId").GetString();
}

internal sealed record StubAck(int Code, string Message, string Data, JsonElement Whole);
