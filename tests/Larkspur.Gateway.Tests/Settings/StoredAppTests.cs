using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Settings;

/// <summary>The app that administrators set while the gateway runs: it comes, changes and goes without a restart, and what was queued for it waits.</summary>
public sealed class StoredAppTests : IAsyncLifetime
{
    private FeishuStub _feishu = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _feishu = await FeishuStub.StartAsync();
        _gateway = await GatewayApp.StartAsync(_feishu.Address, SettingsFixture.NoApp);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _feishu.DisposeAsync();
    }

    [Fact]
    public async Task It_receives_and_answers_once_it_is_switched_on_and_not_before()
    {
        Assert.Equal(404, await PushAsync(new FeishuPush(), "/help"));
        var app = SettingsFixture.App;
        app.Remove(FeishuIntegration.Enabled);
        await _gateway.SetAsync(app);
        Assert.Equal(404, await PushAsync(new FeishuPush(), "/help"));
        Assert.Equal(AppCondition.Off, State.Condition);

        await _gateway.SetAsync(FeishuIntegration.Enabled, "true");
        Assert.Equal((AppCondition.Connected, null), (State.Condition, State.Reason));
        Assert.Equal(200, await PushAsync(new FeishuPush(), "/help"));
        await _feishu.NextAsync();
        await _gateway.UntilAsync(() => Task.FromResult(_gateway.Logs.Text.Contains("is the bot Larkspur", StringComparison.Ordinal)));

        await _gateway.SetAsync(FeishuIntegration.Enabled, "false");
        Assert.Equal(404, await PushAsync(new FeishuPush(), "/help"));
        Assert.True(_feishu.IsQuiet);
    }

    [Fact]
    public async Task Its_changed_keys_count_for_the_next_event()
    {
        await _gateway.SetAsync(SettingsFixture.App);
        Assert.Equal(200, await PushAsync(new FeishuPush(), "one"));
        await _gateway.SetAsync(new Dictionary<string, string?> { [FeishuIntegration.EncryptKey] = "another-key", [FeishuIntegration.VerificationToken] = "another-token" });
        Assert.Equal(401, await PushAsync(new FeishuPush(), "two"));
        Assert.Equal(200, await PushAsync(new FeishuPush { EncryptKey = "another-key", Token = "another-token" }, "three"));
        Assert.Contains("one", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.Contains("three", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_another_setting_leaves_the_app_as_it_is()
    {
        await _gateway.SetAsync(SettingsFixture.App);
        var apps = _gateway.Services.GetRequiredService<FeishuApps>();
        var before = apps.Get("default");
        await _gateway.SetAsync(FeishuIntegration.NotifyOnPr, "true");
        Assert.Same(before, apps.Get("default"));
        await _gateway.SetAsync(FeishuIntegration.AppSecret, "another-secret");
        Assert.NotSame(before, apps.Get("default"));
    }

    [Fact]
    public async Task What_is_queued_while_it_is_away_waits_and_leaves_when_it_is_back_with_no_attempt_spent()
    {
        await _gateway.SetAsync(SettingsFixture.App);
        await _gateway.SetAsync(FeishuIntegration.Enabled, "false");
        await QueueAsync("waits");
        // Another app's rows are no reason to wait, and their end proves that the sender has been at work.
        await _gateway.Services.GetRequiredService<IOutbox>().QueueAsync(new("feishu", "nobody", "n", OutboxMessage.ToChat("oc_2", "text", """{"text":"n"}""")), TestContext.Current.CancellationToken);
        await _gateway.UntilAsync(async () => (await _gateway.ListAsync("/outbox?status=dead")) is [var dead] && dead.GetProperty("reason").GetString() == "app_not_configured");
        Assert.Equal(0, Assert.Single(await _gateway.ListAsync("/outbox?status=open")).GetProperty("attempts").GetInt32());
        Assert.Empty(_feishu.Calls);

        await _gateway.SetAsync(FeishuIntegration.Enabled, "true");
        Assert.Contains("waits", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        await _gateway.UntilAsync(async () => (await _gateway.ListAsync("/outbox?status=sent")) is [var sent] && sent.GetProperty("attempts").GetInt32() == 1);
    }

    [Fact]
    public async Task An_event_that_was_taken_before_it_was_switched_off_waits_and_is_handled_when_it_is_back()
    {
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        var runs = 0;
        await _gateway.DisposeAsync();
        _gateway = await GatewayApp.StartAsync(_feishu.Address, SettingsFixture.NoApp, configure: builder => builder.Services.AddSingleton(provider => new EventRoute("feishu", "test.slow", async (context, _) =>
        {
            reached.TrySetResult();
            await goOn.Task;
            Interlocked.Increment(ref runs);
            var app = provider.GetRequiredService<FeishuApps>().Get(context.Event.App);
            return new Reaction(effects =>
            {
                effects.Send(OutboxMessage.ToChat("oc_1", "text", $$"""{"text":"handled by {{app.Name}}"}"""));
                return ValueTask.FromResult(Outcome.Answered);
            });
        })));
        await _gateway.SetAsync(SettingsFixture.App);
        var eventId = FeishuPush.NewId("ev_");
        await new FeishuPush().SendAsync(_gateway, "test.slow", "{}", eventId);
        await reached.Task;
        await _gateway.SetAsync(FeishuIntegration.Enabled, "false");
        goOn.SetResult();
        await _gateway.UntilAsync(() => Task.FromResult(Volatile.Read(ref runs) >= 2));
        Assert.True(_feishu.IsQuiet);
        await _gateway.SetAsync(FeishuIntegration.Enabled, "true");
        Assert.Contains("handled by default", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.Equal(0, (await _gateway.OutcomeAsync(eventId)).GetProperty("attempts").GetInt32());
    }

    [Theory]
    [InlineData(FeishuIntegration.AppId, "App ID")]
    [InlineData(FeishuIntegration.AppSecret, "App Secret")]
    public async Task One_that_lacks_something_says_what(string missing, string says)
    {
        var app = SettingsFixture.App;
        app.Remove(missing);
        await _gateway.SetAsync(app);
        Assert.Equal(AppCondition.Incomplete, State.Condition);
        Assert.Contains(says, State.Reason!.English, StringComparison.Ordinal);
        Assert.Contains(says, State.Reason.Chinese, StringComparison.Ordinal);
        await _gateway.SetAsync(missing, SettingsFixture.App[missing]);
        Assert.Equal(AppCondition.Connected, State.Condition);
    }

    [Fact]
    public async Task By_webhook_it_needs_a_key_or_a_token_by_long_connection_neither()
    {
        var app = SettingsFixture.App;
        app[FeishuIntegration.EncryptKey] = app[FeishuIntegration.VerificationToken] = null;
        await _gateway.SetAsync(app);
        Assert.Contains("Encrypt Key", State.Reason!.English, StringComparison.Ordinal);
        var refused = await _gateway.PostRestAsync("/messages", """{"to":{"chat_id":"oc_1"},"text":"hello"}""");
        Assert.Equal((409, "app_incomplete"), (refused.Status, refused.Error));
        await _gateway.SetAsync(FeishuIntegration.EventMode, "long_connection");
        Assert.Equal(AppCondition.Connected, State.Condition);
    }

    [Fact]
    public async Task A_waiting_gateway_is_ready_and_says_what_its_app_waits_for()
    {
        await _gateway.SetAsync(FeishuIntegration.AppId, GatewayApp.AppId);
        Assert.Contains("off: The Feishu integration is not switched on", await ReadyAsync(), StringComparison.Ordinal);
        await _gateway.SetAsync(FeishuIntegration.Enabled, "true");
        Assert.Contains("incomplete: Missing: App Secret", await ReadyAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Its_calls_are_counted_under_its_name()
    {
        await _gateway.SetAsync(SettingsFixture.App);
        await QueueAsync("counted");
        await _feishu.NextAsync();
        await _gateway.UntilAsync(async () => (await _gateway.AskAsync("/quota")).Body.GetProperty("apps").EnumerateArray().Any(a => a.GetProperty("app").GetString() == "default" && a.GetProperty("calls").GetInt64() > 0));
    }

    [Fact]
    public async Task Its_secret_stands_in_no_row_and_no_log()
    {
        await _gateway.SetAsync(SettingsFixture.App);
        _feishu.Fault = _ => (400, $$"""{"code":230001,"msg":"your request with {{GatewayApp.AppSecret}} is refused"}""");
        await QueueAsync("refused");
        // What is told in its place is refused as well.
        await _gateway.UntilAsync(async () => (await _gateway.ListAsync("/outbox?status=dead")).Length >= 1);
        var id = (await _gateway.ListAsync("/outbox?status=dead"))[0].GetProperty("id").GetInt64();
        var (_, details) = await _gateway.AskAsync($"/outbox/{id}");
        Assert.DoesNotContain(GatewayApp.AppSecret, details.ToString(), StringComparison.Ordinal);
    }

    private AppState State => Assert.Single(_gateway.Services.GetRequiredService<FeishuApps>().States);

    private async Task<int> PushAsync(FeishuPush push, string text) => (await push.SendAsync(_gateway, "im.message.receive_v1", FeishuPush.Message(text))).Status;

    private Task QueueAsync(string text) => _gateway.Services.GetRequiredService<IOutbox>().QueueAsync(new("feishu", "default", text, OutboxMessage.ToChat("oc_1", "text", $$"""{"text":"{{text}}"}""")));

    private Task<string> ReadyAsync() => _gateway.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative), TestContext.Current.CancellationToken);
}
