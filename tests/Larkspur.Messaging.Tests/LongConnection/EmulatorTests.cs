using System.Collections.Concurrent;
using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.LongConnection;
using Larkspur.Sockets;

namespace Larkspur.Messaging.Tests.LongConnection;

/// <summary>The SDK's client and the emulator's server, written apart from each other.</summary>
public sealed class EmulatorTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        // A pong that is late by a whole interval is a loss: seldom pings, so that a slow machine loses no connection that a test counts on.
        await PaceAsync(pingInterval: 60);
    }

    public ValueTask DisposeAsync() => _emulator.DisposeAsync();

    [Fact]
    public async Task Typed_handlers_receive_messages_and_answer_clicks()
    {
        var texts = new ConcurrentQueue<string>();
        var dispatcher = new FeishuEventDispatcher()
            .On<ImMessageReceiveV1>((e, _) =>
            {
                texts.Enqueue(e.Event.Message!.Content!);
                return Task.CompletedTask;
            })
            .OnCallback<CardActionTrigger, object>((e, _) => Task.FromResult<object>(new { toast = new { type = "success", content = "Done" } }));
        using var stop = new CancellationTokenSource();
        var connection = new FeishuLongConnection(Options(), dispatcher);
        var running = connection.RunAsync(stop.Token);
        await UntilAsync(() => connection.Status.IsConnected);
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "over the socket" });
        await UntilAsync(() => texts.Any(t => t.Contains("over the socket", StringComparison.Ordinal)));
        Assert.Equal(SocketState.Proven, connection.Status.State);

        var token = await _emulator.TenantTokenAsync();
        var chat = (await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "a card please" }))["chat_id"]!.GetValue<string>();
        var card = """{"schema":"2.0","body":{"elements":[{"tag":"button","text":{"tag":"plain_text","content":"Yes"},"behaviors":[{"type":"callback","value":{"k":"v"}}]}]}}""";
        var sent = await _emulator.CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=chat_id", token, new { receive_id = chat, msg_type = "interactive", content = card });
        var click = await _emulator.ActAsync(new { @as = "alice", @do = "click", message_id = sent.Data["message_id"]!.GetValue<string>(), text = "Yes" });
        Assert.True(click["ok"]!.GetValue<bool>(), click.ToJsonString());
        Assert.Equal("Done", click["toast"]!["content"]!.GetValue<string>());
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public async Task Fragments_are_joined_and_the_whole_is_acknowledged(int fragments)
    {
        await using var client = new RunningConnection(_emulator.BaseUrl);
        await client.StateAsync(SocketState.Unproven);
        var pushed = await _emulator.ControlAsync(HttpMethod.Post, "push", new
        {
            platform = "feishu", transport = "ws", type = "im.message.receive_v1", fragments, event_id = $"ev_{fragments}",
            @event = new { message = new { message_id = "om_1", content = new string('文', 4000) } },
        });
        Assert.Equal(200, pushed["status"]!.GetValue<int>());
        Assert.Equal($"ev_{fragments}", (await client.NextAsync()).EventId);
    }

    [Fact]
    public async Task What_was_not_acknowledged_comes_again_over_the_next_connection()
    {
        var first = true;
        await using var client = new RunningConnection(_emulator.BaseUrl, delivery =>
        {
            var ack = first ? FeishuAck.Failed : FeishuAck.Received;
            first = false;
            return Task.FromResult(ack);
        });
        await client.StateAsync(SocketState.Unproven);
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "twice" });
        var once = await client.NextAsync();
        await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "abort" });
        await client.StateAsync(SocketState.Unproven);
        await _emulator.AdvanceAsync(TimeSpan.FromSeconds(16));
        Assert.Equal(once.EventId, (await client.NextAsync()).EventId);
    }

    [Fact]
    public async Task A_wrong_secret_ends_it()
    {
        await using var client = new RunningConnection(_emulator.BaseUrl, secret: "wrong");
        var e = await Assert.ThrowsAsync<FeishuLongConnectionException>(() => client.Run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Assert.Equal(FeishuLongConnectionFailure.AuthenticationFailed, e.Failure);
    }

    [Fact]
    public async Task The_fifty_first_connection_is_refused_in_words()
    {
        var clients = new List<RunningConnection>();
        try
        {
            for (var i = 0; i < 50; i++) clients.Add(new RunningConnection(_emulator.BaseUrl));
            await UntilAsync(() => clients.All(c => c.Connection.Status.IsConnected));
            await using var last = new RunningConnection(_emulator.BaseUrl);
            var e = await Assert.ThrowsAsync<FeishuLongConnectionException>(() => last.Run.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
            Assert.Equal(FeishuLongConnectionFailure.TooManyConnections, e.Failure);
        }
        finally
        {
            foreach (var client in clients) await client.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("endpoint", 1000040343)]
    [InlineData("handshake", 514)]
    public async Task A_refusal_that_passes_is_outlasted(string at, long code)
    {
        await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "refuse", at, code, count = 1 });
        await using var client = new RunningConnection(_emulator.BaseUrl);
        await client.StateAsync(SocketState.Unproven);
        Assert.Contains(code.ToString(), client.Connection.Status.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pings_keep_the_connection_and_their_absence_ends_it()
    {
        await PaceAsync(pingInterval: 2);
        await using var client = new RunningConnection(_emulator.BaseUrl);
        await client.StateAsync(SocketState.Unproven);
        await UntilAsync(() => client.Connection.Status.LastPongAt is not null);
        await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "pongs", off = true });
        await client.StateAsync(SocketState.Deaf);
        await client.StateAsync(SocketState.Unproven);
    }

    private Task PaceAsync(int pingInterval) =>
        _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "configure", ping_interval = pingInterval, reconnect_interval = 1, reconnect_nonce = 0 });

    private FeishuOptions Options() => RunningConnection.Options(_emulator.BaseUrl);

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition()) await ticks.WaitForNextTickAsync(deadline.Token);
    }
}
