using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using Larkspur.Emulator.State;

namespace Larkspur.Bench.Streaming;

/// <summary>What the emulated platform was asked to do with cards, and when it had done it.</summary>
internal sealed class StreamTap : IDisposable
{
    private readonly Inspector _inspector;
    private readonly ConcurrentQueue<(long At, ApiCall Call)> _calls = new();

    public StreamTap(Inspector inspector)
    {
        _inspector = inspector;
        inspector.Called += Note;
    }

    /// <summary>Calls that were refused for their rate, by endpoint.</summary>
    public IReadOnlyList<(string Endpoint, int Count)> TooFast =>
        [.. _calls.Where(c => c.Call.Status == 429 || c.Call.Code is 99991400 or 230020).GroupBy(c => c.Call.EndpointId!).Select(g => (g.Key, g.Count()))];

    /// <summary>Frames that were taken.</summary>
    public IReadOnlyList<CardOperation> Frames => [.. Operations.Where(o => o.IsFrame)];

    /// <summary>Everything that was done to cards after they were made, in order.</summary>
    public IReadOnlyList<CardOperation> Operations =>
        [.. _calls.Where(c => c.Call.Code == 0 && c.Call.Path.Contains("/cardkit/v1/cards/", StringComparison.Ordinal)).Select(c => CardOperation.Read(c.At, c.Call)).OrderBy(o => o.At)];

    /// <summary>The most operations on one card that were taken within any second.</summary>
    public static int MostPerSecond(IEnumerable<CardOperation> operations)
    {
        var most = 0;
        foreach (var card in operations.GroupBy(o => o.CardId))
        {
            var times = card.Select(o => o.At).Order().ToArray();
            for (int first = 0, last = 0; last < times.Length; last++)
            {
                while (times[last] - times[first] >= Stopwatch.Frequency) first++;
                most = Math.Max(most, last - first + 1);
            }
        }

        return most;
    }

    public void Dispose() => _inspector.Called -= Note;

    private void Note(ApiCall call)
    {
        if (call.EndpointId is { } id && (id.StartsWith("cardkit.", StringComparison.Ordinal) || id.StartsWith("im.v1.message.", StringComparison.Ordinal))) _calls.Enqueue((Stopwatch.GetTimestamp(), call));
    }
}

/// <summary>One operation on a card.</summary>
/// <param name="At">When the platform had done it, a timestamp of the stopwatch.</param>
/// <param name="CardId">The card.</param>
/// <param name="IsFrame">It sets the text while it is written.</param>
/// <param name="Length">Of the text that it shows; for the last face, more than any.</param>
internal sealed record CardOperation(long At, string CardId, bool IsFrame, int Length)
{
    public static CardOperation Read(long at, ApiCall call)
    {
        var card = call.Path.Split('/')[5];
        if (!call.Path.EndsWith("/content", StringComparison.Ordinal)) return new(at, card, false, call.Method == "PUT" ? int.MaxValue : 0);
        using var body = JsonDocument.Parse(call.RequestBody);
        return new(at, card, true, body.RootElement.GetProperty("content").GetString()!.Length);
    }
}
