using System.Collections.Concurrent;
using Larkspur.Emulator.State;

namespace Larkspur.Testing.Chaos.Loads;

/// <summary>
/// A program that changes cards by REST, some at once and each again and again. The platform has no key for a change: the gateway
/// alone keeps an older face from coming after a newer one.
/// </summary>
internal sealed class ChangedCards : ILoad
{
    private const int AtOnce = 4;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly EmulatorApp _emulator;
    private readonly GatewayRows _rows;
    private readonly int _count;
    private readonly int _seed;
    private readonly string _chat;
    private readonly List<(string MessageId, int Version)> _cards = [];
    private readonly ConcurrentBag<(string MessageId, int Version)> _unclear = [];
    private int _changes;

    /// <param name="emulator">Where the cards stand.</param>
    /// <param name="rows">What the gateways have recorded.</param>
    /// <param name="count">How many cards.</param>
    /// <param name="seed">Decides which is changed next.</param>
    public ChangedCards(EmulatorApp emulator, GatewayRows rows, int count, int seed)
    {
        (_emulator, _rows, _count, _seed) = (emulator, rows, count, seed);
        _chat = emulator.CreateGroup(SeededCompany.Alice, "Cards");
    }

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    /// <summary>Changes that a gateway has taken.</summary>
    public int Changes => Volatile.Read(ref _changes);

    public string Figures => $"{Changes:N0} changes of {_count:N0} cards";

    public async Task PrepareAsync(GatewayCalls gateway, CancellationToken cancellation)
    {
        for (var i = 0; i < _count; i++)
        {
            var body = new { to = new { chat_id = _chat }, card = Face(0), key = $"card {i}" };
            string? message = null;
            // A repeat under the same key asks for the same message: a busy machine may need more than one wait of three seconds.
            await gateway.UntilAsync($"card {i} to be sent", async () =>
            {
                var sent = await gateway.TryAsync(HttpMethod.Post, "messages?wait=3", body, null, cancellation);
                return (message = sent?["message_id"]?.GetValue<string>()) is not null;
            }, cancellation);
            _cards.Add((message!, 0));
        }
    }

    /// <summary>Changes one after another; a change that a gateway did not take is asked for again.</summary>
    public Task WorkAsync(GatewayCalls gateway, CancellationToken enough, CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, Math.Min(AtOnce, _cards.Count))
            .Select(first => ChangeAsync(gateway, first, enough, cancellation)));

    /// <summary>Cards that do not show their newest face.</summary>
    public async Task<IReadOnlyList<string>> FindWrongAsync(CancellationToken cancellation)
    {
        var accepted = await _rows.NewestChangesAsync(cancellation);
        List<string> old = [];
        foreach (var (message, version) in _cards)
        {
            var shown = _emulator.State.Message(message)?.Rendered ?? "nothing";
            var wanted = NewestFace(message, version, accepted.GetValueOrDefault(message, ""));
            if (!shown.Contains(wanted, StringComparison.Ordinal))
                old.Add($"Card {message} shows {shown}, and its newest face is {wanted}");
        }

        return old;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>Each card is one program's, which asks for its next face when the one before was taken.</summary>
    private async Task ChangeAsync(GatewayCalls gateway, int first, CancellationToken enough, CancellationToken cancellation)
    {
        var random = new Random(_seed + first);
        using var pace = new PeriodicTimer(Pause);
        while (!enough.IsCancellationRequested && await pace.WaitForNextTickAsync(cancellation))
        {
            var place = first + AtOnce * random.Next((_cards.Count - first + AtOnce - 1) / AtOnce);
            var (message, version) = _cards[place];
            _cards[place] = (message, ++version);
            await gateway.UntilAsync($"face {version} of a card to be taken", async () =>
            {
                var change = new { card = Face(version) };
                if (await gateway.TryAsync(HttpMethod.Patch, $"messages/{message}", change, null, cancellation) is not null) return true;
                _unclear.Add((message, version));
                return false;
            }, cancellation);
            Interlocked.Increment(ref _changes);
        }
    }

    /// <summary>
    /// What was asked for last; or, where a gateway stood still with an earlier request in its hands and took it when it woke, what
    /// that one asked for: for the gateways it is the newest then.
    /// </summary>
    /// <param name="message">The card.</param>
    /// <param name="version">What was asked for last.</param>
    /// <param name="accepted">The change that the gateways recorded last.</param>
    private string NewestFace(string message, int version, string accepted) => _unclear
        .Where(u => u.MessageId == message && accepted.Contains(Text(u.Version), StringComparison.Ordinal))
        .Select(u => Text(u.Version)).FirstOrDefault(Text(version));

    private static object Face(int version) => new
    {
        schema = "2.0",
        config = new { update_multi = true },
        body = new { elements = new[] { new { tag = "markdown", content = Text(version) } } },
    };

    private static string Text(int version) => $"face {version:000000};";
}
