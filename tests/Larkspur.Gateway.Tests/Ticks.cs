using System.Collections.Concurrent;
using Larkspur.Gateway.Scheduling;
using Larkspur.Gateway.Storage;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>What a recurring job did, in all gateways that were started with it.</summary>
public sealed class Ticks
{
    private readonly ConcurrentQueue<long> _due = new();
    private int _running;
    private int _mostAtOnce;
    private int _cancelled;

    public string Name { get; init; } = "tick";

    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan? Timeout { get; init; }

    /// <summary>Runs wait for it.</summary>
    public TaskCompletionSource? Hold { get; init; }

    /// <summary>Runs fail with these words.</summary>
    public string? Fail { get; init; }

    public int Count => _due.Count;

    public int Cancelled => _cancelled;

    public int MostAtOnce => _mostAtOnce;

    /// <summary>The occasions that were served, in Unix milliseconds.</summary>
    public IReadOnlyCollection<long> Due => _due;

    /// <summary>Starts a gateway with this job.</summary>
    public Task<GatewayApp> StartAsync(string feishu, string? folder = null, Dictionary<string, string?>? settings = null)
    {
        settings ??= [];
        settings.TryAdd("Larkspur:Schedules:Settle", "00:00:01");
        return GatewayApp.StartAsync(feishu, settings, folder, configure: builder =>
        {
            builder.Services.AddSingleton(this);
            builder.Services.AddSchedule<TickJob>(Name, Every, Timeout);
        });
    }

    internal async Task<string?> RunAsync(IDatabase database, CancellationToken cancellation)
    {
        var now = Interlocked.Increment(ref _running);
        if (now > _mostAtOnce) _mostAtOnce = now;
        try
        {
            _due.Enqueue(await database.ReadAsync(sql => sql.NumberAsync("SELECT due_at FROM schedule WHERE name = $1", Name), cancellation) ?? 0);
            if (Fail is not null) throw new InvalidOperationException(Fail);
            if (Hold is not null) await Hold.Task.WaitAsync(cancellation);
            return "ticked";
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _cancelled);
            throw;
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }
}

internal sealed class TickJob(Ticks ticks, IDatabase database) : IScheduledJob
{
    public Task<string?> RunAsync(CancellationToken cancellation) => ticks.RunAsync(database, cancellation);
}
