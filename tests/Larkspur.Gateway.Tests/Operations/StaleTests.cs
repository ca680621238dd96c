using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Outbox;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests.Operations;

/// <summary>After an outage: what is too old is not answered, and each chat is told so once.</summary>
public sealed class StaleTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string?> Recording = new() { ["Larkspur:Dispatch:Enabled"] = "false", ["Larkspur:Outbox:PerLane"] = "1000" };
    private static readonly Dictionary<string, string?> Fast = new() { ["Larkspur:Outbox:PerLane"] = "1000" };
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-stale-").FullName;
    private readonly FeishuPush _push = new();
    private FeishuStub _feishu = null!;

    public async ValueTask InitializeAsync() => _feishu = await FeishuStub.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _feishu.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Yesterdays_flood_is_answered_by_one_sentence_per_chat_and_the_present_as_always()
    {
        var old = new List<string>();
        var first = await GatewayApp.StartAsync(_feishu.Address, Recording, _folder);
        for (var i = 0; i < 3; i++) old.Add(await SayAsync(first, $"old {i}", "oc_a"));
        old.Add(await SayAsync(first, "old", "oc_b"));
        // Passing talk of a group that the bot hears and was not meant by.
        old.Add(await SayAsync(first, "lunch?", "oc_group", chatType: "group"));
        await first.StopAsync();

        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow.AddMinutes(31));
        await using var second = await GatewayApp.StartAsync(_feishu.Address, Fast, _folder, clock);
        foreach (var id in old) Assert.Equal("stale", (await second.OutcomeAsync(id)).GetProperty("outcome").GetString());
        SentCall[] told = [await _feishu.NextAsync(), await _feishu.NextAsync()];
        Assert.Equal(["oc_a", "oc_b"], told.Select(t => t.Target).Order());
        Assert.All(told, t => Assert.Contains("While I was away", t.Content, StringComparison.Ordinal));
        Assert.Equal(0, (await second.InboxAsync(old[0])).GetProperty("processed").GetInt32());

        _push.CreatedAt = clock.GetUtcNow();
        await SayWithClockAsync(second, clock, "now", "oc_a");
        Assert.Contains("now", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.True(_feishu.IsQuiet);
    }

    [Fact]
    public async Task What_the_platform_pushes_again_hours_later_is_as_old_as_it_was_and_covered_by_what_was_said()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast, _folder);
        _push.CreatedAt = DateTimeOffset.UtcNow.AddHours(-1);
        var first = await SayAsync(gateway, "an hour ago", "oc_a");
        Assert.Equal("stale", (await gateway.OutcomeAsync(first)).GetProperty("outcome").GetString());
        Assert.Contains("While I was away", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        _push.CreatedAt = DateTimeOffset.UtcNow.AddHours(-2);
        Assert.Equal("stale", (await gateway.OutcomeAsync(await SayAsync(gateway, "two hours ago", "oc_a"))).GetProperty("outcome").GetString());
        _push.CreatedAt = null;
        await SayAsync(gateway, "now", "oc_a");
        Assert.Contains("now", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        Assert.True(_feishu.IsQuiet);
    }

    [Fact]
    public async Task Another_outage_is_told_again()
    {
        var clock = new ManualTimeProvider(DateTimeOffset.UtcNow);
        // The clock that is moved here is the leases' too: they are not to run out at a jump.
        var settings = new Dictionary<string, string?>(Fast) { ["Larkspur:Leases:Lifetime"] = "10.00:00:00", ["Larkspur:Leases:Interval"] = "1.00:00:00" };
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, settings, _folder, clock);
        _push.CreatedAt = clock.GetUtcNow().AddHours(-1);
        await SayAsync(gateway, "first", "oc_a");
        await _feishu.NextAsync();
        await gateway.SentAsync();
        clock.Advance(TimeSpan.FromHours(2));
        _push.CreatedAt = clock.GetUtcNow().AddHours(-1);
        await gateway.OutcomeAsync(await SayWithClockAsync(gateway, clock, "second", "oc_a"));
        Assert.Contains("While I was away", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_crash_between_events_of_one_outage_does_not_tell_it_twice()
    {
        var first = await GatewayApp.StartAsync(_feishu.Address, Recording, _folder);
        var ids = new List<string>();
        for (var i = 0; i < 20; i++) ids.Add(await SayAsync(first, $"old {i}", "oc_a"));
        await first.StopAsync();
        var at = DateTimeOffset.UtcNow.AddHours(1);
        // Lives that end in the midst of it, wherever that is.
        for (var life = 0; life < 3; life++)
        {
            var short_ = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?>(Fast) { ["Larkspur:Dispatch:Capacity"] = "2" }, _folder, new ManualTimeProvider(at.AddMinutes(life)));
            await short_.StopAsync();
        }

        await using var last = await GatewayApp.StartAsync(_feishu.Address, Fast, _folder, new ManualTimeProvider(at.AddMinutes(5)));
        foreach (var id in ids) await last.OutcomeAsync(id);
        await _feishu.NextAsync();
        await last.UntilAsync(async () => (await last.ListAsync("/outbox?status=open")).Length == 0);
        Assert.True(_feishu.IsQuiet);
    }

    [Fact]
    public async Task Handlers_have_bounds_of_their_own_or_none()
    {
        static Task<GatewayApp> Start(string address, string folder, IReadOnlyDictionary<string, string?> settings, TimeProvider? clock = null) =>
            GatewayApp.StartAsync(address, settings, folder, clock, builder =>
            {
                foreach (var (type, bound) in new (string, TimeSpan?)[] { ("test.never", null), ("test.day", TimeSpan.FromDays(1)), ("test.default", EventRoute.AsSet) })
                {
                    builder.Services.AddSingleton(new EventRoute("feishu", type, (_, _) =>
                        ValueTask.FromResult(Reaction.Send(OutboxMessage.ToChat("oc_p2p", "text", """{"text":"done"}""")))) { StaleAfter = bound });
                }
            });
        var first = await Start(_feishu.Address, _folder, Recording);
        var ids = new Dictionary<string, string>();
        foreach (var type in (string[])["test.never", "test.day", "test.default"])
            await _push.SendAsync(first, type, """{"chat_id":"oc_p2p"}""", ids[type] = FeishuPush.NewId("ev_"));
        await first.StopAsync();

        await using var second = await Start(_feishu.Address, _folder, Fast, new ManualTimeProvider(DateTimeOffset.UtcNow.AddHours(23)));
        foreach (var (type, outcome) in new[] { ("test.never", "answered"), ("test.day", "answered"), ("test.default", "stale") })
            Assert.Equal(outcome, (await second.OutcomeAsync(ids[type])).GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_stale_event_is_answered_when_an_operator_replays_it()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, Fast, _folder);
        _push.CreatedAt = DateTimeOffset.UtcNow.AddHours(-1);
        var id = await SayAsync(gateway, "an hour ago", "oc_a");
        await gateway.OutcomeAsync(id);
        await _feishu.NextAsync();
        Assert.Equal(200, (await gateway.TellAsync($"/inbox/{await gateway.RowIdAsync(id)}/replay")).Status);
        Assert.Contains("an hour ago", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        await gateway.UntilAsync(async () => (await gateway.InboxAsync(id)).GetProperty("processed").GetInt32() == 1);
    }

    [Fact]
    public async Task A_click_counts_at_any_age_and_a_bound_of_zero_switches_the_filter_off()
    {
        await using var gateway = await GatewayApp.StartAsync(_feishu.Address, new Dictionary<string, string?>(Fast) { ["Larkspur:Dispatch:StaleAfter"] = "00:00:00" }, _folder);
        _push.CreatedAt = DateTimeOffset.UtcNow.AddDays(-2);
        await SayAsync(gateway, "long ago", "oc_a");
        Assert.Contains("long ago", (await _feishu.NextAsync()).Content, StringComparison.Ordinal);
        var click = FeishuPush.NewId("ev_");
        await _push.SendAsync(gateway, "card.action.trigger", FeishuPush.Click(System.Text.Json.JsonSerializer.SerializeToElement(new { kind = "other" }), "om_1"), click);
        Assert.Equal("refused", (await gateway.OutcomeAsync(click)).GetProperty("outcome").GetString());
    }

    private async Task<string> SayAsync(GatewayApp gateway, string text, string chat, string chatType = "p2p")
    {
        var eventId = FeishuPush.NewId("ev_");
        Assert.Equal(200, (await _push.SendAsync(gateway, "im.message.receive_v1", FeishuPush.Message(text, chat, chatType: chatType), eventId)).Status);
        return eventId;
    }

    /// <summary>Signed at the gateway's time, which is not this machine's.</summary>
    private async Task<string> SayWithClockAsync(GatewayApp gateway, TimeProvider clock, string text, string chat)
    {
        var eventId = FeishuPush.NewId("ev_");
        var body = System.Text.Encoding.UTF8.GetBytes(_push.Encrypt(_push.Envelope("im.message.receive_v1", FeishuPush.Message(text, chat), eventId)));
        using var request = _push.Request(body, clock.GetUtcNow());
        using var answer = await gateway.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode == 200, $"{answer.StatusCode}\n{gateway.Logs.Text}");
        return eventId;
    }
}
