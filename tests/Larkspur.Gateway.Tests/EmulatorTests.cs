using System.Text.Json.Nodes;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests;

/// <summary>The gateway against the emulated platform, which shares no code with it.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class EmulatorTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;
    private GatewayApp _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        _emulator = await EmulatorApp.StartAsync();
        _gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString());
        await _emulator.SetCallbackAsync(new Uri(_gateway.Address, "/webhook/feishu").ToString(), verify: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _emulator.DisposeAsync();
    }

    [Fact]
    public async Task A_card_is_sent_finance_is_asked_and_the_decision_stays_on_the_card()
    {
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text = "/审批演示" });
        var card = await WaitAsync("采购申请", "interactive");

        var asked = await _emulator.ActAsync(new { @as = "alice", @do = "click", message_id = card, text = "咨询财务" });
        Assert.True(asked["ok"]!.GetValue<bool>(), asked.ToJsonString());
        Assert.NotNull(asked["toast"]);
        Assert.Equal(card, await WaitAsync("咨询财务，等待财务意见", "interactive"));

        var approved = await _emulator.ActAsync(new { @as = "alice", @do = "click", message_id = card, text = "批准" });
        Assert.True(approved["card_changed"]!.GetValue<bool>(), approved.ToJsonString());
        Assert.Equal(card, await WaitAsync("批准**", "interactive"));
    }

    [Fact]
    public async Task Every_command_and_plain_words_are_taken_by_the_platform()
    {
        await SayAsync("/help", "What I can do");
        await SayAsync("/whoami", "Who you are");
        await SayAsync("/wat", "I don't know the command");
        await SayAsync("good <b>morning</b>", "The assistant is not connected yet");
    }

    private async Task SayAsync(string text, string answer)
    {
        await _emulator.ActAsync(new { @as = "alice", @do = "send", text });
        await WaitAsync(answer);
    }

    private async Task<string> WaitAsync(string contains, string? type = null)
    {
        var found = await _emulator.ControlAsync(HttpMethod.Get, $"wait?from=app&contains={Uri.EscapeDataString(contains)}&timeout_ms=60000{(type is null ? "" : "&msg_type=" + type)}");
        Assert.True(found["found"]!.GetValue<bool>(), $"no message with \"{contains}\"; log: {_gateway.Logs.Text}");
        return found["message"]!["message_id"]!.GetValue<string>();
    }
}
