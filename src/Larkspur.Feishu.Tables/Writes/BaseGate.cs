using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Larkspur.Feishu.Tables;

/// <summary>One writer of a base at a time in this process, whatever clients and objects it has for it. Source: bitable overview.</summary>
[SuppressMessage("Reliability", "CA1001", Justification = "Lives as long as the process; its wait handle is never made.")]
internal sealed class BaseGate
{
    /// <summary>A few dozen bytes for every base that was ever written: they stay.</summary>
    private static readonly ConcurrentDictionary<(Uri? Host, FeishuBrand Brand, string AppToken), BaseGate> Known = new();

    private readonly SemaphoreSlim _one = new(1, 1);
    private TimeProvider? _clock;
    private long _ended;

    private BaseGate()
    {
    }

    public static BaseGate Of(FeishuClient client, string appToken) =>
        Known.GetOrAdd((client.Options.BaseUrl, client.Options.Brand, appToken), _ => new BaseGate());

    /// <summary>Waits for its turn; dispose what comes back.</summary>
    public async Task<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        await _one.WaitAsync(cancellationToken);
        return new(this);
    }

    /// <summary>Waits until the last write is so long ago. Within a turn only.</summary>
    public async Task SpaceAsync(TimeSpan spacing, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (spacing <= TimeSpan.Zero || !ReferenceEquals(clock, _clock)) return;
        var left = spacing - clock.GetElapsedTime(_ended);
        if (left > TimeSpan.Zero) await Task.Delay(left, clock, cancellationToken);
    }

    /// <summary>A write has ended. Within a turn only.</summary>
    public void Wrote(TimeProvider clock)
    {
        _clock = clock;
        _ended = clock.GetTimestamp();
    }

    /// <summary>The right to write.</summary>
    public readonly struct Turn(BaseGate gate) : IDisposable
    {
        public void Dispose() => gate._one.Release();
    }
}
