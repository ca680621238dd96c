using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Emulator.State;
using Larkspur.Testing.Chaos;
using Larkspur.Testing.Chaos.Loads;

namespace Larkspur.EndToEnd.Tests.Chaos;

/// <summary>What is looked at after a chaos run shows what is wrong: repeated calls, old faces of cards, rows that were left.</summary>
public sealed class AftermathTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private EmulatorApp _emulator = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _emulator = await EmulatorApp.StartAsync();

    public async ValueTask DisposeAsync() => await _emulator.DisposeAsync();

    [Fact]
    public async Task A_key_that_is_sent_again_needs_a_reason()
    {
        using var calls = new KeyedCalls(_emulator.State.Inspector);
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
        var rows = new GatewayRows("", gateway.DataFolder);
        using var calls = new GatewayCalls(gateway.Address, Patience);
        await using var cards = new ChangedCards(_emulator, rows, 2, 1);
        await cards.PrepareAsync(calls, Cancellation);
        using var enough = new CancellationTokenSource();
        var changing = cards.WorkAsync(calls, enough.Token, Cancellation);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (cards.Changes < 4) await ticks.WaitForNextTickAsync(Cancellation);
        await enough.CancelAsync();
        await changing;
        Assert.Empty(await Company.FindWrongAsync(cards.FindWrongAsync, Patience, _ => { }, Cancellation));

        var message = _emulator.State.Chats().SelectMany(c => _emulator.State.Messages(c.ChatId))
            .First(m => m.Rendered.Contains("face", StringComparison.Ordinal));
        var older = """{"schema":"2.0","config":{"update_multi":true},"body":{"elements":[{"tag":"markdown","content":"face 000000;"}]}}""";
        await CallAsync(HttpMethod.Patch, $"/open-apis/im/v1/messages/{message.MessageId}", new { content = older });
        Assert.Contains("shows", Assert.Single(await cards.FindWrongAsync(Cancellation)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_nobody_sends_is_found()
    {
        await using var gateway = await GatewayApp.StartAsync(
            _emulator.BaseUrl.ToString(), new Dictionary<string, string?> { ["Larkspur:Outbox:Enabled"] = "false" });
        var rows = new GatewayRows("", gateway.DataFolder);
        Assert.Empty(await rows.FindLeftAsync(Cancellation));
        using var answer = await gateway.Http.PostAsJsonAsync(
            "/api/v1/messages", new { to = new { chat_id = "oc_left" }, text = "left" }, Cancellation);
        answer.EnsureSuccessStatusCode();
        var left = Assert.Single(await rows.FindLeftAsync(Cancellation));
        Assert.Contains("of oc_left (create) is open after 0 attempts", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_permit_that_is_not_given_back_is_found()
    {
        await using var gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString());
        Assert.DoesNotContain(await HeldAsync(Cancellation), h => h.Contains("permits", StringComparison.Ordinal));
        await _emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/im/v1/messages*", reply = "delay", delay_ms = 60_000 });
        using var answer = await gateway.Http.PostAsJsonAsync(
            "/api/v1/messages", new { to = new { open_id = WireIds.OpenId(EmulatorApp.AppId, _emulator.State.People[0].UserId) }, text = "slow" }, Cancellation);
        answer.EnsureSuccessStatusCode();
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!(await HeldAsync(Cancellation)).Any(h => h.Contains("larkspur_outbox_permits{state=\"held\"} 1", StringComparison.Ordinal)))
            await ticks.WaitForNextTickAsync(Cancellation);

        Task<IReadOnlyList<string>> HeldAsync(CancellationToken cancellation) => Remains.FindHeldAsync(gateway.Address, Environment.ProcessId, cancellation);
    }

    [Fact]
    public async Task A_temporary_file_that_is_not_closed_is_found()
    {
        await using var gateway = await GatewayApp.StartAsync(_emulator.BaseUrl.ToString());
        var path = Path.GetTempFileName();
        await using var left = File.OpenRead(path);
        File.Delete(path);
        Assert.Contains($"Process {Environment.ProcessId} holds {path} (deleted)", await Remains.FindHeldAsync(gateway.Address, Environment.ProcessId, Cancellation));
    }

    private Task SendAsync(string key) => CallAsync(HttpMethod.Post, "/open-apis/im/v1/messages?receive_id_type=open_id", new
    {
        receive_id = WireIds.OpenId(EmulatorApp.AppId, _emulator.State.People[0].UserId),
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
