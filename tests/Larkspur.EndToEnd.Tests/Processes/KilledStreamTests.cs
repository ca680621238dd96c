using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>A process that dies while it writes a card leaves none that stays "generating".</summary>
public sealed class KilledStreamTests
{
    private static readonly Dictionary<string, string> Fast = new() { ["Larkspur__Streams__IdleTimeout"] = "00:00:10" };

    [Fact]
    public async Task What_the_bot_was_writing_is_written_again_on_the_same_card()
    {
        var data = Directory.CreateTempSubdirectory("larkspur-killed-stream-").FullName;
        await using var emulator = await EmulatorApp.StartAsync();
        var address = GatewayProcess.FreeAddress();
        var gateway = await GatewayProcess.StartAsync(emulator, address, data);
        try
        {
            await emulator.SetCallbackAsync(new Uri(address, "/webhook/feishu").ToString(), verify: true);
            var chat = (await emulator.ActAsync(new { @as = "alice", @do = "send", text = "/stream-demo now" }))["chat_id"]!.GetValue<string>();
            await UntilAsync(() => Cards(emulator, chat) is [var card] && Text(card).StartsWith("This card is", StringComparison.Ordinal), gateway);
            await gateway.KillAsync();
            await gateway.DisposeAsync();
            Assert.DoesNotContain("Done.", Text(Cards(emulator, chat)[0]), StringComparison.Ordinal);

            gateway = await GatewayProcess.StartAsync(emulator, address, data);
            await UntilAsync(() => Cards(emulator, chat) is [var card] && Text(card).EndsWith("Done.", StringComparison.Ordinal), gateway);
            await ClosedAsync(emulator, gateway);
            Assert.Single(Cards(emulator, chat));
        }
        finally
        {
            await gateway.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task What_a_business_system_was_writing_is_kept_and_closed_when_nothing_more_comes()
    {
        var data = Directory.CreateTempSubdirectory("larkspur-killed-stream-").FullName;
        await using var emulator = await EmulatorApp.StartAsync();
        var chat = (await emulator.ActAsync(new { @as = "alice", @do = "send", text = "hello" }))["chat_id"]!.GetValue<string>();
        var address = GatewayProcess.FreeAddress();
        var gateway = await GatewayProcess.StartAsync(emulator, address, data, Fast);
        try
        {
            using var http = new HttpClient { BaseAddress = address };
            http.DefaultRequestHeaders.Authorization = new("Bearer", GatewayApp.ApiKey);
            http.DefaultRequestHeaders.Add("Idempotency-Key", "report-1");
            using var opened = await http.PostAsJsonAsync(new Uri("/api/v1/streams", UriKind.Relative), new { to = new { type = "chat_id", id = chat } }, TestContext.Current.CancellationToken);
            var id = (await opened.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetString();
            using var fed = await http.PostAsJsonAsync(new Uri($"/api/v1/streams/{id}", UriKind.Relative), new { append = "line one" }, TestContext.Current.CancellationToken);
            Assert.Equal(202, (int)fed.StatusCode);
            await gateway.KillAsync();
            await gateway.DisposeAsync();

            gateway = await GatewayProcess.StartAsync(emulator, address, data, Fast);
            await UntilAsync(() => Cards(emulator, chat) is [var card] && Text(card).StartsWith("line one\n\n", StringComparison.Ordinal), gateway);
            await ClosedAsync(emulator, gateway);
        }
        finally
        {
            await gateway.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    private static Message[] Cards(EmulatorApp emulator, string chat) =>
        [.. emulator.State.Messages(chat).Where(m => m.SenderKind == SenderKind.App && m.Card is { } card && card.Json.Contains("\"answer\"", StringComparison.Ordinal))];

    private static string Text(Message card) =>
        JsonNode.Parse(card.Card!.Json)!["body"]!["elements"]!.AsArray().First(e => e!["element_id"]?.GetValue<string>() == "answer")!["content"]!.GetValue<string>();

    private static async Task ClosedAsync(EmulatorApp emulator, GatewayProcess gateway)
    {
        JsonObject state = [];
        await UntilAsync(() => state["card_entities"]?.AsArray().All(e => e!["message_id"] is null || e["streaming"]!.GetValue<string>() == "closed") == true, gateway,
            async () => state = await emulator.StateAsync());
    }

    private static async Task UntilAsync(Func<bool> holds, GatewayProcess gateway, Func<Task>? look = null)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (!holds())
            {
                await ticks.WaitForNextTickAsync(deadline.Token);
                if (look is not null) await look();
            }
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It did not come to it.\n{gateway.Output}");
        }
    }
}
