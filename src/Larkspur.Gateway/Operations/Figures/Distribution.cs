using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Operations.Figures;

/// <summary>Counts of values by size, in buckets that grow by a constant factor: quantiles within 5 %, in 2 KiB, and two of them add up to one.</summary>
/// <remarks>Eight buckets an octave from 0.1 ms to 30 hours (the idea of HdrHistogram). Values in seconds. Not synchronised.</remarks>
internal sealed class Distribution
{
    /// <summary>How many buckets there are.</summary>
    public const int Buckets = 30 * PerOctave;

    private const int PerOctave = 8;
    private const double Smallest = 0.0001;

    private readonly long[] _counts = new long[Buckets];

    public long Count { get; private set; }

    public double Max { get; private set; }

    public void Record(double seconds)
    {
        if (double.IsNaN(seconds)) return;
        _counts[BucketOf(seconds)]++;
        Count++;
        if (seconds > Max) Max = seconds;
    }

    /// <summary>Adds what was counted elsewhere; the largest value is the bucket's own bound then.</summary>
    public void Add(int bucket, long count)
    {
        if (bucket is < 0 or >= Buckets || count <= 0) return;
        _counts[bucket] += count;
        Count += count;
        Max = Math.Max(Max, Smallest * Math.Pow(2, (bucket + 1.0) / PerOctave));
    }

    public void Add(Distribution other)
    {
        for (var i = 0; i < Buckets; i++) _counts[i] += other._counts[i];
        Count += other.Count;
        Max = Math.Max(Max, other.Max);
    }

    public void Clear()
    {
        Array.Clear(_counts);
        Count = 0;
        Max = 0;
    }

    /// <summary>The value that a share of all values stays at or under; null when there is none.</summary>
    /// <param name="share">0 to 1.</param>
    public double? Quantile(double share)
    {
        if (Count == 0) return null;
        var rank = Math.Clamp((long)Math.Ceiling(share * Count), 1, Count);
        for (var i = 0; i < Buckets; i++)
        {
            rank -= _counts[i];
            // The middle of the bucket, on its own scale; no value was larger than the largest.
            if (rank <= 0) return Math.Min(Smallest * Math.Pow(2, (i + 0.5) / PerOctave), Max);
        }

        return Max;
    }

    /// <summary>The bucket of a value.</summary>
    public static int BucketOf(double seconds) => seconds <= Smallest ? 0
        : (int)Math.Min(Buckets - 1, Math.Log2(seconds / Smallest) * PerOctave);
}

/// <summary>A figure of the last five minutes and since the start.</summary>
/// <remarks>Ten slices of 30 s: the window is between 4.5 and 5 minutes long. Bounded, whatever is recorded.</remarks>
internal abstract class Windowed<T>(TimeProvider clock) where T : class, new()
{
    private const int Slices = 10;
    private static readonly TimeSpan SliceLength = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private readonly long _began = clock.GetTimestamp();
    private readonly (long Number, T Value)[] _slices = [.. Enumerable.Range(0, Slices).Select(_ => (-1L, new T()))];
    private readonly T _total = new();

    protected abstract void Add(T sum, T part);

    protected abstract void Clear(T value);

    protected void Change(Action<T> change)
    {
        var number = Now();
        lock (_gate)
        {
            ref var slice = ref _slices[number % Slices];
            if (slice.Number != number)
            {
                Clear(slice.Value);
                slice.Number = number;
            }

            change(slice.Value);
            change(_total);
        }
    }

    /// <summary>A copy of the window's or the whole life's figure.</summary>
    public T Read(bool recent)
    {
        var oldest = Now() - Slices + 1;
        var sum = new T();
        lock (_gate)
        {
            if (!recent) Add(sum, _total);
            else foreach (var (number, value) in _slices.Where(s => s.Number >= oldest)) Add(sum, value);
        }

        return sum;
    }

    private long Now() => clock.GetElapsedTime(_began).Ticks / SliceLength.Ticks;
}

/// <summary>Latencies.</summary>
internal sealed class WindowedDistribution(TimeProvider clock) : Windowed<Distribution>(clock)
{
    public void Record(double seconds) => Change(d => d.Record(seconds));

    protected override void Add(Distribution sum, Distribution part) => sum.Add(part);

    protected override void Clear(Distribution value) => value.Clear();
}

/// <summary>A number of things.</summary>
internal sealed class WindowedCount(TimeProvider clock) : Windowed<WindowedCount.Number>(clock)
{
    public void Add(long things) => Change(n => n.Value += things);

    protected override void Add(Number sum, Number part) => sum.Value += part.Value;

    protected override void Clear(Number value) => value.Value = 0;

    internal sealed class Number
    {
        public long Value { get; set; }
    }
}
