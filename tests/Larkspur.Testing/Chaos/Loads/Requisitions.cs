using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;

namespace Larkspur.Testing.Chaos.Loads;

/// <summary>
/// A procurement system has requisitions decided: a notification each, somebody's click on its card, and one word of the decision.
/// Who gets no answer to a click clicks again.
/// </summary>
internal sealed class Requisitions : ILoad
{
    private const int AtOnce = 2;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly EmulatorApp _emulator;
    private readonly BusinessSystem _mica;
    private readonly string _chat;
    private readonly List<(string Number, string Id)> _decided = [];
    private int _count;
    private int _clicks;

    public Requisitions(EmulatorApp emulator, BusinessSystem mica)
    {
        (_emulator, _mica) = (emulator, mica);
        _chat = _emulator.CreateGroup(SeededCompany.Bob, "Requisitions");
    }

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    public string Figures => $"{_decided.Count:N0} requisitions decided by {_clicks:N0} clicks";

    public Task PrepareAsync(GatewayCalls gateway, CancellationToken cancellation) => gateway.AskAsync(
        HttpMethod.Patch, "settings", new Dictionary<string, object>
        {
            ["auth.feishu.enabled"] = true,
            ["auth.feishu.notify_on_pr"] = true,
        }, cancellation: cancellation);

    public Task WorkAsync(GatewayCalls gateway, CancellationToken enough, CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            using var pace = new PeriodicTimer(Pause);
            do await DecideAsync(gateway, Interlocked.Increment(ref _count), cancellation);
            while (!enough.IsCancellationRequested && await pace.WaitForNextTickAsync(cancellation));
        }));

    public Task<IReadOnlyList<string>> FindWrongAsync(CancellationToken cancellation)
    {
        var told = _mica.Told.Where(t => t.Type == "approval.decided").ToLookup(t => t.Data["notification_id"]!.GetValue<string>());
        var shown = _emulator.State.Messages(_chat).Where(m => m.SenderKind == SenderKind.App).ToArray();
        List<string> wrong = [];
        if (_mica.Forged > 0) wrong.Add($"{_mica.Forged} callbacks were not signed as they must be");
        foreach (var (number, id) in _decided)
        {
            var ids = told[id].Select(t => t.Id).Distinct().Count();
            if (ids != 1) wrong.Add($"The decision of requisition {number} was told under {ids} ids");
            else if (told[id].Any(t => t.Data["decision"]!.GetValue<string>() != "approved"))
                wrong.Add($"Of requisition {number} another decision was told: {told[id].First().Data}");
            var cards = shown.Where(m => m.Card?.Json.Contains(number, StringComparison.Ordinal) == true).ToArray();
            if (cards is not [var card]) wrong.Add($"Of requisition {number} there are {cards.Length} cards");
            else if (!card.Card!.Json.Contains("Approved by ", StringComparison.Ordinal))
                wrong.Add($"The card of requisition {number} does not say that it is approved: {card.Card.Json}");
        }

        return Task.FromResult<IReadOnlyList<string>>(wrong);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task DecideAsync(GatewayCalls gateway, int count, CancellationToken cancellation)
    {
        // None is the beginning of another, and nothing of it is Markdown.
        var number = string.Create(CultureInfo.InvariantCulture, $"PR{count}PR");
        var made = await gateway.AskAsync(HttpMethod.Post, "notifications", new
        {
            @event = "pr.submitted", subject = number, recipients = new[] { new { chat_id = _chat } },
            variables = new { number, title = "Laptops", amount = new { amount = "98765.40", currency = "CNY" } },
            decision = new { webhook = "mica", approvers = new[] { new { email = "bob@mica.example" } } },
        }, number, cancellation);
        var id = made["id"]!.GetValue<string>();

        string? messageId = null;
        await gateway.UntilAsync($"the card of requisition {number}", async () =>
        {
            var state = await StateAsync(gateway, id, cancellation);
            return (messageId = state?["deliveries"]![0]!["message_id"]?.GetValue<string>()) is not null;
        }, cancellation);
        await gateway.UntilAsync($"the decision of requisition {number}", async () =>
        {
            if ((await StateAsync(gateway, id, cancellation))?["state"]!.GetValue<string>() == "decided") return true;
            if (ButtonOf(messageId!) is { } value)
            {
                var click = new { @as = SeededCompany.Bob, @do = "click", message_id = messageId, value };
                await _emulator.TryControlAsync(HttpMethod.Post, "act", click);
                Interlocked.Increment(ref _clicks);
            }

            return false;
        }, cancellation);
        lock (_decided) _decided.Add((number, id));
    }

    private static Task<JsonNode?> StateAsync(GatewayCalls gateway, string id, CancellationToken cancellation) =>
        gateway.TryAsync(HttpMethod.Get, $"notifications/{id}", null, null, cancellation);

    /// <summary>What the button to approve says to the gateway; null: the card has none.</summary>
    private JsonNode? ButtonOf(string messageId) =>
        _emulator.State.Message(messageId)?.Card is { } card ? CardButtons.Find(JsonNode.Parse(card.Json), "approve") : null;
}
