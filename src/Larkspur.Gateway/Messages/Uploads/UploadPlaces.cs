namespace Larkspur.Gateway.Messages;

/// <summary>How many uploads are under way at once: each may have a temporary file of 30 MB.</summary>
internal sealed class UploadPlaces
{
    private const int Most = 16;

    /// <summary>Of one system: slow uploads of one keep no other out.</summary>
    private const int MostOfSystem = 4;

    private readonly Dictionary<string, int> _bySystem = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Takes a place, which is free again once it is disposed of.</summary>
    /// <param name="system">Whose upload it is; empty: no single system's.</param>
    /// <exception cref="RequestRefusedException"><c>busy</c>: none is free.</exception>
    public IDisposable Enter(string system)
    {
        lock (_bySystem)
        {
            var own = _bySystem.GetValueOrDefault(system);
            if (_all >= Most || (system.Length > 0 && own >= MostOfSystem))
                throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable, "busy", null, "Too many uploads are under way; try again.");
            _bySystem[system] = own + 1;
            _all++;
        }

        return new Place(this, system);
    }

    private void Leave(string system)
    {
        lock (_bySystem)
        {
            _all--;
            if (_bySystem[system] == 1) _bySystem.Remove(system);
            else _bySystem[system]--;
        }
    }

    private sealed class Place(UploadPlaces places, string system) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0) places.Leave(system);
        }
    }
}
