using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Storage;

/// <summary>Forgets what ended long ago, in small transactions that hold up nobody.</summary>
internal sealed class Retention(IDatabase database, IInboxStore inbox, IOutboxStore outbox, RetentionOptions options, TimeProvider clock,
    ILogger<Retention> logger) : BackgroundService
{
    private const int Batch = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Forgets what ended well and is older than this.</summary>
    public Task<int> PruneAsync(DateTimeOffset before, CancellationToken cancellation) => ForgetAsync(async unit =>
        Math.Max(await inbox.PruneAsync(unit, before, Batch), await outbox.PruneAsync(unit, before, Batch)), cancellation);

    /// <summary>Forgets dead letters that died before this.</summary>
    public Task<int> PruneDeadAsync(DateTimeOffset before, CancellationToken cancellation) => ForgetAsync(async unit =>
        Math.Max(await inbox.PruneDeadAsync(unit, before, Batch), await outbox.PruneDeadAsync(unit, before, Batch)), cancellation);

    private async Task<int> ForgetAsync(Func<IUnitOfWork, ValueTask<int>> batch, CancellationToken cancellation)
    {
        var forgotten = 0;
        for (var last = Batch; last >= Batch && !cancellation.IsCancellationRequested; forgotten += last)
            last = await database.TransactAsync(batch, cancellation);
        return forgotten;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await RoundAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping; the next life goes on.
        }
    }

    private async Task RoundAsync(CancellationToken stopping)
    {
        try
        {
            var forgotten = await PruneAsync(clock.GetUtcNow() - options.Keep, stopping);
            if (forgotten > 0) logger.LogInformation("Forgot {Count} ended events and messages older than {Age}", forgotten, options.Keep);
            var dead = await PruneDeadAsync(clock.GetUtcNow() - options.KeepDead, stopping);
            if (dead > 0) logger.LogWarning("Forgot {Count} dead letters that nobody replayed or discarded within {Age}", dead, options.KeepDead);
        }
        catch (StorageUnavailableException e)
        {
            logger.LogWarning(e, "Old rows could not be forgotten; the next round tries again");
        }
    }
}

/// <summary>How long ended events and sent messages are remembered. Section <c>Larkspur:Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>Default 30 days. Duplicates are recognised as long; Feishu repeats an event for seven hours, so a day is the least.</summary>
    public TimeSpan Keep { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long dead letters wait for somebody to look at them. Default 90 days; at least <see cref="Keep"/>.</summary>
    public TimeSpan KeepDead { get; set; } = TimeSpan.FromDays(90);
}
