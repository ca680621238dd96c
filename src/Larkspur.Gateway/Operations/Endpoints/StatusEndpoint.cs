using Larkspur.Gateway.Api;
using Larkspur.Gateway.Ingress.Connections;
using Larkspur.Gateway.Operations.Figures;
using Larkspur.Gateway.Platforms.Feishu.Ingress.Gaps;
using Larkspur.Gateway.Platforms.Feishu.Ingress.LongConnection;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Larkspur.Gateway.Operations.Endpoints;

/// <summary>How the gateway does, in figures.</summary>
internal static class StatusEndpoint
{
    public static void MapStatus(this IEndpointRouteBuilder api) => api.MapGet("/status", ReadAsync)
        .WithName("GetStatus").Needs(ApiScopes.StatusRead)
        .WithSummary("How this gateway does")
        .WithDescription("Readiness, what waits, and the key figures of the last five minutes and since the start of this process. Latencies are in seconds, within 5 %. "
            + "Always 200: whether all is well is in `status`.")
        .Produces<StatusAnswer>()
        .Refuses();

    private static async Task<Ok<StatusAnswer>> ReadAsync(Readiness readiness, Backlog backlog, BacklogMonitor watch, KeyFigures figures, LongConnections connections, IEnumerable<IConnectionSource> others, GapMetrics gaps, TimeProvider clock, CancellationToken cancellation)
    {
        var checks = await readiness.CheckAsync(cancellation);
        await backlog.RefreshAsync(cancellation);
        var now = clock.GetUtcNow();
        var lines = others.SelectMany(o => o.Connections).ToArray();
        string[] problems =
        [
            .. checks.Where(c => !c.Ok).Select(c => c.Detail is { } detail ? $"{c.Name}: {detail}" : c.Name),
            .. connections.All.Where(c => c.Problem is not null).Select(c => $"long_connection:{c.App}: {c.Problem}"),
            .. lines.Select(l => (l.Name, Problem: l.ProblemAt(now))).Where(l => l.Problem is not null).Select(l => $"{l.Name}: {l.Problem}"),
            // Ready, for its console; and of no use to anybody yet.
            .. checks.Where(c => c is { Name: "feishu", Ok: true, Detail: not null }).Select(c => $"feishu: {c.Detail}"),
            .. watch.Late.Select(box => $"{box}: the oldest row has waited too long"),
        ];
        return TypedResults.Ok(new StatusAnswer
        {
            Status = problems.Length == 0 ? "ok" : "unhealthy",
            Problems = problems,
            At = now,
            StartedAt = figures.StartedAt,
            Backlog = backlog.Last is { } last ? new BacklogAnswer(Box(last.Inbox), Box(last.Outbox), last.CountedAt) : null,
            LastFiveMinutes = figures.Read(recent: true),
            SinceStart = figures.Read(recent: false),
            Quota = figures.Quota(),
            LongConnections = [.. connections.All.Select(LongConnectionAnswer.Of)],
            Connections = lines,
            Gaps = gaps.Apps,
        });

        BoxAnswer Box(BoxCount box) => new(box.Open, backlog.AgeOf(box) is { } age ? Math.Round(age.TotalSeconds, 1) : null, box.Dead);
    }
}

/// <summary>A gateway's figures.</summary>
internal sealed record StatusAnswer
{
    /// <summary><c>ok</c> or <c>unhealthy</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What is wrong, for people.</summary>
    public required IReadOnlyList<string> Problems { get; init; }

    /// <summary>Time of this answer.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Start of this process's counting.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>What waits in the database; null when it has not answered yet.</summary>
    public BacklogAnswer? Backlog { get; init; }

    /// <summary>Figures of the last five minutes.</summary>
    public required WindowFigures LastFiveMinutes { get; init; }

    /// <summary>Figures since the start.</summary>
    public required WindowFigures SinceStart { get; init; }

    /// <summary>Quotas in use.</summary>
    public required IReadOnlyList<QuotaFigure> Quota { get; init; }

    /// <summary>Long connections to Feishu of the process that answers.</summary>
    public required IReadOnlyList<LongConnectionAnswer> LongConnections { get; init; }

    /// <summary>Its connections to WeCom and DingTalk.</summary>
    public required IReadOnlyList<PlatformConnection> Connections { get; init; }

    /// <summary>What the last comparisons of history with what arrived came to, where this process made them.</summary>
    public required IReadOnlyList<GapAnswer> Gaps { get; init; }
}

/// <summary>What waits.</summary>
/// <param name="Inbox">Events.</param>
/// <param name="Outbox">Messages.</param>
/// <param name="CountedAt">When this was counted: at most a few seconds ago, unless the database is away.</param>
internal sealed record BacklogAnswer(BoxAnswer Inbox, BoxAnswer Outbox, DateTimeOffset CountedAt);

/// <summary>One box.</summary>
/// <param name="Open">Rows that wait.</param>
/// <param name="OldestSeconds">Age of the oldest; null when none waits.</param>
/// <param name="DeadLetters">Rows given up and kept; null where the box keeps none.</param>
internal sealed record BoxAnswer(long Open, double? OldestSeconds, long? DeadLetters);
