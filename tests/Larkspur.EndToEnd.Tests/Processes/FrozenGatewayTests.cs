using System.Text.Json.Nodes;

namespace Larkspur.EndToEnd.Tests.Processes;

/// <summary>A gateway that stands still while people click, for longer than the platform waits for an answer.</summary>
public sealed class FrozenGatewayTests
{
    private const int Cards = 12;

    /// <summary>How long the emulated platform waits here. The gateway means to answer a little sooner.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData("webhook", "in its handler")]
    [InlineData("long_connection", "in its handler")]
    // Over a webhook the server refuses what comes with its sender's farewell; a long connection stays, and what lay in it is read.
    [InlineData("long_connection", "on the way")]
    public async Task A_card_that_was_clicked_meanwhile_shows_what_was_decided_though_nobody_clicks_again(string way, string click)
    {
        var settings = new Dictionary<string, string> { ["FEISHU_EVENT_MODE"] = way, ["Larkspur__Dispatch__CallbackDeadline"] = "00:00:01.500" };
        await using var fixture = await BusinessFixture.StartAsync(settings, s => s with { CallbackPatience = Patience });
        var cards = await Task.WhenAll(Enumerable.Range(1, Cards).Select(i => SendAsync(fixture, $"PR-{i}")));
        var buttons = cards.Select(card => CardButtons.Find(CardOf(fixture, card.Message), "approve")!).ToArray();

        Task<(int Status, JsonObject Answer)[]> clicks;
        if (click == "on the way")
        {
            await fixture.FreezeAsync();
            clicks = ClickAllAsync();
        }
        else
        {
            await fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/contact/v3/users/:user_id", method = "GET", reply = "delay", delay_ms = 1_200, count = 1 });
            clicks = ClickAllAsync();
            await fixture.HitAsync();
            await fixture.FreezeAsync();
        }

        // Each has come as far as the gateway's machine, and its sender gives it up.
        var answers = await clicks;
        await fixture.WakeAsync();
        Assert.Contains(answers, answer => answer.Answer["toast"] is null);

        string[] decided = [];
        await fixture.UntilAsync(async () => (decided = await DecidedAsync()).Length == Cards || way == "webhook" && decided.Length > 0, "nothing was decided");
        await fixture.QuietAsync();
        decided = await DecidedAsync();
        foreach (var card in cards.Where(c => decided.Contains(c.Id)))
            await fixture.UntilAsync(() => Task.FromResult(CardButtons.Find(CardOf(fixture, card.Message), "approve") is null), "a decided card still has its buttons");

        Task<(int, JsonObject)[]> ClickAllAsync() => Task.WhenAll(cards.Zip(buttons, (card, button) =>
            fixture.Emulator.TryControlAsync(HttpMethod.Post, "act", new { @as = "bob", @do = "click", message_id = card.Message, value = button })));

        async Task<string[]> DecidedAsync()
        {
            var states = await Task.WhenAll(cards.Select(async card => (card.Id, State: (await fixture.CallAsync(HttpMethod.Get, $"notifications/{card.Id}"))["state"]!.GetValue<string>())));
            return [.. states.Where(s => s.State == "decided").Select(s => s.Id)];
        }
    }

    private static async Task<(string Id, string Message)> SendAsync(BusinessFixture fixture, string number)
    {
        var made = await fixture.CallAsync(HttpMethod.Post, "notifications", new
        {
            @event = "pr.submitted", subject = number, recipients = new[] { new { email = "bob@mica.example" } },
            variables = new { number, title = "Laptops", amount = new { amount = "98765.40", currency = "CNY" } }, decision = new { webhook = "mica" },
        }, number);
        var id = made["id"]!.GetValue<string>();
        string? message = null;
        await fixture.UntilAsync(async () =>
        {
            var now = await fixture.CallAsync(HttpMethod.Get, $"notifications/{id}");
            return (message = now["deliveries"]![0]!["message_id"]?.GetValue<string>()) is not null;
        }, $"the card of {number} was not sent");
        return (id, message!);
    }

    private static JsonNode CardOf(BusinessFixture fixture, string message) => JsonNode.Parse(fixture.Emulator.State.Message(message)!.Card!.Json)!;
}
