using Larkspur.Gateway.Apps;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Operations;
using Larkspur.Gateway.Operations.Figures;
using Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;

namespace Larkspur.Gateway.Console.Pages.Overview;

/// <summary>How the gateway does at one moment, as <c>GET /api/v1/status</c> tells programs.</summary>
internal sealed class OverviewQuery(
    Readiness readiness, Backlog backlog, BacklogMonitor watch, KeyFigures figures, IEnumerable<IAppStates> apps,
    LongConnections connections, IEnumerable<IConnectionSource> others, OverviewFailures failures, OverviewDuties duties,
        TimeProvider clock)
{
    public async Task<OverviewState> ReadAsync(CancellationToken cancellation)
    {
        var checks = await readiness.CheckAsync(cancellation);
        await backlog.RefreshAsync(cancellation);
        return new OverviewState
        {
            At = clock.GetUtcNow(),
            StartedAt = figures.StartedAt,
            Problems =
            [
                .. checks.Where(c => !c.Ok).Select(c => new OverviewProblem(c.Name, c.Detail)),
                .. connections.All.Where(c => c.Problem is not null).Select(c => new OverviewProblem("long_connection:" + c.App, c.Problem)),
                .. others.SelectMany(o => o.Connections).Select(l => new OverviewProblem(l.Name, l.ProblemAt(clock.GetUtcNow()))).Where(p => p.Detail is not null),
                .. watch.Late.Select(box => new OverviewProblem("late:" + box, null)),
            ],
            Recent = figures.Read(recent: true),
            Since = figures.Read(recent: false),
            Inbox = Box(backlog.Last?.Inbox),
            Outbox = Box(backlog.Last?.Outbox),
            Apps = [.. apps.SelectMany(of => of.States.Where(a => a.Condition != AppCondition.Off || a.AppId is not null).Select(a =>
                AppOf(of.Platform, a)))],
            Failures = await failures.ReadAsync(cancellation),
            Duties = await duties.ReadAsync(backlog.Last?.Inbox?.Dead ?? 0, backlog.Last?.Outbox?.Dead ?? 0, cancellation),
        };
    }

    private OverviewApp AppOf(string platform, AppState app)
    {
        var line = platform == PlatformNames.Feishu
            ? connections.All.FirstOrDefault(c => c.App == app.Name) is { } own ? LongConnectionAnswer.Of(own).State : null
            : others.SelectMany(o => o.Connections).FirstOrDefault(c => c.Platform == platform && c.App == app.Name)?.State;
        return new OverviewApp(platform, app.Name, app, line);
    }

    private OverviewBox? Box(BoxCount? box) => box is null ? null : new(box.Open, backlog.AgeOf(box), box.Dead);
}

/// <summary>One look.</summary>
internal sealed record OverviewState
{
    public required DateTimeOffset At { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required IReadOnlyList<OverviewProblem> Problems { get; init; }

    public required WindowFigures Recent { get; init; }

    public required WindowFigures Since { get; init; }

    /// <summary>Null: not counted yet.</summary>
    public OverviewBox? Inbox { get; init; }

    /// <inheritdoc cref="Inbox"/>
    public OverviewBox? Outbox { get; init; }

    public required IReadOnlyList<OverviewApp> Apps { get; init; }

    public required IReadOnlyList<OverviewFailure> Failures { get; init; }

    public required IReadOnlyList<OverviewDuty> Duties { get; init; }

    public IReadOnlyList<OverviewTarget> Targets => OverviewTarget.Of(Recent, Since);
}

/// <summary>Something to look after.</summary>
/// <param name="What">The check's word: <c>database</c>, <c>feishu</c>, <c>late:inbox</c>…</param>
/// <param name="Detail">In the words of what found it.</param>
internal sealed record OverviewProblem(string What, string? Detail);

/// <summary>What waits.</summary>
internal sealed record OverviewBox(long Open, TimeSpan? Oldest, long Dead);

/// <summary>An app.</summary>
/// <param name="Platform">Its platform.</param>
/// <param name="Name">Its name.</param>
/// <param name="State">How it stands.</param>
/// <param name="Connection">The state of its long connection or stream; null: the platform calls the gateway.</param>
internal sealed record OverviewApp(string Platform, string Name, AppState State, string? Connection);
