using System.Text.Encodings.Web;
using System.Text.Json;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Lists;

namespace Larkspur.Gateway.Notifications;

/// <summary>
/// Says on all cards of a subject how it ended, however many notifications it has: what was asked for is a row of its own, and the notifications follow in small
/// transactions, each of which moves the row's mark. One that is cut off in the middle is gone on with by <see cref="NotificationMaintenance"/>; no card is changed twice.
/// </summary>
internal sealed partial class SubjectResolver(IDatabase database, NotificationStore store, NotificationIntake sending,
    CardSynchronizer turn, IntegrationGuard gate, AuditTrail audit, TimeProvider clock, ILogger<SubjectResolver> logger)
{
    /// <summary>Notifications of one transaction: each may have 500 cards.</summary>
    private const int Step = 20;

    /// <summary>Steps for which the caller waits; the schedule does the others.</summary>
    private const int StepsOfCall = 50;

    private const int StepsOfRun = 200;
    private const int Page = 100;

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Resolves the notifications that the subject has now.</summary>
    /// <param name="subject">The business object.</param>
    /// <param name="type">Only those of this type; null: all.</param>
    /// <param name="resolved">How it ended.</param>
    /// <param name="caller">Who says so: of what he may change alone.</param>
    /// <param name="cancellation">Ends the waiting; what was asked for is done all the same.</param>
    /// <returns>How many there are, and how many of them are resolved later.</returns>
    /// <exception cref="RequestRefusedException">There are none with cards, a card cannot say this, or the integration is off. Nothing was changed then.</exception>
    public async Task<(int Count, int Pending)> ResolveAsync(string subject, string? type, NotificationResolution resolved, KeyGrant caller, CancellationToken cancellation)
    {
        gate.Demand();
        var (count, newest) = await JudgeAsync(subject, type, resolved, caller.Changeable, cancellation);
        if (count == 0) throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", "/subject", $"No notification of this subject has cards. {KeyGrant.OthersHint}");
        var job = (await database.TransactAsync(async unit =>
        {
            // One at a time: numbers follow the commits then, and of two requests all cards say the later one's word.
            await Revisions.TakeAsync(unit, "resolving");
            return await unit.NumberAsync("""
                INSERT INTO subject_resolution (subject, event, resolved, who, address, after_id, up_to, created_at, owner, apps) VALUES ($1, $2, $3, $4, $5, 0, $6, $7, $8, $9) RETURNING id
                """, subject, type, JsonSerializer.Serialize(resolved, Relaxed), caller.Who.Name, caller.Who.Address, newest, clock.GetUtcNow().ToUnixTimeMilliseconds(),
                caller.Changeable.Owner, KeyReach.Text(caller.Changeable.Apps));
        }, cancellation))!.Value;
        for (var i = 0; i < StepsOfCall; i++)
        {
            if (await StepAsync(subject, cancellation) is not { } step || step.Job > job || (step.Job == job && step.IsLast)) break;
        }

        return (count, await PendingAsync(job, caller.Changeable, cancellation));
    }

    /// <summary>Goes on with what was cut off or was too much for its caller to wait for.</summary>
    /// <returns>Steps that were made.</returns>
    public async Task<int> GoOnAsync(CancellationToken cancellation)
    {
        var steps = 0;
        var subjects = await database.ReadAsync(sql => sql.QueryAsync("SELECT subject FROM subject_resolution GROUP BY subject ORDER BY MIN(id) LIMIT $1", static row => row.GetString(0), Page), cancellation);
        foreach (var subject in subjects)
        {
            try
            {
                while (steps < StepsOfRun && await StepAsync(subject, cancellation) is not null) steps++;
            }
            catch (Exception e) when (e is not (OperationCanceledException or StorageUnavailableException))
            {
                // One subject that cannot be resolved holds up neither the others nor what else the schedule does.
                ResolvingFailed(e);
            }
        }

        return steps;
    }

    /// <summary>One look at all of them before the first is changed: a text that does not fit on a card is refused as a whole.</summary>
    private async Task<(int Count, long Newest)> JudgeAsync(string subject, string? type, NotificationResolution resolved, OwnerFilter meant, CancellationToken cancellation)
    {
        var (count, newest) = (0, 0L);
        long? before = null;
        while (true)
        {
            var rows = await database.ReadAsync(sql => store.ListAsync(sql, subject, type, null, before, Page, meant), cancellation);
            foreach (var row in rows.Where(IsMeant))
            {
                sending.Compile(row with { State = NotificationStates.Resolved, Resolved = resolved });
                newest = Math.Max(newest, row.Seq);
                count++;
            }

            if (rows.Count < Page) return (count, newest);
            before = rows[^1].Seq;
        }
    }

    /// <summary>The next step of a subject's oldest request: of two, the later has the last word on every card.</summary>
    /// <returns>Whose step it was, and whether it was the last one; null: there is nothing to do.</returns>
    private Task<(long Job, bool IsLast)?> StepAsync(string subject, CancellationToken cancellation) => database.TransactAsync<(long, bool)?>(async unit =>
    {
        // Kept from others until the transaction ends: two who go on with it at once take one step after the other.
        await unit.ExecuteAsync("UPDATE subject_resolution SET subject = subject WHERE subject = $1", subject);
        var job = await unit.FirstAsync("SELECT id, event, resolved, who, address, after_id, up_to, owner, apps FROM subject_resolution WHERE subject = $1 ORDER BY id LIMIT 1",
            static row => new Job(row.GetInt64(0), row.Text(1), JsonSerializer.Deserialize<NotificationResolution>(row.GetString(2))!, new Actor(row.GetString(3), row.Text(4)), row.GetInt64(5), row.GetInt64(6),
                MeantOf(row.Text(7), row.Text(8))), subject);
        if (job is null) return null;
        var rows = await store.OfSubjectAsync(unit, subject, job.Event, job.After, job.UpTo, Step, job.Meant);
        foreach (var row in rows.Where(IsMeant))
        {
            // A repeat says the same on the same cards.
            if (row.State == NotificationStates.Resolved && row.Resolved == job.Resolved || !await store.ResolveAsync(unit, row.Seq, job.Resolved)) continue;
            await turn.RunAsync(unit, (await store.FindAsync(unit, row.Seq))!, clock.GetUtcNow());
            await audit.AddAsync(unit, job.Who, "notification.resolved", row.Id);
        }

        if (rows.Count < Step) await unit.ExecuteAsync("DELETE FROM subject_resolution WHERE id = $1", job.Id);
        else await unit.ExecuteAsync("UPDATE subject_resolution SET after_id = $2 WHERE id = $1", job.Id, rows[^1].Seq);
        return (job.Id, rows.Count < Step);
    }, cancellation);

    private Task<int> PendingAsync(long job, OwnerFilter meant, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        List<object?> values = [job];
        var own = meant.And(values);
        return (int)(await sql.NumberAsync($"""
            SELECT COUNT(*) FROM (SELECT n.owner AS owner, n.app AS app FROM notification n JOIN subject_resolution s ON n.subject = s.subject WHERE s.id = $1 AND n.id > s.after_id AND n.id <= s.up_to
              AND (s.event IS NULL OR n.event = s.event) AND n.test = 0 AND n.state IN ('open', 'decided', 'resolved')) AS waiting WHERE 1 = 1{own}
            """, [.. values]) ?? 0);
    }, cancellation);

    private static OwnerFilter MeantOf(string? owner, string? apps) => new(owner, apps is null ? null : JsonSerializer.Deserialize<string[]>(apps));

    private static bool IsMeant(NotificationRow row) => !row.Test && NotificationActions.IsShown(row);

    private sealed record Job(long Id, string? Event, NotificationResolution Resolved, Actor Who, long After, long UpTo, OwnerFilter Meant);

    [LoggerMessage(LogLevel.Error, "A subject could not be resolved further; the next run tries again")]
    private partial void ResolvingFailed(Exception error);
}
