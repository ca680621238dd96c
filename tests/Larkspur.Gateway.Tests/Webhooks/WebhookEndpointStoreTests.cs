using System.Text.Json;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Gateway.Webhooks;
using Larkspur.Testing;
using Larkspur.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Webhooks;

/// <summary>Webhooks that are added, changed and taken away while the gateway runs.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class WebhookEndpointStoreTests : IAsyncLifetime
{
    private readonly FeishuPush _push = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-webhooks-").FullName;
    private readonly Dictionary<string, string?> _settings = new() { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" };
    private FeishuStub _feishu = null!;
    private WebhookReceiver _erp = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        (_feishu, _erp) = (await FeishuStub.StartAsync(), await WebhookReceiver.StartAsync());
        _gateway = await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _erp.DisposeAsync();
        await _feishu.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_new_one_gets_its_secret_shown_once_and_signed_events_from_then_on()
    {
        var made = await PutAsync("""{"url":"URL","events":["larkspur.probe_v1","approval.decided"]}""");
        Assert.Equal(201, made.Status);
        var secret = made.Text("secret")!;
        await ProbeAsync();
        Assert.Equal(WebhookVerdict.Valid, _erp.Judge(_erp.Calls.Single(), secret));

        var shown = await _gateway.GetRestAsync("/webhooks/erp");
        Assert.False(shown.Body.TryGetProperty("secret", out _));
        Assert.Equal((_erp.Url, "stored", "active", "api"), (shown.Text("url"), shown.Text("source"), shown.Text("state"), shown.Text("changed_by")));
        Assert.Equal(["approval.decided", "larkspur.probe_v1"], shown.Body.GetProperty("events").EnumerateArray().Select(e => e.GetString()));
        var rows = await _gateway.Services.GetRequiredService<IDatabase>().ReadAsync(sql => sql.QueryAsync("SELECT url, secret FROM webhook", row => row.GetString(0) + row.GetString(1)), TestContext.Current.CancellationToken);
        Assert.DoesNotContain(secret, Assert.Single(rows), StringComparison.Ordinal);
        Assert.DoesNotContain("hook-path-is-secret", rows[0], StringComparison.Ordinal);
        Assert.DoesNotContain(secret, _gateway.Logs.Text + await _gateway.GetRestAsync("/audit"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_outlives_a_restart()
    {
        var secret = (await PutAsync("""{"url":"URL","events":["*"]}""")).Text("secret")!;
        await _gateway.DisposeAsync();
        _gateway = await StartAsync();
        await ProbeAsync();
        Assert.Equal(WebhookVerdict.Valid, _erp.Judge(_erp.Calls.Single(), secret));
    }

    [Fact]
    public async Task What_a_change_does_not_name_stays_as_it_was()
    {
        await PutAsync($$"""{"url":"URL","secret":"{{_erp.Secret}}","events":["*"],"timeout_seconds":20}""");
        var changed = await PutAsync("""{"events":["larkspur.probe_v1"]}""");
        Assert.Equal((200, 20, _erp.Url), (changed.Status, changed.Body.GetProperty("timeout_seconds").GetInt32(), changed.Text("url")));
        await _push.SendAsync(_gateway, "larkspur.other_v1", "{}");
        await ProbeAsync();
        Assert.Equal(WebhookVerdict.Valid, _erp.Judge(_erp.Calls.Single()));
        Assert.Empty((await PutAsync("""{"events":[]}""")).Body.GetProperty("events").EnumerateArray());
    }

    [Fact]
    public async Task A_replaced_secret_signs_together_with_the_one_before_for_a_day()
    {
        var clock = new ShiftingClock();
        await _gateway.DisposeAsync();
        _gateway = await StartAsync(clock);
        await PutAsync($$"""{"url":"URL","secret":"{{_erp.Secret}}","events":["*"]}""");
        var rotated = await _gateway.PostRestAsync("/webhooks/erp/rotate", null);
        var secret = rotated.Text("secret")!;
        await ProbeAsync();
        Assert.Equal((WebhookVerdict.Valid, WebhookVerdict.Valid), (_erp.Judge(_erp.Calls.Last(), secret), _erp.Judge(_erp.Calls.Last())));
        clock.Shift(TimeSpan.FromHours(25));
        Assert.Equal(JsonValueKind.Null, (await _gateway.GetRestAsync("/webhooks/erp")).Body.GetProperty("previous_secret_until").ValueKind);
        // The platform's push is of its own time, so this one is queued by the gateway itself.
        await QueueAsync("later");
        await UntilAsync(() => _erp.Calls.Count == 2);
        Assert.Equal((WebhookVerdict.Valid, WebhookVerdict.SignatureWrong), (_erp.Judge(_erp.Calls.Last(), secret), _erp.Judge(_erp.Calls.Last())));
    }

    [Theory]
    [InlineData("erp", """{"events":["*"]}""", 400, "missing", "/url")]
    [InlineData("erp", """{"url":"https://10.0.0.1@evil.example"}""", 422, "bad_url", "/url")]
    [InlineData("erp", """{"url":"http://169.254.169.254/latest"}""", 422, "bad_url", "/url")]
    [InlineData("erp", """{"url":"ftp://erp.example.com"}""", 422, "bad_url", "/url")]
    [InlineData("erp", """{"url":"URL","secret":"short"}""", 422, "bad_secret", "/secret")]
    [InlineData("erp", """{"url":"URL","events":["*","not a type"]}""", 422, "bad_event_type", "/events/1")]
    [InlineData("erp", """{"url":"URL","timeout_seconds":0}""", 422, "bad_timeout", "/timeout_seconds")]
    [InlineData("erp", """{"url":"URL","colour":"blue"}""", 400, "unknown_field", "/colour")]
    [InlineData("Not-A-Name", """{"url":"URL"}""", 400, "bad_name", "/{name}")]
    public async Task What_does_not_fit_is_refused_by_name(string name, string body, int status, string word, string pointer)
    {
        var answer = await PutAsync(body, name);
        Assert.Equal((status, word, pointer), (answer.Status, answer.Error, answer.Pointer));
        Assert.Empty((await _gateway.GetRestAsync("/webhooks")).Items);
    }

    [Fact]
    public async Task A_private_address_is_refused_unless_the_environment_allows_it()
    {
        _settings["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = null;
        await PutAsync($$"""{"url":"URL","secret":"{{_erp.Secret}}","events":["*"]}""");
        await _gateway.DisposeAsync();
        _gateway = await StartAsync();
        var refused = await PutAsync("""{"url":"https://127.0.0.1/"}""", "crm");
        Assert.Equal((422, "bad_url"), (refused.Status, refused.Error));
        Assert.Contains("LARKSPUR_ALLOW_PRIVATE_ADDRESSES", refused.Text("message"), StringComparison.Ordinal);
        // One that was allowed before is judged at each connection.
        var test = await _gateway.PostRestAsync("/webhooks/erp/test", null);
        Assert.Equal(("failed", "address_refused"), (test.Text("state"), test.Text("reason")));
        Assert.Empty(_erp.Calls);
    }

    [Fact]
    public async Task A_test_whose_asker_went_away_leaves_nothing_that_waits()
    {
        await PutAsync($$"""{"url":"URL","secret":"{{_erp.Secret}}"}""");
        var (came, answer) = (new TaskCompletionSource(), new TaskCompletionSource());
        _erp.Answer = (_, http) =>
        {
            http.Response.StatusCode = 503;
            came.TrySetResult();
            return answer.Task;
        };
        using var gone = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/webhooks/erp/test")
        {
            Headers = { Authorization = new("Bearer", GatewayApp.ApiKey) },
        };
        var asked = _gateway.Http.SendAsync(request, gone.Token);
        await came.Task.WaitAsync(TestContext.Current.CancellationToken);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        answer.SetResult();
        await _gateway.UntilAsync(async () => (await _gateway.GetRestAsync("/webhooks/erp/deliveries")).Items is [var only]
            && only.GetProperty("state").GetString() == "discarded");
    }

    [Fact]
    public async Task A_test_tells_what_the_receiver_said_and_is_not_repeated()
    {
        await PutAsync($$"""{"url":"URL","secret":"{{_erp.Secret}}"}""");
        var fine = await _gateway.PostRestAsync("/webhooks/erp/test", null);
        Assert.Equal((200, "delivered"), (fine.Status, fine.Text("state")));
        var call = _erp.Calls.Single();
        Assert.Equal((fine.Text("webhook_id"), "webhook.test", WebhookVerdict.Valid), (call.Id, call.Json.GetProperty("type").GetString(), _erp.Judge(call)));

        _erp.AnswerWith(503);
        var failed = await _gateway.PostRestAsync("/webhooks/erp/test", null);
        Assert.Equal(("failed", "http_503"), (failed.Text("state"), failed.Text("reason")));
        Assert.Equal(["discarded", "delivered"], (await _gateway.GetRestAsync("/webhooks/erp/deliveries")).Items.Select(a => a.GetProperty("state").GetString()));
        var page = await _gateway.GetRestAsync("/webhooks/erp/deliveries?limit=1");
        var next = await _gateway.GetRestAsync($"/webhooks/erp/deliveries?limit=1&cursor={page.Body.GetProperty("next").GetInt64()}");
        Assert.Equal(fine.Text("webhook_id"), Assert.Single(next.Items).GetProperty("webhook_id").GetString());
        Assert.Equal(404, (await _gateway.PostRestAsync("/webhooks/nobody/test", null)).Status);
    }

    [Fact]
    public async Task One_that_answered_410_gets_nothing_after_a_restart_either_until_it_is_switched_on()
    {
        await PutAsync($$"""{"url":"URL","secret":"{{_erp.Secret}}","events":["*"]}""");
        _erp.AnswerWith(410);
        await _push.ProbeAsync(_gateway, "gone");
        await _gateway.UntilAsync(async () => (await _gateway.GetRestAsync("/webhooks/erp")).Text("state") == "gone");
        await _gateway.DisposeAsync();
        _gateway = await StartAsync();
        _erp.Answer = null;
        await _push.ProbeAsync(_gateway, "still gone");
        await _gateway.UntilAsync(async () => (await _gateway.GetRestAsync("/webhooks/erp/deliveries")).Items is [var last, ..] && last.GetProperty("reason").GetString() == "webhook_off");
        Assert.Single(_erp.Calls);

        Assert.Equal("active", (await _gateway.PostRestAsync("/webhooks/erp/enable", null)).Text("state"));
        // What died meanwhile is sent again by hand, also where nothing was sent since the start.
        var replayed = await _gateway.PostRestAsync("/deliveries/replay", """{"target":"erp","kind":"webhook"}""");
        Assert.Equal(2, replayed.Body.GetProperty("replayed").GetArrayLength());
        await UntilAsync(() => _erp.Calls.Count == 3);
    }

    [Fact]
    public async Task One_that_deliveries_wait_for_is_removed_by_force_alone_and_they_become_dead_letters()
    {
        await PutAsync($$"""{"url":"URL","secret":"{{_erp.Secret}}","events":["*"]}""");
        _erp.AnswerWith(503);
        await _push.ProbeAsync(_gateway, "waits");
        await UntilAsync(() => _erp.Calls.Count == 1);
        await _gateway.UntilAsync(async () => (await _gateway.GetRestAsync("/webhooks/erp/deliveries")).Items is [var one] && one.GetProperty("reason").GetString() == "http_503");
        var refused = await _gateway.RestAsync(HttpMethod.Delete, "/webhooks/erp");
        Assert.Equal((409, "deliveries_waiting"), (refused.Status, refused.Error));
        var removed = await _gateway.RestAsync(HttpMethod.Delete, "/webhooks/erp?force=true");
        Assert.Equal((200, 1), (removed.Status, removed.Body.GetProperty("dead_deliveries").GetInt32()));
        Assert.Equal(404, (await _gateway.GetRestAsync("/webhooks/erp")).Status);
        var dead = Assert.Single((await _gateway.GetRestAsync("/deliveries?kind=webhook&status=dead")).Items);
        Assert.Equal("webhook_removed", dead.GetProperty("reason").GetString());
        Assert.Equal(["webhook.deleted", "webhook.created"], (await _gateway.GetRestAsync("/audit?subject=erp")).Items.Select(l => l.GetProperty("what").GetString()));
        await _push.ProbeAsync(_gateway, "nobody listens");
        Assert.Equal(404, (await _gateway.RestAsync(HttpMethod.Delete, "/webhooks/erp")).Status);
    }

    [Fact]
    public async Task One_of_the_configuration_can_be_seen_and_tested_and_not_changed()
    {
        foreach (var (key, value) in _erp.Settings("fixed")) _settings[key] = value;
        await _gateway.DisposeAsync();
        _gateway = await StartAsync();
        var shown = await _gateway.GetRestAsync("/webhooks/fixed");
        Assert.Equal(("environment", "active"), (shown.Text("source"), shown.Text("state")));
        Assert.Equal("delivered", (await _gateway.PostRestAsync("/webhooks/fixed/test", null)).Text("state"));
        foreach (var (method, path, body) in new[] { (HttpMethod.Put, "", """{"url":"https://erp.example.com"}"""), (HttpMethod.Delete, "", null), (HttpMethod.Post, "/rotate", null), (HttpMethod.Post, "/enable", null) })
        {
            var refused = await _gateway.RestAsync(method, "/webhooks/fixed" + path, body);
            Assert.Equal((409, "set_by_environment"), (refused.Status, refused.Error));
        }
    }

    [Fact]
    public async Task One_that_cannot_be_decrypted_says_so_and_its_webhooks_wait_until_it_is_set_again()
    {
        await PutAsync($$"""{"url":"URL","secret":"{{_erp.Secret}}","events":["*"]}""");
        await _gateway.DamageAsync("UPDATE webhook SET url = 'bm90IGVuY3J5cHRlZA'");
        await _gateway.DisposeAsync();
        _gateway = await StartAsync();
        Assert.Equal("cannot_decrypt", (await _gateway.GetRestAsync("/webhooks/erp")).Text("state"));
        await QueueAsync("waits");
        Assert.Equal("active", (await PutAsync("""{"url":"URL"}""")).Text("state"));
        Assert.Equal("delivered", (await _gateway.PostRestAsync("/webhooks/erp/test", null)).Text("state"));
        Assert.Empty((await _gateway.GetRestAsync("/deliveries?status=dead")).Items);
    }

    [Fact]
    public async Task Dead_deliveries_are_sent_again_one_by_one_or_together()
    {
        await PutAsync($$"""{"url":"URL","secret":"{{_erp.Secret}}","events":["*"]}""");
        _erp.AnswerWith(410);
        await _push.ProbeAsync(_gateway, "one", "oc_1");
        await _gateway.UntilAsync(async () => (await _gateway.GetRestAsync("/webhooks/erp")).Text("state") == "gone");
        await _push.ProbeAsync(_gateway, "two", "oc_2");
        await _gateway.UntilAsync(async () => (await _gateway.GetRestAsync("/deliveries?status=dead&target=erp")).Items.Length == 2);
        _erp.Answer = null;
        await _gateway.PostRestAsync("/webhooks/erp/enable", null);
        var dead = (await _gateway.GetRestAsync("/deliveries?status=dead&kind=webhook")).Items.Select(d => d.GetProperty("id").GetInt64()).ToArray();
        Assert.Equal(200, (await _gateway.PostRestAsync($"/deliveries/{dead[0]}/replay", null)).Status);
        await UntilAsync(() => _erp.Calls.Count == 2);
        await _gateway.UntilAsync(async () => (await _gateway.GetRestAsync($"/deliveries/{dead[0]}")).Body.GetProperty("row").GetProperty("status").GetString() == "sent");
        Assert.Equal(409, (await _gateway.PostRestAsync($"/deliveries/{dead[0]}/replay", null)).Status);
        var many = await _gateway.PostRestAsync("/deliveries/replay", $$"""{"ids":[{{dead[0]}},{{dead[1]}},999999]}""");
        Assert.Equal([dead[1]], many.Body.GetProperty("replayed").EnumerateArray().Select(i => i.GetInt64()));
        Assert.Equal(["not_replayable", "not_found"], many.Body.GetProperty("refused").EnumerateArray().Select(r => r.GetProperty("reason").GetString()));
        await UntilAsync(() => _erp.Calls.Count == 3);
        // The receiver knows each by its id, however often it comes.
        Assert.Equal(2, _erp.Calls.Select(c => c.Id).Distinct().Count());
    }

    [Theory]
    [InlineData("{}", 422, "nothing_chosen", null)]
    [InlineData("""{"force":true}""", 422, "nothing_chosen", null)]
    [InlineData("""{"ids":[]}""", 422, "bad_ids", "/ids")]
    [InlineData("""{"ids":["1"]}""", 422, "bad_id", "/ids/0")]
    [InlineData("""{"kind":"pigeon"}""", 400, "bad_kind", "/kind")]
    [InlineData("""{"since":"yesterday"}""", 422, "bad_time", "/since")]
    [InlineData("""{"target":"erp","colour":"blue"}""", 400, "unknown_field", "/colour")]
    public async Task A_replay_of_many_says_which(string body, int status, string word, string? pointer)
    {
        var answer = await _gateway.PostRestAsync("/deliveries/replay", body);
        Assert.Equal((status, word, pointer), (answer.Status, answer.Error, answer.Pointer));
    }

    [Fact]
    public async Task What_another_process_added_or_switched_on_is_known_before_a_webhook_dies_of_it()
    {
        // Another process's: this one is told of its changes by nobody, and looks by itself every five seconds only.
        using var other = ActivatorUtilities.CreateInstance<WebhookEndpointStore>(_gateway.Services);
        await other.CachedTable.LookAsync(TestContext.Current.CancellationToken);
        await other.PutAsync(new KeyGrant(Actor.System), "erp", new WebhookEndpointChange { Url = new Uri(_erp.Url), Secret = _erp.Secret, Events = ["*"] }, TestContext.Current.CancellationToken);
        await QueueAsync("at once");
        await UntilAsync(() => _erp.Calls.Count == 1);
        Assert.Empty((await _gateway.GetRestAsync("/deliveries?status=dead")).Items);

        _erp.AnswerWith(410);
        await QueueAsync("gone");
        // Until it is written, not only known here: else it would be switched off after it was switched on.
        await _gateway.UntilAsync(async () =>
            (await _gateway.GetRestAsync("/webhooks/erp")).Body.TryGetProperty("gone_at", out var at) && at.ValueKind == System.Text.Json.JsonValueKind.String);
        _erp.Answer = null;
        await other.EnableAsync(new KeyGrant(Actor.System), "erp", TestContext.Current.CancellationToken);
        await QueueAsync("back");
        await UntilAsync(() => _erp.Calls.Count == 3);
        Assert.Single((await _gateway.GetRestAsync("/deliveries?status=dead")).Items);
    }

    [Fact]
    public async Task A_410_of_an_address_that_was_replaced_meanwhile_does_not_switch_the_new_one_off()
    {
        await using var moved = await WebhookReceiver.StartAsync();
        await PutAsync($$"""{"url":"URL","secret":"{{_erp.Secret}}","events":["*"]}""");
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _erp.Answer = async (_, http) =>
        {
            await release.Task;
            http.Response.StatusCode = 410;
        };
        await QueueAsync("old");
        await UntilAsync(() => _erp.Calls.Count == 1);
        await PutAsync($$"""{"url":"{{moved.Url}}"}""");
        release.SetResult();
        await _gateway.UntilAsync(async () => (await _gateway.GetRestAsync("/deliveries?status=dead")).Items.Length == 1);
        Assert.Equal("active", (await _gateway.GetRestAsync("/webhooks/erp")).Text("state"));
        await QueueAsync("new");
        await UntilAsync(() => moved.Calls.Count == 1);
    }

    [Fact]
    public async Task Deliveries_are_listed_by_kind_and_target()
    {
        await PutAsync($$"""{"url":"URL","secret":"{{_erp.Secret}}","events":["im.message.receive_v1"]}""");
        await _push.SendAsync(_gateway, "im.message.receive_v1", FeishuPush.Message("/help", "oc_1"));
        await _feishu.NextAsync();
        await UntilAsync(() => _erp.Calls.Count == 1);
        Assert.Equal("erp", Assert.Single((await _gateway.GetRestAsync("/deliveries?kind=webhook")).Items).GetProperty("target").GetString());
        Assert.Equal("feishu", Assert.Single((await _gateway.GetRestAsync("/deliveries?kind=message")).Items).GetProperty("platform").GetString());
        Assert.Single((await _gateway.GetRestAsync("/deliveries?target=erp")).Items);
        Assert.Equal((400, "bad_kind"), ((await _gateway.GetRestAsync("/deliveries?kind=x")) is var refused ? (refused.Status, refused.Error) : default));
        Assert.Equal(404, (await _gateway.GetRestAsync("/deliveries/999999")).Status);
    }

    private Task<GatewayApp> StartAsync(TimeProvider? clock = null) => GatewayApp.StartAsync(_feishu.Address, _settings, _folder, clock);

    private Task<RestAnswer> PutAsync(string body, string name = "erp") => _gateway.RestAsync(HttpMethod.Put, "/webhooks/" + name, body.Replace("\"URL\"", $"\"{_erp.Url}\"", StringComparison.Ordinal));

    /// <summary>An event arrives and is told to the business system.</summary>
    private async Task ProbeAsync()
    {
        var before = _erp.Calls.Count;
        await _push.ProbeAsync(_gateway, "probe");
        await UntilAsync(() => _erp.Calls.Count == before + 1);
    }

    private Task QueueAsync(string key) => _gateway.Services.GetRequiredService<IOutbox>().QueueAsync(new("webhook", "default", key, OutboxMessage.ToWebhookEndpoint("erp", "approval.decided", "{}", key)));

    private Task UntilAsync(Func<bool> condition) => _gateway.UntilAsync(() => Task.FromResult(condition()));
}
