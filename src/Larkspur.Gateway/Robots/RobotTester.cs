using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Outbox.Reading;
using Larkspur.Gateway.Settings.Branding;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Robots;

/// <summary>
/// Says a line of test text the way every message goes, and tells what the platform said to its first attempt. There is no second one.
/// </summary>
internal sealed class RobotTester(RobotPlatforms platforms, IOutbox outbox, IDatabase database, OutboxQueries queries,
    OutboxRepairs repairs,
    OutboxReports reports, AuditTrail audit, Brand brand, TimeProvider clock)
{
    /// <summary>So long the caller waits.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    public async Task<RobotTestView> RunAsync(Actor who, Robot robot, CancellationToken cancellation)
    {
        if (!robot.CanSpeak || platforms.Find(robot.Platform) is not { } platform) return new RobotTestView(0, "failed",
            RobotFailureView.Of(RobotFailures.Unspeakable));
        var test = Guid.NewGuid().ToString("N");
        var text = RobotTexts.TestText(brand.Name, robot.Name);
        var content = platform.Compile(GroupMessage.OfText($"{text.Chinese}\n{text.English}", ""));
        var queued = new QueuedMessage(OutboxScope.RobotPlatform, robot.App, "test:" + test, RobotRows.Test(robot, content, test));
        var id = await database.TransactAsync(async unit =>
        {
            await outbox.QueueAsync(unit, queued);
            await audit.AddAsync(unit, who, "robot.tested", robot.Name);
            return await OutboxRows.IdOfAsync(unit, queued) ?? 0;
        }, cancellation);

        OutboxItem? row = null;
        try
        {
            row = await WaitAsync(id, cancellation);
        }
        finally
        {
            // Also when whoever asked has gone: a test is not repeated.
            if (row is null or { Status: "open" }) await repairs.DiscardAsync(id, who.Name, CancellationToken.None);
        }

        return row switch
        {
            { Status: "sent" } => new RobotTestView(id, "delivered", null),
            { Status: "dead", Reason: { } reason } => new RobotTestView(id, "failed", RobotFailureView.Of(reason)),
            { Attempts: > 0, Reason: { } reason } => new RobotTestView(id, "failed", RobotFailureView.Of(reason)),
            // It was on its way when the waiting was over.
            { Attempts: > 0 } => new RobotTestView(id, "unknown", null),
            _ => new RobotTestView(id, "not_tried", null),
        };
    }

    /// <summary>Until the first attempt has its end.</summary>
    private async Task<OutboxItem?> WaitAsync(long id, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        using var watch = reports.Outcomes.Listen(id);
        while (true)
        {
            var row = await queries.FindAsync(id, cancellation);
            if (row is not { Status: "open" } || row.Reason is not null || clock.GetElapsedTime(started) >= Patience) return row;
            await Task.WhenAny(watch.Ended, Task.Delay(LookEvery, clock, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }
    }
}
