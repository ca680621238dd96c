namespace Larkspur.Gateway.Platforms.Web.Serving;

/// <summary>Places of each person for work that takes long when the person's network is slow: who uses theirs up keeps nobody else waiting.</summary>
/// <param name="atOnce">Places of one person.</param>
/// <param name="waiting">Who wait for one of them.</param>
internal sealed class PersonPlaces(int atOnce, int waiting)
{
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    /// <summary>Waits for a place of the person's, which is free again once it is disposed of.</summary>
    /// <returns>Null: too many wait already.</returns>
    public async Task<IDisposable?> EnterAsync(string person, CancellationToken cancellation)
    {
        Line? line;
        lock (_lines)
        {
            if (!_lines.TryGetValue(person, out line)) _lines.Add(person, line = new Line(new SemaphoreSlim(atOnce)));
            if (line.Count >= atOnce + waiting) return null;
            line.Count++;
        }

        try
        {
            await line.Free.WaitAsync(cancellation);
        }
        catch
        {
            Leave(person, line);
            throw;
        }

        return new Place(this, person, line);
    }

    private void Leave(string person, Line line)
    {
        lock (_lines)
        {
            if (--line.Count > 0) return;
            _lines.Remove(person);
        }

        line.Free.Dispose();
    }

    private sealed class Line(SemaphoreSlim free)
    {
        public SemaphoreSlim Free { get; } = free;

        /// <summary>Who are in, and who wait.</summary>
        public int Count { get; set; }
    }

    private sealed class Place(PersonPlaces places, string person, Line line) : IDisposable
    {
        public void Dispose()
        {
            line.Free.Release();
            places.Leave(person, line);
        }
    }
}
