using System.Text.Json;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.LongConnection;

/// <summary>The main job over the emulator's long connection, which shares no code with ours.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class EmulatedConnectionTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await ConnectedGateway.EmulatorAsync();
        _gateway = await ConnectedGateway.StartAsync(_emulator.BaseUrl);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task Message_card_click_toast_and_new_card_without_any_public_address()
    {
        await SayAsync("/审批演示");
        var card = await WaitAsync("采购申请", "interactive");
        var approved = await _emulator.ActAsync(new { @as = "alice", @do = "click", message_id = card, text = "批准" });
        Assert.True(approved["ok"]!.GetValue<bool>(), approved.ToJsonString());
        Assert.NotNull(approved["toast"]);
        Assert.True(approved["card_changed"]!.GetValue<bool>(), approved.ToJsonString());
        Assert.Equal(card, await WaitAsync("批准**", "interactive"));
        await ConnectedGateway.StateAsync(_gateway, "proven");
    }

    [Theory]
    [InlineData("close")]
    [InlineData("abort")]
    public async Task A_connection_that_ends_is_made_anew_and_what_came_meanwhile_is_answered_once(string how)
    {
        await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "refuse", at = "endpoint", code = 1000040343, count = 1 });
        await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = how });
        var chat = await SayAsync($"while {how}");
        await ConnectedGateway.UntilAsync(async () => (await ConnectedGateway.ConnectionAsync(_gateway)).GetProperty("connects").GetInt64() == 2, "another connection", _gateway);
        await _emulator.AdvanceAsync(TimeSpan.FromSeconds(16)); // the platform's first repetition
        await WaitAsync($"while {how}");
        await _emulator.AdvanceAsync(TimeSpan.FromMinutes(6));
        await ConnectedGateway.CompareAsync(_gateway);
        Assert.Single(_emulator.State.Messages(chat), m => m.SenderKind == SenderKind.App && m.Rendered.Contains($"while {how}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_connection_that_answers_pings_and_delivers_nothing_is_found_out_by_the_history_and_replaced()
    {
        await SayAsync("before");
        await WaitAsync("before");
        await ConnectedGateway.StateAsync(_gateway, "proven");
        await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "freeze" });
        var chat = await SayAsync("into a deaf ear");
        // Nothing comes by itself, and as far as pings tell all is well.
        Assert.Equal("proven", (await ConnectedGateway.ConnectionAsync(_gateway)).GetProperty("state").GetString());
        await NextSecondAsync();

        await ConnectedGateway.CompareAsync(_gateway); // or the comparison that every new connection brings, should it be just under way
        await _gateway.CountsAsync(1, "larkspur_gap_found_total");
        await WaitAsync("into a deaf ear");
        await ConnectedGateway.UntilAsync(async () => (await ConnectedGateway.ConnectionAsync(_gateway)).GetProperty("losses").GetInt64() == 1, "the loss", _gateway);
        await ConnectedGateway.StateAsync(_gateway, "unproven", "proven");
        await SayAsync("heard again");
        await WaitAsync("heard again");

        await _emulator.AdvanceAsync(TimeSpan.FromMinutes(6)); // the platform sends again what nobody acknowledged
        await ConnectedGateway.UntilAsync(async () => await _gateway.CounterAsync("larkspur_ingress_duplicates_total") >= 1, "the repetition", _gateway);
        Assert.Single(_emulator.State.Messages(chat), m => m.SenderKind == SenderKind.App && m.Rendered.Contains("into a deaf ear", StringComparison.Ordinal));
        await _gateway.CountsAsync(1, "larkspur_gap_filled_total");
    }

    [Fact]
    public async Task A_connection_that_answers_no_ping_is_replaced()
    {
        // Its next connection pings every 2 s.
        await ConnectedGateway.PaceAsync(_emulator, pingInterval: 2);
        await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "close" });
        await ConnectedGateway.UntilAsync(async () => (await ConnectedGateway.ConnectionAsync(_gateway)).GetProperty("connects").GetInt64() >= 2, "another connection", _gateway);
        await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "pongs", off = true });
        await ConnectedGateway.UntilAsync(async () => (await ConnectedGateway.ConnectionAsync(_gateway)).GetProperty("losses").GetInt64() >= 2, "the loss", _gateway);
        await ConnectedGateway.UntilAsync(() => Task.FromResult(_gateway.Logs.Text.Contains("a ping had no answer", StringComparison.Ordinal)), "the reason", _gateway);
        await ConnectedGateway.PaceAsync(_emulator, pingInterval: 60);
        await _emulator.ControlAsync(HttpMethod.Post, "connections", new { @do = "pongs", delay_ms = 0 });
        await ConnectedGateway.StateAsync(_gateway, "unproven", "proven");
        await SayAsync("all is well");
        await WaitAsync("all is well");
    }

    private async Task<string> SayAsync(string text) => (await _emulator.ActAsync(new { @as = "alice", @do = "send", text }))["chat_id"]!.GetValue<string>();

    /// <summary>History is asked for by the second: what was written in this one counts in the next.</summary>
    private static async Task NextSecondAsync()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (DateTimeOffset.UtcNow.ToUnixTimeSeconds() == now) await ticks.WaitForNextTickAsync(CancellationToken.None);
    }

    private async Task<string> WaitAsync(string contains, string? type = null)
    {
        var found = await _emulator.ControlAsync(HttpMethod.Get, $"wait?from=app&contains={Uri.EscapeDataString(contains)}&timeout_ms=25000{(type is null ? "" : "&msg_type=" + type)}");
        Assert.True(found["found"]!.GetValue<bool>(), $"no message with \"{contains}\"; log: {_gateway.Logs.Text}");
        return found["message"]!["message_id"]!.GetValue<string>();
    }
}
