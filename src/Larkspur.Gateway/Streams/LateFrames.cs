using System.Collections.Concurrent;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Streams;

/// <summary>
/// Streams over whose last face a frame of this process may have come, or may come yet: their last face is shown again. Only where the
/// whole message is changed, for an entity refuses what comes late by its number.
/// </summary>
internal sealed partial class LateFrames(StreamCompleter ender, ILeases leases, StreamOptions options, TimeProvider clock,
    ILogger<LateFrames> logger)
{
    private readonly ConcurrentDictionary<string, long> _arrivedBy = new(StringComparer.Ordinal);

    /// <summary>A frame of the stream was answered; the stream may have ended meanwhile.</summary>
    public void Answered(string id)
    {
        // A process that is alone sends the last face after it.
        if (leases.MayBeShared) _arrivedBy.TryAdd(id, clock.GetTimestamp());
    }

    /// <summary>A frame of the stream had no answer, and may come as long as networks keep such things.</summary>
    public void Lost(string id) =>
        _arrivedBy[id] = clock.GetTimestamp() + (long)(options.LostFrameTime.TotalSeconds * clock.TimestampFrequency);

    /// <summary>
    /// Looks which of them have ended. One that goes on shows newer frames over the late one by itself, and needs nothing once that has arrived.
    /// </summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        foreach (var (id, arrivedBy) in _arrivedBy)
        {
            var left = clock.GetElapsedTime(clock.GetTimestamp(), arrivedBy);
            if (await TryShowAsync(id, left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellation) || left <= TimeSpan.Zero)
                _arrivedBy.TryRemove(KeyValuePair.Create(id, arrivedBy));
        }
    }

    /// <returns>False: it has not ended, and is looked at again.</returns>
    /// <exception cref="StorageUnavailableException">The database is away: all of them are looked at again.</exception>
    private async Task<bool> TryShowAsync(string id, TimeSpan delay, CancellationToken cancellation)
    {
        try
        {
            return await ender.ShowAgainAsync(id, delay, cancellation);
        }
        catch (Exception e) when (e is not (StorageUnavailableException or OperationCanceledException))
        {
            // The one that cannot be read would keep all others from being looked at.
            LastFaceLost(id, e);
            return true;
        }
    }

    [LoggerMessage(LogLevel.Error, "The last face of stream {StreamId} cannot be shown again")]
    private partial void LastFaceLost(string streamId, Exception error);
}
