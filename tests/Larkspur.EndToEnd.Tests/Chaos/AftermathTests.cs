using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Emulator.World;
using Larkspur.Testing.Chaos;

namespace Larkspur.EndToEnd.Tests.Chaos;

/// <summary>What is looked at after a chaos run shows what is wrong: repeated calls, old faces of cards, rows that were left.</summary>
public sealed class AftermathTests : IAsyncLifetime
{
    private EmulatorApp _emulator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _emulator = await EmulatorApp.StartAsync();

    public async ValueTask DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task A_key_that_is_sent_again_needs_a_reason()
    {
        using var calls = new KeyedCalls(_emulator.World.Inspector);
        var blows = new Blows();
        await SendAsync("once");
        await SendAsync("twice");
        await SendAsync("twice");
        // The first answer never arrived.
        await _emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/im/v1/messages*", reply = "drop", count = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("lost"));
        await SendAsync("lost");
        using (blows.Begin()) await SendAsync("struck");
        await SendAsync("struck");

        Assert.Equal(4, calls.Keys);
        var (all, without) = calls.Repeats(blows);
        Assert.Equal(3, all);
        Assert.Contains("Key twice was sent again", Assert.Single(without), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_face_after_the_newest_is_found()
    {
        await using var gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString());
        using var cards = new ChangedCards(_emulator, gateway.Address, 1);
        await cards.SendAsync(2, Cancellation);
        using var enough = new CancellationTokenSource();
        var changing = cards.ChangeAsync(enough.Token, Cancellation);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (cards.Changes < 4) await ticks.WaitForNextTickAsync(Cancellation);
        await enough.CancelAsync();
        await changing;
        Assert.Empty(await cards.FindOldAsync("", gateway.DataFolder, TimeSpan.FromSeconds(30), Cancellation));

        var message = _emulator.World.Chats().SelectMany(c => _emulator.World.Messages(c.ChatId))
            .First(m => m.Rendered.Contains("face", StringComparison.Ordinal));
        var older = """{"schema":"2.0","config":{"update_multi":true},"body":{"elements":[{"tag":"markdown","content":"face 000000;"}]}}""";
        await CallAsync(HttpMethod.Patch, $"/open-apis/im/v1/messages/{message.MessageId}", new { content = older });
        Assert.Contains("shows", Assert.Single(await cards.FindOldAsync("", gateway.DataFolder, TimeSpan.Zero, Cancellation)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_nobody_sends_is_found()
    {
        await using var gateway = await GatewayApp.StartAsync(
            _emulator.BaseUrl.ToString(), new Dictionary<string, string?> { ["Larkspur:Outbox:Enabled"] = "false" });
        Assert.Empty(await GatewayRows.FindLeftAsync("", gateway.DataFolder, TimeSpan.Zero, Cancellation));
        using var answer = await gateway.Http.PostAsJsonAsync(
            "/api/v1/messages", new { to = new { chat_id = "oc_left" }, text = "left" }, Cancellation);
        answer.EnsureSuccessStatusCode();
        var left = Assert.Single(await GatewayRows.FindLeftAsync("", gateway.DataFolder, TimeSpan.Zero, Cancellation));
        Assert.Contains("of oc_left (create) is open after 0 attempts", left, StringComparison.Ordinal);
    }

    private Task SendAsync(string key) => CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=open_id", new
    {
        receive_id = WireIds.OpenId(EmulatorApp.AppId, _emulator.World.People[0].UserId),
        msg_type = "text",
        content = """{"text":"hi"}""",
        uuid = key,
    });

    private async Task CallAsync(HttpMethod method, string path, object body)
    {
        var reply = await _emulator.CallAsync(method, path, await _emulator.TenantTokenAsync(), body);
        Assert.Equal(0, reply.Code);
    }
}
