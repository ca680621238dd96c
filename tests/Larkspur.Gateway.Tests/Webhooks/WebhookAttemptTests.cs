using System.Text.Json;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Webhooks.Attempts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>Each attempt is kept with what the receiver said to it.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class WebhookAttemptTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private readonly ManualTimeProvider _clock = new(DateTimeOffset.UtcNow);
    private FeishuStub _feishu = null!;
    private WebhookReceiver _erp = null!;

    public async ValueTask InitializeAsync() => (_feishu, _erp) = (await FeishuStub.StartAsync(), await WebhookReceiver.StartAsync());

    public async ValueTask DisposeAsync()
    {
        await _erp.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task An_attempt_tells_its_time_status_and_answer_without_secrets()
    {
        _erp.Answer = (call, http) => AnswerAsync(http, 200, "application/json", $$"""{"ok":true,"key":"{{_erp.Secret}}","sign":"{{call.Signature}}","bell":"\u0007{{'\a'}}"}""");
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings());
        await _push.ProbeAsync(gateway, "hello");
        var delivery = await EndedAsync(gateway, 1);

        Assert.Equal(("delivered", "feishu.larkspur.probe_v1"), (Of(delivery, "delivery", "state"), Of(delivery, "delivery", "event_type")));
        var attempt = Assert.Single(delivery.GetProperty("attempts").EnumerateArray());
        Assert.Equal((1, 200, "application/json"), (attempt.GetProperty("number").GetInt32(), attempt.GetProperty("status").GetInt32(), attempt.GetProperty("content_type").GetString()));
        Assert.InRange(attempt.GetProperty("duration_ms").GetInt64(), 0, 60_000);
        Assert.Equal(JsonValueKind.Null, attempt.GetProperty("reason").ValueKind);
        Assert.Equal("""{"ok":true,"key":"***","sign":"***","bell":"\u0007"}""", attempt.GetProperty("answer").GetString());

        var request = delivery.GetProperty("request");
        Assert.Equal(_erp.Calls.Single().Text, request.GetProperty("body").GetString());
        Assert.Equal(_erp.Calls.Single().Body.Length, request.GetProperty("body_bytes").GetInt32());
        var headers = request.GetProperty("headers");
        Assert.Equal(_erp.Calls.Single().Timestamp, headers.GetProperty("webhook-timestamp").GetString());
        Assert.Equal("v1,***", headers.GetProperty("webhook-signature").GetString());
        Assert.DoesNotContain("hook-path-is-secret", delivery.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<p>Nothing at /hook-path-is-secret</p>", "<p>Nothing at ***</p>")]
    [InlineData("{\"path\":\"\\/hook-path-is-secret\"}", "{\"path\":\"***\"}")]
    [InlineData("hook-path-is-secret", "***")]
    public async Task An_error_page_that_repeats_the_address_does_not_tell_its_path(string said, string kept)
    {
        _erp.Answer = (_, http) => AnswerAsync(http, 404, "text/html", said);
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings());
        await _push.ProbeAsync(gateway, "lost");
        Assert.Equal(kept, (await EndedAsync(gateway, 1, state: "waiting")).GetProperty("attempts")[0].GetProperty("answer").GetString());
    }

    [Fact]
    public async Task Failed_attempts_are_kept_beside_the_one_that_arrived()
    {
        var answers = new Queue<(int Status, string Type, string Text)>([(500, "text/plain", new string('é', 3000)), (502, "image/png", "PNG"), (204, "", "")]);
        _erp.Answer = (_, http) => answers.Dequeue() is var next && next.Status == 204
            ? Status(http, 204) : AnswerAsync(http, next.Status, next.Type, next.Text);
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), clock: _clock);
        await _push.ProbeAsync(gateway, "patience");
        await _clock.PassUntilAsync(TimeSpan.FromSeconds(5), async () => await gateway.CounterAsync("larkspur_webhook_delivered_total") == 1);
        var attempts = (await EndedAsync(gateway, 3)).GetProperty("attempts").EnumerateArray().ToArray();
        Assert.Equal([(1, 500, "http_500"), (2, 502, "http_502"), (3, 204, null)],
            attempts.Select(a => (a.GetProperty("number").GetInt32(), a.GetProperty("status").GetInt32(), a.GetProperty("reason").GetString())));
        Assert.Equal(new string('é', 1024), attempts[0].GetProperty("answer").GetString());
        Assert.Equal(("image/png", null), (attempts[1].GetProperty("content_type").GetString(), attempts[1].GetProperty("answer").GetString()));
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_in_time_leaves_an_attempt_without_a_status()
    {
        var settings = _erp.Settings();
        settings["Larkspur:Webhooks:erp:Timeout"] = "00:00:01";
        _erp.Answer = (_, http) => Task.Delay(Timeout.Infinite, http.RequestAborted);
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, settings);
        await _push.ProbeAsync(gateway, "slow");
        var attempt = (await EndedAsync(gateway, 1, state: "waiting")).GetProperty("attempts")[0];
        Assert.Equal((JsonValueKind.Null, "timed_out"), (attempt.GetProperty("status").ValueKind, attempt.GetProperty("reason").GetString()));
        Assert.InRange(attempt.GetProperty("duration_ms").GetInt64(), 900, 30_000);
    }

    [Fact]
    public async Task A_body_that_never_ends_makes_no_delivery_fail()
    {
        _erp.Answer = async (_, http) =>
        {
            http.Response.StatusCode = 200;
            http.Response.ContentType = "text/plain";
            await http.Response.WriteAsync("begun", http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        };
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings());
        await _push.ProbeAsync(gateway, "drip");
        var delivery = await EndedAsync(gateway, 1);
        Assert.Equal(("delivered", "begun"), (Of(delivery, "delivery", "state"), delivery.GetProperty("attempts")[0].GetProperty("answer").GetString()));
        Assert.Single(_erp.Calls);
    }

    [Fact]
    public async Task What_was_sent_is_found_by_state_event_time_reference_and_person()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings());
        var before = DateTimeOffset.UtcNow.AddMinutes(-5).ToString("yyyy-MM-ddTHH:mm:ssZ");
        await _push.SendAsync(gateway, "larkspur.probe_v1", """{"open_id":"ou_ann"}""");
        await _push.SendAsync(gateway, "larkspur.other_v1", """{"open_id":"ou_ann_and_more"}""");
        await EndedAsync(gateway, 1, count: 2);
        var all = (await gateway.GetRestAsync("/webhooks/erp/deliveries")).Items;
        var (reference, id) = (all[0].GetProperty("reference").GetString(), all[0].GetProperty("webhook_id").GetString());
        await CountsAsync("state=delivered", 2);
        await CountsAsync("state=dead", 0);
        await CountsAsync("event=larkspur.probe_v1", 1);
        await CountsAsync("event=feishu.larkspur.probe_v1", 1);
        await CountsAsync($"since={before}", 2);
        await CountsAsync($"until={before}", 0);
        await CountsAsync($"reference={reference}", 1);
        await CountsAsync($"webhook_id={id}", 1);
        await CountsAsync("person=ou_ann", 1);
        await CountsAsync("person=ou%25", 0);
        foreach (var (query, word) in ((string, string)[])[("state=lost", "bad_state"), ("event=approval.decide", "bad_event_type"), ("limit=0", "bad_limit"), ("from=x", "unknown_parameter")])
            Assert.Equal((400, word), (await gateway.GetRestAsync("/webhooks/erp/deliveries?" + query)) is var refused ? (refused.Status, refused.Error) : default);
        Assert.Equal(404, (await gateway.GetRestAsync("/webhooks/erp/deliveries/lk-none")).Status);

        async Task CountsAsync(string query, int count) => Assert.Equal(count, (await gateway.GetRestAsync("/webhooks/erp/deliveries?" + query)).Items.Length);
    }

    [Fact]
    public async Task Old_attempts_are_forgotten()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings());
        await _push.ProbeAsync(gateway, "old");
        await EndedAsync(gateway, 1);
        await gateway.ForgetAsync(TimeSpan.FromDays(29), "attempts of webhooks");
        Assert.Equal(1, await CountAsync(gateway));
        Assert.Equal("forgot 1 attempts of webhooks", await gateway.ForgetAsync(TimeSpan.FromDays(31), "attempts of webhooks"));
        Assert.Equal(0, await CountAsync(gateway));
    }

    [Fact]
    public async Task What_a_full_queue_cannot_take_is_the_oldests_loss_and_counted()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings());
        using var recorder = ActivatorUtilities.CreateInstance<AttemptRecorder>(gateway.Services);
        for (var i = 1; i <= AttemptRecorder.Capacity + 10; i++)
            recorder.Add(new("erp", "lk-many", i, DateTimeOffset.UtcNow, TimeSpan.FromSeconds(1), "http_500", new(500)));
        await gateway.CountsAsync(10, "larkspur_webhook_attempts_not_recorded_total", "erp");
        await recorder.StopAsync(TestContext.Current.CancellationToken);
        Assert.Equal(AttemptRecorder.Capacity, await CountAsync(gateway));
        var first = await gateway.Services.GetRequiredService<IDatabase>().ReadAsync(
            sql => sql.QueryAsync("SELECT MIN(number) FROM webhook_attempt", row => row.GetInt64(0)), TestContext.Current.CancellationToken);
        Assert.Equal(11, first[0]);
    }

    [Fact]
    public async Task What_waits_to_be_recorded_is_written_at_the_end()
    {
        var folder = Directory.CreateTempSubdirectory("larkspur-attempts-").FullName;
        try
        {
            var first = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), folder);
            var recorder = first.Services.GetRequiredService<AttemptRecorder>();
            for (var i = 1; i <= 300; i++) recorder.Add(new("erp", "lk-many", i, DateTimeOffset.UtcNow, TimeSpan.FromSeconds(1), "http_500", new(500)));
            await first.StopAsync();
            await using var second = await GatewayApp.StartAsync(_feishu.Address, _erp.Settings(), folder);
            Assert.Equal(300, await CountAsync(second));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<int> CountAsync(GatewayApp gateway) => gateway.Services.GetRequiredService<IDatabase>().ReadAsync(
        async sql => (int)(await sql.QueryAsync("SELECT COUNT(*) FROM webhook_attempt", row => row.GetInt64(0)))[0], TestContext.Current.CancellationToken);

    /// <summary>The newest delivery, once so many of its attempts are recorded.</summary>
    private static async Task<JsonElement> EndedAsync(GatewayApp gateway, int attempts, int count = 1, string state = "delivered")
    {
        JsonElement delivery = default;
        await gateway.UntilAsync(async () =>
        {
            if ((await gateway.GetRestAsync("/webhooks/erp/deliveries")).Items is not { } items || items.Length < count || items.Any(i => i.GetProperty("attempts").GetInt32() == 0)) return false;
            delivery = (await gateway.GetRestAsync($"/webhooks/erp/deliveries/{items[0].GetProperty("webhook_id").GetString()}")).Body;
            return delivery.GetProperty("attempts").GetArrayLength() >= attempts && Of(delivery, "delivery", "state") == state
                && items.All(i => i.GetProperty("state").GetString() == state);
        });
        return delivery;
    }

    private static string? Of(JsonElement view, string part, string name) => view.GetProperty(part).GetProperty(name).GetString();

    private static Task Status(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Task AnswerAsync(HttpContext http, int status, string type, string text)
    {
        (http.Response.StatusCode, http.Response.ContentType) = (status, type);
        return http.Response.WriteAsync(text, http.RequestAborted);
    }
}
