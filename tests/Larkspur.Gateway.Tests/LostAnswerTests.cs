using System.Net.Sockets;
using System.Text;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using static Larkspur.Gateway.Tests.CardAnswers;

namespace Larkspur.Gateway.Tests;

/// <summary>A click whose answer never reached the platform: the card changes all the same, once.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class LostAnswerTests : IAsyncLifetime
{
    private const string Click = """{"operator":{"open_id":"ou_bob"},"action":{"tag":"button","value":{}},"context":{"open_message_id":"om_card","open_chat_id":"oc_1"}}""";
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync() => await _feishu.DisposeAsync();

    [Fact]
    public async Task A_process_killed_between_the_commit_and_the_answer_updates_the_card_after_the_next_start()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-lost-answer-").FullName;
        var committed = new TaskCompletionSource();
        var never = new TaskCompletionSource();
        try
        {
            await using var first = await GatewayApp.StartAsync(_feishu.Address, configure: builder =>
            {
                AnswerWithCard(builder);
                builder.Services.AddSingleton<IStartupFilter>(new OnWebhook(http => http.Response.OnStarting(async () =>
                {
                    committed.TrySetResult();
                    await never.Task;
                })));
            });
            var clicking = _push.SendAsync(first, "url.preview.get", Click);
            await committed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            await first.CopyDataToAsync(folder);
            Assert.True(_feishu.IsQuiet);

            await using (var second = await GatewayApp.StartAsync(_feishu.Address, dataFolder: folder))
            {
                var update = await _feishu.NextAsync();
                Assert.Equal(("PATCH", "om_card", """{"schema":"2.0"}"""), (update.Method, update.Target, update.Content));
                await second.SentAsync();
            }

            await using var third = await GatewayApp.StartAsync(_feishu.Address, dataFolder: folder);
            await _push.SendAsync(third, "im.message.receive_v1", FeishuPush.Message("/help"));
            Assert.Equal("POST", (await _feishu.NextAsync()).Method);
            never.SetResult();
            await clicking;
            Assert.Single(_feishu.Calls, c => c.Method == "PATCH");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_click_that_was_answered_leaves_nothing_to_send()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, configure: AnswerWithCard);
        var (_, answer) = await _push.SendAsync(gateway, "url.preview.get", Click);
        Assert.Equal("2.0", answer.GetProperty("card").GetProperty("data").GetProperty("schema").GetString());
        await gateway.UntilAsync(async () => await OutboxRowsAsync(gateway) == 0);
        Assert.Empty(_feishu.Calls);
    }

    [Fact]
    public async Task A_sender_that_hangs_up_before_the_answer_has_its_card_updated_by_message()
    {
        var reached = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, configure: builder => builder.Services
            .AddSingleton<IStartupFilter>(new OnWebhook(http => http.RequestAborted.Register(() => left.TrySetResult())))
            .AddSingleton(new EventRoute("feishu", "url.preview.get", async (_, cancellation) =>
            {
                reached.TrySetResult();
                await left.Task.WaitAsync(cancellation);
                return WithCard();
            })));
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(gateway.Address.Host, gateway.Address.Port, TestContext.Current.CancellationToken);
            var body = Encoding.UTF8.GetBytes(_push.Encrypt(_push.Envelope("url.preview.get", Click, FeishuPush.NewId("ev_"))));
            var at = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString();
            var head = $"POST /webhook/feishu HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n"
                + $"X-Lark-Request-Timestamp: {at}\r\nX-Lark-Request-Nonce: n\r\nX-Lark-Signature: {_push.Sign(at, "n", body)}\r\n\r\n";
            await socket.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body], TestContext.Current.CancellationToken);
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
            socket.Client.LingerState = new LingerOption(true, 0);
        }

        var update = await _feishu.NextAsync();
        Assert.Equal(("PATCH", "om_card"), (update.Method, update.Target));
        Assert.Single(_feishu.Calls);
    }

    [Fact]
    public async Task A_click_answered_503_whose_commit_came_late_has_its_card_updated_by_message()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, configure: AnswerWithCard);
        using var release = new ManualResetEventSlim();
        // SQLite: the one writer is busy. PostgreSQL: the server takes its time with the commit; what waits for a lock would be refused instead.
        if (GatewayApp.IsPostgres) await DelayCommitsAsync(gateway);
        var blocking = GatewayApp.IsPostgres ? Task.CompletedTask : gateway.Services.GetRequiredService<IDatabase>().TransactAsync(
            _ => ValueTask.FromResult(release.Wait(TimeSpan.FromSeconds(20))), TestContext.Current.CancellationToken);
        var (status, _) = await _push.SendAsync(gateway, "url.preview.get", Click);
        Assert.Equal(503, status);
        release.Set();
        await blocking;
        var update = await _feishu.NextAsync();
        Assert.Equal(("PATCH", "om_card"), (update.Method, update.Target));
    }

    /// <summary>Lets every event take longer to be recorded than its sender waits.</summary>
    private static Task DelayCommitsAsync(GatewayApp gateway) => gateway.Services.GetRequiredService<IDatabase>().TransactAsync(async unit =>
    {
        await unit.ExecuteAsync("CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(4); RETURN NULL; END'");
        return await unit.ExecuteAsync(
            "CREATE CONSTRAINT TRIGGER slow AFTER INSERT ON inbox DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION take_time()");
    });

    private static Task<long> OutboxRowsAsync(GatewayApp gateway) => gateway.Services.GetRequiredService<IDatabase>().ReadAsync(async sql =>
        (await sql.NumberAsync("SELECT COUNT(*) FROM outbox")).GetValueOrDefault());

    /// <summary>Looks at signed requests before the gateway does.</summary>
    private sealed class OnWebhook(Action<HttpContext> look) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (http, run) =>
            {
                if (http.Request.Headers.ContainsKey("X-Lark-Signature")) look(http);
                await run(http);
            });
            next(app);
        };
    }
}
