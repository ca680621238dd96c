using System.Net;
using System.Net.Sockets;
using System.Text;
using Larkspur.Gateway.Common.Egress;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;
using Larkspur.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Security.Tests.Corpus;

/// <summary>Receivers and names that mean ill cost little and get nothing.</summary>
public sealed class HostileReceiverTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n", true, "delivered")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10000\r\n", true, "delivered")]
    [InlineData("HTTP/1.1 500 Oops\r\nContent-Length: 104857600\r\n\r\n", true, "http_500")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Long: ", true, "no_answer")]
    [InlineData("HTTP/1.1 200 OK\r\nX-Slow: 1", false, "timed_out")]
    [InlineData("", false, "timed_out")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", false, "no_answer")]
    public async Task An_answer_without_end_or_sense_is_not_read(string answer, bool flood, string outcome)
    {
        await using var hostile = new RawReceiver(answer, flood);
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Settings(hostile.Url));
        await _push.ProbeAsync(gateway, "x");
        await OutcomeAsync(gateway, outcome);
        // Socket buffers on both sides take a few MiB; a reader would take it all.
        Assert.InRange(await hostile.SentAsync(), 0, 32 << 20);
    }

    [Fact]
    public async Task A_reset_connection_is_tried_again()
    {
        await using var hostile = new RawReceiver(null, flood: false);
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Settings(hostile.Url));
        await _push.ProbeAsync(gateway, "x");
        await OutcomeAsync(gateway, "no_answer");
        Assert.Equal(0, await gateway.CounterAsync("larkspur_outbox_dead_total"));
    }

    [Fact]
    public async Task Nobody_listening_is_no_connection()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var url = $"http://{closed.LocalEndpoint}/";
        closed.Stop();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Settings(url));
        await _push.ProbeAsync(gateway, "x");
        await OutcomeAsync(gateway, "no_connection");
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("93.184.216.34,192.168.0.1")]
    public async Task A_name_that_leads_inside_is_not_called(string addresses)
    {
        var settings = Settings("https://erp.example/hook-path-is-secret");
        settings["Larkspur:Webhooks:erp:AllowPrivateAddresses"] = "false";
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, settings, configure: builder =>
            builder.Services.AddSingleton<HostLookup>((_, _) => Task.FromResult(addresses.Split(',').Select(IPAddress.Parse).ToArray())));
        await _push.ProbeAsync(gateway, "x");
        await OutcomeAsync(gateway, "address_refused");
        Assert.DoesNotContain("hook-path-is-secret", gateway.Logs.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_http_goes_to_private_addresses_only()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Settings("http://erp.example/"), configure: builder =>
            builder.Services.AddSingleton<HostLookup>((_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.216.34")])));
        await _push.ProbeAsync(gateway, "x");
        await OutcomeAsync(gateway, "address_refused");
    }

    [Fact]
    public async Task The_connection_goes_to_the_very_address_that_was_judged()
    {
        await using var erp = await WebhookReceiver.StartAsync();
        var lookups = 0;
        var settings = erp.Settings();
        settings["Larkspur:Webhooks:erp:Url"] = $"http://no-such-name.invalid:{new Uri(erp.Url).Port}/";
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, settings, configure: builder =>
            builder.Services.AddSingleton<HostLookup>((host, _) => Task.FromResult<IPAddress[]>(
                [Interlocked.Increment(ref lookups) == 1 && host == "no-such-name.invalid" ? IPAddress.Loopback : IPAddress.Parse("169.254.169.254")])));
        await _push.ProbeAsync(gateway, "x");
        await OutcomeAsync(gateway, "delivered");
        Assert.Equal(1, lookups);
    }

    private static Dictionary<string, string?> Settings(string url) => new()
    {
        ["Larkspur:Webhooks:erp:Url"] = url,
        ["Larkspur:Webhooks:erp:Secret"] = WebhookSecret.Generate(),
        ["Larkspur:Webhooks:erp:Events"] = "*",
        ["Larkspur:Webhooks:erp:AllowPrivateAddresses"] = "true",
        ["Larkspur:Webhooks:erp:Timeout"] = "00:00:02",
    };

    private static Task OutcomeAsync(GatewayApp gateway, string outcome) => gateway.UntilAsync(async () => outcome == "delivered"
        ? await gateway.CounterAsync("larkspur_webhook_delivered_total") == 1
        : await gateway.CounterAsync("larkspur_webhook_failures_total", outcome) >= 1);

    /// <summary>Takes connections, reads the request's beginning, writes what it was told, and then floods, hangs, or (for null) resets.</summary>
    private sealed class RawReceiver : IAsyncDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly CancellationTokenSource _stop = new();
        private readonly TaskCompletionSource<long> _firstEnded = new();
        private readonly Task _loop;

        public RawReceiver(string? answer, bool flood)
        {
            _listener.Start();
            _loop = AcceptAsync(answer, flood);
        }

        public string Url => $"http://{_listener.LocalEndpoint}/";

        /// <summary>Bytes that the first connection took before the gateway closed it.</summary>
        public Task<long> SentAsync() => _firstEnded.Task.WaitAsync(TimeSpan.FromSeconds(30));

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            _listener.Stop();
            await _loop;
            _stop.Dispose();
        }

        private async Task AcceptAsync(string? answer, bool flood)
        {
            var connections = new List<Task>();
            try
            {
                while (true) connections.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token), answer, flood));
            }
            catch (OperationCanceledException)
            {
                await Task.WhenAll(connections);
            }
        }

        private async Task ServeAsync(Socket socket, string? answer, bool flood)
        {
            long sent = 0;
            try
            {
                var buffer = new byte[64 << 10];
                await socket.ReceiveAsync(buffer, _stop.Token);
                if (answer is null)
                {
                    socket.LingerState = new LingerOption(true, 0);
                    return;
                }

                sent += await socket.SendAsync(Encoding.ASCII.GetBytes(answer), _stop.Token);
                Array.Fill(buffer, (byte)'x');
                while (flood) sent += await socket.SendAsync(buffer, _stop.Token);
                while (await socket.ReceiveAsync(buffer, _stop.Token) > 0)
                {
                    // Waits for the other side to give up.
                }
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The gateway closed the connection, which is what is asked for.
            }
            finally
            {
                socket.Dispose();
                _firstEnded.TrySetResult(sent);
            }
        }
    }
}
