using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.LongConnection;

/// <summary>What never arrived is found in the history of chats, in both modes.</summary>
public sealed class GapTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("larkspur-gaps-").FullName;
    private EmulatorApp _emulator = null!;

    public async ValueTask InitializeAsync() => _emulator = await ConnectedGateway.EmulatorAsync();

    public async ValueTask DisposeAsync()
    {
        await _emulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task What_was_written_while_the_gateway_was_down_is_answered_after_its_start_and_the_platforms_repetition_changes_nothing()
    {
        string chat;
        await using (var first = await ConnectedGateway.StartAsync(_emulator.BaseUrl, folder: _folder))
        {
            chat = await SayAsync("before the outage");
            await WaitAsync("before the outage", first);
        }

        await SayAsync("during the outage");
        await using var second = await ConnectedGateway.StartAsync(_emulator.BaseUrl, folder: _folder);
        // The start itself is the occasion; the emulator's clock stands, so the platform repeats nothing.
        await WaitAsync("during the outage", second);
        await second.CountsAsync(1, "larkspur_gap_found_total");
        await second.CountsAsync(1, "larkspur_gap_filled_total");
        var row = (await second.InboxAsync("history-" + MessageId(chat, "during the outage"))).GetProperty("items")[0];
        Assert.Equal("im.message.receive_v1", row.GetProperty("event_type").GetString());

        await _emulator.AdvanceAsync(TimeSpan.FromMinutes(6));
        await ConnectedGateway.UntilAsync(async () => await second.CounterAsync("larkspur_ingress_duplicates_total") >= 1, "the repetition", second);
        Assert.Single(Answers(chat), a => a.Contains("during the outage", StringComparison.Ordinal));
        Assert.Single(Answers(chat), a => a.Contains("before the outage", StringComparison.Ordinal));
        Assert.DoesNotContain((await ConnectedGateway.StatusAsync(second)).GetProperty("gaps").EnumerateArray(), g => g.TryGetProperty("problem", out var p) && p.ValueKind == System.Text.Json.JsonValueKind.String);
    }

    [Fact]
    public async Task With_webhooks_it_works_as_well()
    {
        var settings = new Dictionary<string, string?> { ["Larkspur:Gaps:Enabled"] = "true", ["Larkspur:Gaps:Settle"] = "00:00:00" };
        await using var gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString(), settings, _folder);
        await _emulator.SetCallbackAsync(new Uri(gateway.Address, "/webhook/feishu").ToString(), verify: true);
        var chat = await SayAsync("it works");
        await WaitAsync("it works", gateway);
        await _emulator.SetCallbackAsync("http://127.0.0.1:9/nobody");
        await SayAsync("to nobody");
        await NextSecondAsync();
        await ConnectedGateway.CompareAsync(gateway);
        await WaitAsync("to nobody", gateway);
        Assert.Contains("0 messages had not arrived", await ConnectedGateway.CompareAsync(gateway), StringComparison.Ordinal);
        Assert.Single(Answers(chat), a => a.Contains("to nobody", StringComparison.Ordinal));
    }

    [Fact]
    public async Task In_groups_only_what_calls_the_bot_is_filled_in()
    {
        await using var gateway = await ConnectedGateway.StartAsync(_emulator.BaseUrl, folder: _folder);
        var group = (await _emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "Team", people = new[] { "bob" }, bots = new[] { EmulatorApp.AppId } }))["chat_id"]!.GetValue<string>();
        await ConnectedGateway.CompareAsync(gateway);
        await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "freeze", new_too = true });
        await _emulator.ActAsync(new { @as = "alice", @do = "send", chat = group, text = "among ourselves" });
        await _emulator.ActAsync(new { @as = "bob", @do = "send", chat = group, text = "@bot are you there?" });
        await NextSecondAsync();
        await ConnectedGateway.CompareAsync(gateway);
        await WaitAsync("are you there?", gateway);
        await gateway.CountsAsync(1, "larkspur_gap_filled_total");
    }

    [Fact]
    public async Task A_scope_that_is_missing_is_said_once_and_the_other_chats_are_compared()
    {
        await using var gateway = await ConnectedGateway.StartAsync(_emulator.BaseUrl, folder: _folder);
        await _emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "Team", people = new[] { "bob" }, bots = new[] { EmulatorApp.AppId } });
        await SayAsync("hello");
        await WaitAsync("hello", gateway);
        await _emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}",
            new { granted_scopes = new[] { "im:message", "im:message:send_as_bot", "im:message.p2p_msg", "im:message.group_at_msg", "im:chat", "application:application:self_manage" } });
        await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "freeze" });
        await SayAsync("still here");
        await NextSecondAsync();
        await ConnectedGateway.CompareAsync(gateway);
        await WaitAsync("still here", gateway);
        await ConnectedGateway.CompareAsync(gateway);
        Assert.Single(gateway.Logs.Lines, l => l.Message.Contains("may not read the history of groups", StringComparison.Ordinal));
        Assert.Contains((await ConnectedGateway.StatusAsync(gateway)).GetProperty("gaps").EnumerateArray(), g => g.GetProperty("problem").GetString()!.Contains("the history of groups", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_found_too_late_is_not_answered_and_its_chat_told_so_once()
    {
        string chat;
        await using (var first = await ConnectedGateway.StartAsync(_emulator.BaseUrl, folder: _folder))
        {
            chat = await SayAsync("before the outage");
            await WaitAsync("before the outage", first);
        }

        await SayAsync("too late 1");
        await SayAsync("too late 2");
        await NextSecondAsync();
        await NextSecondAsync();
        var settings = ConnectedGateway.Settings;
        settings["Larkspur:Dispatch:StaleAfter"] = "00:00:01";
        await using var second = await ConnectedGateway.StartAsync(_emulator.BaseUrl, settings, _folder);
        foreach (var text in (string[])["too late 1", "too late 2"])
            Assert.Equal("stale", (await second.OutcomeAsync("history-" + MessageId(chat, text), TimeSpan.FromSeconds(40))).GetProperty("outcome").GetString());
        await ConnectedGateway.UntilAsync(() => Task.FromResult(Answers(chat).Count() == 2), "the one notification", second); // "before the outage" and the notification
        Assert.DoesNotContain(Answers(chat), a => a.Contains("too late", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Calls_are_bounded()
    {
        var settings = ConnectedGateway.Settings;
        settings["Larkspur:Gaps:MaxCalls"] = "2";
        await using var gateway = await ConnectedGateway.StartAsync(_emulator.BaseUrl, settings, _folder);
        for (var i = 0; i < 4; i++)
            await _emulator.ActAsync(new { @as = "alice", @do = "create_group", name = $"Team {i}", people = new[] { "bob" }, bots = new[] { EmulatorApp.AppId } });
        await ConnectedGateway.CompareAsync(gateway); // it learns of the groups
        Assert.Contains("compared 1 chats with 2 calls: 0 messages had not arrived; the rest comes next time", await ConnectedGateway.CompareAsync(gateway), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chat_that_is_refused_does_not_keep_the_others_from_being_compared()
    {
        await using var gateway = await ConnectedGateway.StartAsync(_emulator.BaseUrl, folder: _folder);
        await SayAsync("hello");
        await WaitAsync("hello", gateway);
        await ConnectedGateway.CompareAsync(gateway);
        await _emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "Odd", people = new[] { "bob" }, bots = new[] { EmulatorApp.AppId } });
        await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "freeze", new_too = true });
        await SayAsync("still here");
        await NextSecondAsync();
        await _emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/im/v1/messages", method = "GET", reply = 400, code = 230110, count = 1 });
        // Whichever of them is refused: it is one of several, and has its turn again.
        Assert.DoesNotContain("compared 0 chats", await ConnectedGateway.CompareAsync(gateway), StringComparison.Ordinal);
        await ConnectedGateway.CompareAsync(gateway);
        await WaitAsync("still here", gateway);
    }

    [Fact]
    public async Task Groups_that_may_not_be_read_do_not_take_the_place_of_other_chats()
    {
        var settings = ConnectedGateway.Settings;
        settings["Larkspur:Gaps:MaxCalls"] = "4";
        await using var gateway = await ConnectedGateway.StartAsync(_emulator.BaseUrl, settings, _folder);
        await SayAsync("hello");
        await WaitAsync("hello", gateway);
        for (var i = 0; i < 6; i++)
            await _emulator.ActAsync(new { @as = "alice", @do = "create_group", name = $"Team {i}", people = new[] { "bob" }, bots = new[] { EmulatorApp.AppId } });
        await _emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}",
            new { granted_scopes = new[] { "im:message", "im:message:send_as_bot", "im:message.p2p_msg", "im:message.group_at_msg", "im:chat", "application:application:self_manage" } });
        for (var i = 0; i < 3; i++) await ConnectedGateway.CompareAsync(gateway); // the two-person chat is now the one compared last, if at all
        await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "freeze", new_too = true });
        await SayAsync("still here");
        await NextSecondAsync();
        await ConnectedGateway.CompareAsync(gateway);
        await WaitAsync("still here", gateway);
    }

    [Fact]
    public async Task A_connection_that_comes_and_goes_does_not_use_up_the_months_calls()
    {
        await using var gateway = await ConnectedGateway.StartAsync(_emulator.BaseUrl, folder: _folder);
        await SayAsync("hello");
        await WaitAsync("hello", gateway);
        await ConnectedGateway.UntilAsync(async () => await gateway.CounterAsync("larkspur_gap_calls_total") >= 1, "the run after the start", gateway);
        var calls = await gateway.CounterAsync("larkspur_gap_calls_total");
        for (var i = 2; i < 4; i++)
        {
            await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "close" });
            await ConnectedGateway.UntilAsync(async () => (await ConnectedGateway.ConnectionAsync(gateway)).GetProperty("connects").GetInt64() >= i, "the connection made anew", gateway);
            for (var second = 0; second < 3; second++) await NextSecondAsync();
        }

        Assert.InRange(await gateway.CounterAsync("larkspur_gap_calls_total") - calls, 0, 2); // the first run may still have been under way
    }

    private async Task<string> SayAsync(string text) => (await _emulator.ActAsync(new { @as = "alice", @do = "send", text }))["chat_id"]!.GetValue<string>();

    private IEnumerable<string> Answers(string chat) => _emulator.State.Messages(chat).Where(m => m.SenderKind == SenderKind.App).Select(m => m.Rendered);

    private string MessageId(string chat, string text) => _emulator.State.Messages(chat).Single(m => m.SenderKind != SenderKind.App && m.Rendered.Contains(text, StringComparison.Ordinal)).MessageId;

    /// <summary>History is asked for by the second: what was written in this one counts in the next.</summary>
    private static async Task NextSecondAsync()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (DateTimeOffset.UtcNow.ToUnixTimeSeconds() == now) await ticks.WaitForNextTickAsync(CancellationToken.None);
    }

    private async Task WaitAsync(string contains, GatewayApp gateway)
    {
        var found = await _emulator.ControlAsync(HttpMethod.Get, $"wait?from=app&contains={Uri.EscapeDataString(contains)}&timeout_ms=25000");
        Assert.True(found["found"]!.GetValue<bool>(), $"no message with \"{contains}\"; log: {gateway.Logs.Text}");
    }
}
