using System.Collections.Concurrent;

namespace Larkspur.Gateway.Documents.Reading;

/// <summary>What was read for a person, for a short while. Those who ask at the same time share one reading; nobody gets what was read for somebody else.</summary>
internal sealed class ReadCache(DocumentOptions options, TimeProvider clock)
{
    /// <summary>Readings at once.</summary>
    private const int Most = 200;

    private readonly ConcurrentDictionary<(string App, DocumentReader Who, DocumentKind Kind, string Token), Known> _known = new();

    /// <summary>The reading that is remembered, or a new one. What a moment later may be otherwise (the platform away, the app not added yet) is not remembered.</summary>
    public async Task<DocumentReading> GetAsync(string app, DocumentReader who, DocumentLink link, Func<Task<DocumentReading>> read, CancellationToken cancellation)
    {
        var key = (app, who with { DepartmentIds = null }, link.Kind, link.Token);
        if (_known.Count >= Most && !_known.ContainsKey(key)) MakeRoom();
        var now = clock.GetUtcNow();
        var known = _known.AddOrUpdate(key, _ => New(), (_, old) => old.Reading.IsValueCreated && old.Reading.Value.IsCompleted && old.Until <= now ? New() : old);
        DocumentReading reading;
        try
        {
            reading = await known.Reading.Value.WaitAsync(cancellation);
        }
        catch when (known.Reading.Value.IsFaulted || known.Reading.Value.IsCanceled)
        {
            _known.TryRemove(KeyValuePair.Create(key, known));
            throw;
        }

        if (options.KeepFor == TimeSpan.Zero || reading.Outcome is DocumentOutcome.NotAllowedForApp or DocumentOutcome.Unavailable) _known.TryRemove(KeyValuePair.Create(key, known));
        return reading;

        // It is not the caller's to cancel: others wait for it, too. It has a time-out of its own.
        Known New() => new(new Lazy<Task<DocumentReading>>(() => Task.Run(read, CancellationToken.None)), now + options.KeepFor);
    }

    private void MakeRoom()
    {
        var now = clock.GetUtcNow();
        foreach (var (key, known) in _known)
        {
            if (known.Until <= now) _known.TryRemove(KeyValuePair.Create(key, known));
        }

        if (_known.Count >= Most) _known.Clear();
    }

    private sealed record Known(Lazy<Task<DocumentReading>> Reading, DateTimeOffset Until);
}
