using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Larkspur.Feishu.Tables;

/// <summary>One writer of a base at a time in this process, whatever clients and objects it has for it. Source: bitable overview.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Lives as long as the process; its wait handle is never made.")]
internal sealed class BaseGate
{
    /// <summary>So long after a conflict writes keep their distance: whoever else wrote the base may have ended.</summary>
    private static readonly TimeSpan Careful = TimeSpan.FromMinutes(1);

    /// <summary>A few dozen bytes for every base that was ever written: they stay.</summary>
    private static readonly ConcurrentDictionary<(Uri? Host, FeishuBrand Brand, string AppToken), BaseGate> Known = new();

    private readonly SemaphoreSlim _one = new(1, 1);
    private TimeProvider? _clock;
    private long _ended;
    private long? _collided;

    private BaseGate()
    {
    }

    public static BaseGate Of(FeishuClient client, string appToken) =>
        Known.GetOrAdd((client.Options.BaseUrl, client.Options.Brand, appToken), _ => new BaseGate());

    /// <summary>Waits for its turn, and until the last write is long enough ago; dispose what comes back.</summary>
    public async Task<Turn> EnterAsync(BaseCalls calls, CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        try
        {
            await SpaceAsync(calls, cancellationToken);
            return new(this, calls.Clock);
        }
        catch
        {
            _one.Release();
            throw;
        }
    }

    /// <summary>Waits until the last write is long enough ago. Within a turn only.</summary>
    public async Task SpaceAsync(BaseCalls calls, CancellationToken cancellationToken)
    {
        // Times of two clocks cannot be compared.
        if (!ReferenceEquals(calls.Clock, _clock)) return;
        var (spacing, learned) = (calls.Options.WriteSpacing, calls.Options.ConflictPause);
        if (learned > spacing && _collided is { } at && calls.Clock.GetElapsedTime(at) < Careful) spacing = learned;
        var left = spacing - calls.Clock.GetElapsedTime(_ended);
        if (left > TimeSpan.Zero) await Task.Delay(left, calls.Clock, cancellationToken);
    }

    /// <summary>Somebody else writes the base too. Within a turn only.</summary>
    public void Collided(BaseCalls calls) => _collided = calls.Clock.GetTimestamp();

    /// <summary>A write has ended. Within a turn only.</summary>
    public void Wrote(TimeProvider clock)
    {
        if (!ReferenceEquals(clock, _clock)) (_clock, _collided) = (clock, null);
        _ended = clock.GetTimestamp();
    }

    /// <summary>The right to write; its end is the end of a write.</summary>
    public readonly struct Turn(BaseGate gate, TimeProvider clock) : IDisposable
    {
        public void Dispose()
        {
            gate.Wrote(clock);
            gate._one.Release();
        }
    }
}
