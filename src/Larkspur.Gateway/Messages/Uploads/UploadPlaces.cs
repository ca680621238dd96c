using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Messages;

/// <summary>How many uploads are under way at once: each may have a temporary file of up to 50 MB.</summary>
internal sealed class UploadPlaces
{
    private const int Most = 16;

    /// <summary>Time for a whole upload, the platform's part of it included.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Of one system: slow uploads of one keep no other out.</summary>
    private const int MostOfSystem = 4;

    private readonly Dictionary<string, int> _bySystem = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Runs an upload in a place of its own.</summary>
    /// <param name="system">Whose upload it is; empty: no single system's.</param>
    /// <param name="upload">Reads it and passes it on.</param>
    /// <param name="cancellation">The caller has gone.</param>
    /// <exception cref="RequestRefusedException"><c>busy</c>: no place is free; <c>incomplete_body</c>: it took too long.</exception>
    public async Task<T> RunAsync<T>(string system, Func<CancellationToken, Task<T>> upload, CancellationToken cancellation)
    {
        using var place = Enter(system);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        end.CancelAfter(Patience);
        try
        {
            return await upload(end.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new RequestRefusedException(StatusCodes.Status408RequestTimeout, "incomplete_body", null, $"The upload took longer than {Patience.TotalMinutes:0} minutes.");
        }
    }

    private Place Enter(string system)
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
