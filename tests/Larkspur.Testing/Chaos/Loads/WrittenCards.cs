using System.Collections.Concurrent;
using System.Globalization;
using Larkspur.Emulator.State;

namespace Larkspur.Testing.Chaos.Loads;

/// <summary>A program that writes cards piece by piece, as streams: each must stand there once, with all that was written.</summary>
internal sealed class WrittenCards : ILoad
{
    private const int Pieces = 6;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly EmulatorApp _emulator;
    private readonly string _chat;
    private readonly ConcurrentBag<(int Number, string Id)> _written = [];
    private GatewayCalls? _gateway;

    public WrittenCards(EmulatorApp emulator)
    {
        _emulator = emulator;
        _chat = emulator.CreateGroup(SeededCompany.Carol, "Reports");
    }

    public IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    public string Figures => $"{_written.Count:N0} cards written in {_written.Count * Pieces:N0} pieces";

    public Task PrepareAsync(GatewayCalls gateway, CancellationToken cancellation)
    {
        _gateway = gateway;
        return Task.CompletedTask;
    }

    public async Task WorkAsync(GatewayCalls gateway, CancellationToken enough, CancellationToken cancellation)
    {
        using var pace = new PeriodicTimer(Pause);
        for (var number = 1; !enough.IsCancellationRequested; number++)
        {
            var opened = await gateway.AskAsync(HttpMethod.Post, "streams",
                new { to = new { type = "chat_id", id = _chat }, title = "Report", language = "en_us" },
                    string.Create(CultureInfo.InvariantCulture, $"report {number}"), cancellation);
            var id = opened["id"]!.GetValue<string>();
            var offset = 0;
            for (var piece = 0; piece < Pieces; piece++)
            {
                var append = Piece(number, piece);
                await gateway.AskAsync(HttpMethod.Post, $"streams/{id}", new { append, offset }, cancellation: cancellation);
                offset += append.Length;
                await pace.WaitForNextTickAsync(cancellation);
            }

            await gateway.AskAsync(HttpMethod.Post, $"streams/{id}/finish", new { }, cancellation: cancellation);
            _written.Add((number, id));
        }
    }

    public async Task<IReadOnlyList<string>> FindWrongAsync(CancellationToken cancellation)
    {
        var shown = _emulator.State.Messages(_chat).Where(m => m.SenderKind == SenderKind.App)
            .Select(m => m.Card?.Json ?? m.Content).ToArray();
        List<string> wrong = [];
        foreach (var (number, id) in _written)
        {
            var cards = shown.Where(s => s.Contains(Piece(number, 0), StringComparison.Ordinal)).ToArray();
            if (cards.Length != 1) wrong.Add($"Report {number} stands there {cards.Length} times");
            else if (!cards[0].Contains(Text(number), StringComparison.Ordinal)) wrong.Add($"Report {number} is not whole: {cards[0]}");
            var state = await _gateway!.TryAsync(HttpMethod.Get, $"streams/{id}", null, null, cancellation);
            if (state?["status"]!.GetValue<string>() != "finished")
                wrong.Add($"Report {number} is {state?["status"]?.ToString() ?? "not to be read"}");
        }

        if (shown.Length != _written.Count) wrong.Add($"Of {_written.Count} reports there are {shown.Length} messages");
        return wrong;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static string Piece(int number, int piece) => string.Create(CultureInfo.InvariantCulture, $"report {number}, piece {piece}; ");

    private static string Text(int number) => string.Concat(Enumerable.Range(0, Pieces).Select(piece => Piece(number, piece))).TrimEnd();
}
