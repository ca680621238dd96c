using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Operations.Figures;

/// <summary>Counts what waits every ten seconds, and says so in the log when something has waited too long: once, and once more when that is over.</summary>
internal sealed partial class BacklogMonitor(Backlog backlog, AlertOptions options, TimeProvider clock, ILogger<BacklogMonitor> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private volatile IReadOnlyList<string> _late = [];

    /// <summary>Boxes whose oldest row has waited longer than the bound.</summary>
    public IReadOnlyList<string> Late => _late;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            // What an earlier life left is seen at once; the waiting is for those that come.
            do await LookAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopping.
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        await backlog.RefreshAsync(cancellation);
        if (backlog.Last is not { } count) return;
        _late = [.. ((BoxCount[])[count.Inbox, count.Outbox]).Where(IsLate).Select(box => box.Name)];
    }

    private bool IsLate(BoxCount box)
    {
        var age = backlog.AgeOf(box) ?? TimeSpan.Zero;
        var was = _late.Contains(box.Name);
        // It is over at half the bound: an age that wavers around the bound would else fill the log.
        var late = was ? age > options.OldestUnprocessed / 2 : age > options.OldestUnprocessed;
        if (late && !was)
        {
            RowsWaitTooLong(box.Name == "inbox" ? "event" : "message", Whole(age), options.OldestUnprocessed, box.Open, box.Name);
        }
        else if (was && !late)
        {
            BacklogCaughtUp(box.Name, Whole(age), box.Open);
        }

        return late;
    }

    private static TimeSpan Whole(TimeSpan age) => TimeSpan.FromSeconds(Math.Floor(age.TotalSeconds));

    [LoggerMessage(LogLevel.Warning,
        "The oldest {What} has waited {Age}, longer than {Bound}; {Open} are waiting in the {Box}. See docs/monitoring.md")]
    private partial void RowsWaitTooLong(string what, TimeSpan age, TimeSpan bound, long open, string box);
    [LoggerMessage(LogLevel.Warning, "The {Box} has caught up: its oldest waiting row is {Age} old, {Open} are waiting")]
    private partial void BacklogCaughtUp(string box, TimeSpan age, long open);
}

/// <summary>When the log warns. Section <c>Larkspur:Alerts</c>.</summary>
public sealed class AlertOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Alerts";

    /// <summary>Age of the oldest unprocessed event or message from which on the log warns. Default 5 min.</summary>
    public TimeSpan OldestUnprocessed { get; set; } = TimeSpan.FromMinutes(5);

    IEnumerable<string> ISectionOptions.Problems()
    {
        if (OldestUnprocessed <= TimeSpan.Zero) yield return "Larkspur:Alerts:OldestUnprocessed: must be longer than 00:00:00";
    }
}
