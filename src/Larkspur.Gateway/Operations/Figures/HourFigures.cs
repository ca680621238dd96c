using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Telemetry;

namespace Larkspur.Gateway.Operations.Figures;

/// <summary>Counts what happens, and adds it to its hour's row once a minute: what the overview draws. A crash loses a minute of figures,
/// and nothing else.</summary>
internal sealed partial class HourFigures : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);

    /// <summary>Reasons are words of the gateway and codes of platforms: few. A platform that invents one for each refusal does not fill
    /// the table.</summary>
    private const int MostNames = 400;
    private const string OtherReason = FigureNames.Dead + "other";

    /// <summary>Made once: each effect of an event is counted under one of them.</summary>
    private static readonly string[] Latencies =
        [.. Enumerable.Range(0, Distribution.Buckets).Select(i => FigureNames.Latency + i.ToString(CultureInfo.InvariantCulture))];

    private readonly MeterListener _listener = new();
    private readonly FigureStore _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<HourFigures> _logger;
    private readonly SemaphoreSlim _single = new(1);
    private ConcurrentDictionary<string, long> _counted = new(StringComparer.Ordinal);

    public HourFigures(Meter own, FigureStore store, TimeProvider clock, ILogger<HourFigures> logger)
    {
        (_store, _clock, _logger) = (store, clock, logger);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, own) && IsCounted(instrument.Name)) listener.EnableMeasurementEvents(instrument,
                instrument.Name);
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, name) => Count((string)name!, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, _, _) =>
            Add(Latencies[Distribution.BucketOf(value)], 1));
        _listener.Start();
    }

    /// <summary>Writes what was counted until now.</summary>
    /// <exception cref="StorageUnavailableException">The database is away; what was counted stays in memory.</exception>
    public async Task FlushAsync(CancellationToken cancellation)
    {
        await _single.WaitAsync(cancellation);
        try
        {
            var counted = Interlocked.Exchange(ref _counted, new(StringComparer.Ordinal));
            if (counted.IsEmpty) return;
            try
            {
                await _store.AddAsync(FigureStore.HourOf(_clock.GetUtcNow()), counted, cancellation);
            }
            catch
            {
                foreach (var (name, value) in counted) Add(name, value);
                throw;
            }
        }
        finally
        {
            _single.Release();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _listener.Dispose();
        _single.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var ticks = new PeriodicTimer(Every, _clock);
        try
        {
            while (await ticks.WaitForNextTickAsync(stoppingToken)) await TryFlushAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The last minute is written by the stop.
        }
    }

    private static bool IsCounted(string instrument) => instrument is "larkspur_ingress_accepted_total" or "larkspur_outbox_sent_total"
        or "larkspur_outbox_dead_total" or "larkspur_inbox_dead_total" or "larkspur_assistant_turns_total" or EventLatency.Effect;

    private void Count(string instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Add(instrument switch
        {
            "larkspur_ingress_accepted_total" => FigureNames.Events,
            "larkspur_outbox_sent_total" => FigureNames.Messages,
            "larkspur_inbox_dead_total" => FigureNames.Dead + "handler",
            "larkspur_outbox_dead_total" => FigureNames.Dead + (Tag(tags, "reason") ?? "other"),
            _ => Tag(tags, "ending") is "finished" or "stopped" ? FigureNames.Answers : FigureNames.AnswersFailed,
        }, value);
    }

    private void Add(string name, long value)
    {
        var counted = _counted;
        if (counted.Count >= MostNames && name.StartsWith(FigureNames.Dead, StringComparison.Ordinal)
            && !counted.ContainsKey(name)) name = OtherReason;
        counted.AddOrUpdate(name, value, (_, before) => before + value);
    }

    private async Task TryFlushAsync(CancellationToken cancellation)
    {
        try
        {
            await FlushAsync(cancellation);
        }
        catch (Exception e) when (e is StorageUnavailableException or OperationCanceledException)
        {
            NotWritten(e.Message);
        }
        catch (Exception e)
        {
            // An exception from here would stop the whole gateway.
            WritingFailed(e);
        }
    }

    private static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
            if (tag.Key == name) return tag.Value as string;
        return null;
    }

    [LoggerMessage(LogLevel.Debug, "The figures of the last minute could not be written ({Reason}); they are added to the next")]
    private partial void NotWritten(string reason);

    [LoggerMessage(LogLevel.Error, "The figures of the last minute could not be written")]
    private partial void WritingFailed(Exception error);
}
