using System.Text.Json.Nodes;
using Larkspur.Emulator.State;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>A process that is killed while the assistant writes leaves nobody waiting: what was shown stays, it says that it was interrupted, and a button asks again.</summary>
public sealed class KilledAssistantTests
{
    [Fact]
    public async Task An_answer_that_was_being_written_is_ended_by_the_next_start_and_can_be_asked_for_again()
    {
        var data = Directory.CreateTempSubdirectory("larkspur-killed-assistant-").FullName;
        await using var emulator = await EmulatorApp.StartAsync();
        var address = GatewayProcess.FreeAddress();
        var gateway = await GatewayProcess.StartAsync(emulator, address, data, Dify(emulator, "app-emulator-slow"));
        try
        {
            await emulator.SetCallbackAsync(new Uri(address, "/webhook/feishu").ToString(), verify: true);
            var chat = (await emulator.ActAsync(new { @as = "alice", @do = "send", text = "slowly please" }))["chat_id"]!.GetValue<string>();
            await UntilAsync(() => Cards(emulator, chat) is [var card] && Text(card).StartsWith("Questi", StringComparison.Ordinal), gateway);
            await gateway.KillAsync();
            await gateway.DisposeAsync();

            gateway = await GatewayProcess.StartAsync(emulator, address, data, Dify(emulator, "app-emulator-key"));
            await UntilAsync(() => Cards(emulator, chat) is [var card] && Text(card).Contains("This answer was interrupted", StringComparison.Ordinal), gateway);
            var interrupted = Cards(emulator, chat)[0];

            await emulator.ActAsync(new { @as = "alice", @do = "click", message_id = interrupted.MessageId, text = "🔄 Ask again" });
            await UntilAsync(() => Cards(emulator, chat) is [_, var card] && Text(card).EndsWith("Approver: Bob", StringComparison.Ordinal), gateway);
        }
        finally
        {
            await gateway.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    [Fact]
    public async Task Questions_that_wait_when_it_is_killed_are_answered_by_the_next_start_in_their_order()
    {
        var data = Directory.CreateTempSubdirectory("larkspur-killed-assistant-").FullName;
        await using var emulator = await EmulatorApp.StartAsync();
        var address = GatewayProcess.FreeAddress();
        var gateway = await GatewayProcess.StartAsync(emulator, address, data, Dify(emulator, "app-emulator-slow"));
        try
        {
            await emulator.SetCallbackAsync(new Uri(address, "/webhook/feishu").ToString(), verify: true);
            var chat = (await emulator.ActAsync(new { @as = "alice", @do = "send", text = "one" }))["chat_id"]!.GetValue<string>();
            await UntilAsync(() => Cards(emulator, chat) is [var card] && Text(card).StartsWith("Questi", StringComparison.Ordinal), gateway);
            foreach (var text in (string[])["two", "three"]) await emulator.ActAsync(new { @as = "alice", @do = "send", text });
            await UntilAsync(() => emulator.State.Inspector.Pushes().Count(p => p.EventType == "im.message.receive_v1" && p.Status == 200) == 3, gateway);
            await gateway.KillAsync();
            await gateway.DisposeAsync();

            gateway = await GatewayProcess.StartAsync(emulator, address, data, Dify(emulator, "app-emulator-key"));
            await UntilAsync(() => Cards(emulator, chat) is [_, var two, var three]
                && Text(two).EndsWith("Approver: Bob", StringComparison.Ordinal) && Text(three).EndsWith("Approver: Bob", StringComparison.Ordinal), gateway);
            var cards = Cards(emulator, chat);
            Assert.Contains("**two**", Text(cards[1]), StringComparison.Ordinal);
            Assert.Contains("**three**", Text(cards[2]), StringComparison.Ordinal);
        }
        finally
        {
            await gateway.DisposeAsync();
            Directory.Delete(data, recursive: true);
        }
    }

    private static Dictionary<string, string> Dify(EmulatorApp emulator, string key) => new() { ["DIFY_BASE_URL"] = new Uri(emulator.BaseUrl, "v1").ToString(), ["DIFY_API_KEY"] = key };

    private static Message[] Cards(EmulatorApp emulator, string chat) =>
        [.. emulator.State.Messages(chat).Where(m => m.SenderKind == SenderKind.App && m.Card is { } card && card.Json.Contains("\"answer\"", StringComparison.Ordinal))];

    private static string Text(Message card) =>
        JsonNode.Parse(card.Card!.Json)!["body"]!["elements"]!.AsArray().First(e => e!["element_id"]?.GetValue<string>() == "answer")!["content"]!.GetValue<string>();

    private static async Task UntilAsync(Func<bool> holds, GatewayProcess gateway)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (!holds()) await ticks.WaitForNextTickAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"It did not come to it.\n{gateway.Output}");
        }
    }
}
