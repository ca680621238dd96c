using System.Diagnostics;
using System.Globalization;
using Larkspur.Gateway.Streams;

namespace Larkspur.Bench.Streaming;

/// <summary>One answer as a model writes it: a piece every tenth of a second.</summary>
internal sealed class StreamAnswer(int number, string chat)
{
    private static readonly TimeSpan BetweenPieces = TimeSpan.FromMilliseconds(100);

    private readonly List<(int End, long At)> _pieces = [];

    public string Chat { get; } = chat;

    /// <summary>The text that must be there in the end.</summary>
    public string Text { get; private set; } = "";

    /// <summary>When its end was durable.</summary>
    public long EndedAt { get; private set; }

    public async Task WriteAsync(IStream stream, double seconds, CancellationToken cancellation)
    {
        // Each begins at another moment of the tenth of a second: people do not ask in step.
        await Task.Delay(TimeSpan.FromMilliseconds(number * 37 % 100), cancellation);
        var begun = Stopwatch.GetTimestamp();
        using var ticks = new PeriodicTimer(BetweenPieces);
        for (var i = 0; Stopwatch.GetElapsedTime(begun).TotalSeconds < seconds; i++)
        {
            var piece = i % 20 == 19 ? "\n\n" : string.Create(CultureInfo.InvariantCulture, $"词{i} ");
            Text += piece;
            _pieces.Add((Text.Length, Stopwatch.GetTimestamp()));
            stream.Append(piece);
            await ticks.WaitForNextTickAsync(cancellation);
        }

        await stream.FinishAsync(new StreamEnd { Footer = "bench" }, cancellation);
        EndedAt = Stopwatch.GetTimestamp();
    }

    /// <summary>Milliseconds from each piece to the first operation, done, that showed it.</summary>
    /// <param name="operations">Those on its card, in order.</param>
    public IEnumerable<double> Lags(IReadOnlyList<CardOperation> operations)
    {
        var next = 0;
        foreach (var (end, at) in _pieces)
        {
            while (next < operations.Count && operations[next].Length < end) next++;
            if (next == operations.Count) yield break;
            yield return Stopwatch.GetElapsedTime(at, operations[next].At).TotalMilliseconds;
        }
    }
}
