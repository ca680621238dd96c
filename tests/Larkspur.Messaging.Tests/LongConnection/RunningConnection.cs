using System.Collections.Concurrent;
using System.Threading.Channels;
using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.LongConnection;
using Larkspur.Sockets;
using Microsoft.Extensions.Logging;

namespace Larkspur.Messaging.Tests.LongConnection;

/// <summary>The SDK's connection at work, with a handler that a test can hold up.</summary>
internal sealed class RunningConnection : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<SocketStatus> _states = Channel.CreateUnbounded<SocketStatus>();
    private readonly Channel<FeishuDelivery> _deliveries = Channel.CreateUnbounded<FeishuDelivery>();

    public RunningConnection(Uri platform, Func<FeishuDelivery, Task<FeishuAck>>? handler = null, FeishuLongConnectionOptions? options = null, TimeProvider? clock = null,
        string secret = SocketPlatform.Secret, Random? random = null)
    {
        Connection = new FeishuLongConnection(Options(platform, secret), async (delivery, _) =>
        {
            _deliveries.Writer.TryWrite(delivery);
            return handler is null ? FeishuAck.Received : await handler(delivery);
        }, options, clock, new Logger(Log), random);
        Connection.StateChanged += status => _states.Writer.TryWrite(status);
        Run = Connection.RunAsync(_stop.Token);
    }

    public FeishuLongConnection Connection { get; }

    public Task Run { get; }

    public ConcurrentQueue<string> Log { get; } = new();

    public static FeishuOptions Options(Uri platform, string secret = SocketPlatform.Secret) => new() { AppId = SocketPlatform.AppId, AppSecret = secret, BaseUrl = platform };

    public async Task<FeishuDelivery> NextAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _deliveries.Reader.ReadAsync(deadline.Token);
    }

    public async Task<SocketStatus> StateAsync(SocketState state)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var next = await _states.Reader.ReadAsync(deadline.Token);
            if (next.State == state) return next;
        }
    }

    public Task StopAsync()
    {
        _stop.Cancel();
        return Run.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Run.WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (FeishuLongConnectionException)
        {
            // The test has looked at it.
        }

        _stop.Dispose();
    }

    private sealed class Logger(ConcurrentQueue<string> lines) : ILogger<FeishuLongConnection>
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{formatter(state, exception)} {exception}");
    }
}

/// <summary>Events as the platform sends them.</summary>
internal static class Events
{
    public static string Message(string eventId, string text = "hi", string appId = SocketPlatform.AppId) =>
        $$$"""{"schema":"2.0","header":{"event_id":"{{{eventId}}}","token":"whatever","create_time":"1700000000000","event_type":"im.message.receive_v1","tenant_key":"tk","app_id":"{{{appId}}}"},"event":{"message":{"message_id":"om_1","content":"{{{text}}}"} } }""";

    public static string Click(string eventId) =>
        $$$"""{"schema":"2.0","header":{"event_id":"{{{eventId}}}","token":"t","create_time":"1700000000000000","event_type":"card.action.trigger","tenant_key":"tk","app_id":"{{{SocketPlatform.AppId}}}"},"event":{"operator":{"open_id":"ou_1"},"token":"c-1","action":{"value":{"k":"v"},"tag":"button"},"context":{"open_message_id":"om_1","open_chat_id":"oc_1"} } }""";

    public static string First(string uuid) =>
        $$$"""{"ts":"1700000000.123","uuid":"{{{uuid}}}","token":"t","type":"event_callback","event":{"type":"approval_instance","app_id":"{{{SocketPlatform.AppId}}}","tenant_key":"tk","instance_code":"I1"}}""";
}
