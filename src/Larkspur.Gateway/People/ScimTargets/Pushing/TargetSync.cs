using System.Globalization;
using Larkspur.Gateway.People.Directory.Sync;
using Larkspur.Gateway.People.ScimTargets.Calls;
using Larkspur.Gateway.People.ScimTargets.Rows;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.ScimTargets.Pushing;

/// <summary>
/// Does what there is to do on a target: what changed, then who is to be deactivated, then what failed, and a piece of the comparison
/// of everything;
/// so a comparison of an hour keeps nobody waiting who has just left.
/// </summary>
internal sealed partial class TargetSync(TargetStore store, TargetLeases leases, TargetCalls calls, IDatabase database,
    DirectoryOptions options, TargetSignal signal, TimeProvider clock, ILogger<TargetSync> logger)
{
    private const int Page = 100;
    private const int GroupPage = 20;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    /// <summary>Who is deactivated within this time is counted together: a limit is none that is met piece by piece.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Works until there is nothing to do, the target does not answer, it is lost, or its turn is over.</summary>
    public async Task RunAsync(HeldTarget held, CancellationToken stopping)
    {
        try
        {
            var run = new TargetRun(held, store.Access(held.Row), calls, leases, database, signal, clock);
            using var gate = CallGate.Open(() => leases.MayCall(held));
            await run.LearnAsync(stopping);
            await WorkAsync(run, stopping);
            await EndAsync(run, stopping);
        }
        catch (ScimCallException e)
        {
            await AwayAsync(held, e, stopping);
        }
        catch (TurnEndedException)
        {
            await leases.ReleaseAsync(held, stopping);
        }
        catch (Exception e) when (e is TargetLostException or CallStoppedException)
        {
            Lost(held.Row.Name, e.Message);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await leases.ReleaseAsync(held, CancellationToken.None);
        }
    }

    private async Task WorkAsync(TargetRun run, CancellationToken cancellation)
    {
        var (users, groups) = (new UserPush(run), new GroupPush(run));
        // Half of a comparison does not know yet how many are to go.
        var isOffDue = run.Row.Phase != ComparePhases.Users;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            await run.RefreshAsync(cancellation);
            if (await ChangesAsync(run, users, groups, cancellation))
            {
                isOffDue = true;
            }
            else if (isOffDue)
            {
                isOffDue = await OffAsync(run, users, cancellation);
            }
            else if (await RetryAsync(run, users, groups, cancellation))
            {
                isOffDue = true;
            }
            else
            {
                var phase = run.Row.Phase;
                if (!await CompareAsync(run, users, groups, cancellation)) return;
                isOffDue = phase == ComparePhases.Users && run.Row.Phase != phase;
            }

            if (run.Row.Away is not null) await WellAsync(run, cancellation);
        }
    }

    /// <returns>False: nothing changed.</returns>
    private async Task<bool> ChangesAsync(TargetRun run, UserPush users, GroupPush groups, CancellationToken cancellation)
    {
        var changes = await database.ReadAsync(sql => PushedChanges.AfterAsync(sql, run.Row.Seen, Page), cancellation);
        if (changes.Count == 0) return false;
        await PushAsync(run, users, groups, [.. changes.Where(c => c.Kind == ResourceKinds.User).Select(c => c.Item)],
            changes.Where(c => c.Kind == ResourceKinds.Group).Select(c => c.Item), cancellation);
        var seen = changes[^1].No;
        await run.WriteAsync(async unit =>
            await unit.ExecuteAsync("UPDATE scim_target SET seen = $2 WHERE id = $1", run.Row.Id, seen), cancellation);
        return true;
    }

    /// <returns>False: nothing is to be tried again by now.</returns>
    private async Task<bool> RetryAsync(TargetRun run, UserPush users, GroupPush groups, CancellationToken cancellation)
    {
        var due = await database.ReadAsync(sql => ResourceRows.DueAsync(sql, run.Row.Id, run.Now, Page), cancellation);
        if (due.Count == 0) return false;
        await PushAsync(run, users, groups, [.. due.Where(r => r.Kind == ResourceKinds.User).Select(r => r.Item)],
            due.Where(r => r.Kind == ResourceKinds.Group).Select(r => r.Item), cancellation);
        return true;
    }

    /// <summary>Pushes people, and the departments that are different by it.</summary>
    private async Task PushAsync(TargetRun run, UserPush users, GroupPush groups, string[] people, IEnumerable<string> departments,
        CancellationToken cancellation)
    {
        var touched = departments.ToHashSet(StringComparer.Ordinal);
        foreach (var some in people.Chunk(Page))
        {
            await users.PushAsync(some, cancellation);
            touched.UnionWith(await database.ReadAsync(sql => GroupRows.OfPeopleAsync(sql, database.Dialect, run.Row.Id, some),
                cancellation));
        }

        if (run.Row.Groups == TargetRow.NoGroups) return;
        foreach (var department in touched)
            await groups.PushAsync(long.Parse(department, CultureInfo.InvariantCulture), cancellation);
    }

    /// <summary>Deactivates who waits for it; where they are more than usual, an administrator is asked before.</summary>
    /// <returns>False: nobody is left to whom it may happen now.</returns>
    private async Task<bool> OffAsync(TargetRun run, UserPush users, CancellationToken cancellation)
    {
        var (waiting, lately, active) = await database.ReadAsync(sql =>
            ResourceRows.OffAsync(sql, run.Row.Id, run.Row.ConfirmedAt, run.Now - Window), cancellation);
        var isAsked = waiting > 0 && (run.Row.Asks > 0 || waiting + lately > options.LimitOf(active + lately));
        var asks = isAsked ? waiting : 0;
        if (asks != run.Row.Asks)
        {
            if (asks > 0) Asks(run.Row.Name, asks);
            // Whoever says yes just now is not asked again.
            await run.WriteAsync(async unit => await unit.ExecuteAsync("""
                UPDATE scim_target SET asks = $2 WHERE id = $1 AND COALESCE(confirmed_at, 0) = $3
                """, run.Row.Id, asks, run.Row.ConfirmedAt?.ToUnixTimeMilliseconds() ?? 0), cancellation);
            await run.RefreshAsync(cancellation);
        }

        // Those of whom was said yes; and all, where nobody needs to be asked.
        var confirmed = await DeactivateAsync(run, users, run.Row.ConfirmedAt ?? DateTimeOffset.UnixEpoch, true, cancellation);
        return confirmed || (!isAsked && await DeactivateAsync(run, users, null, false, cancellation));
    }

    private async Task<bool> DeactivateAsync(
        TargetRun run, UserPush users, DateTimeOffset? until, bool isAsked, CancellationToken cancellation)
    {
        var rows = await database.ReadAsync(sql => ResourceRows.ToDeactivateAsync(sql, run.Row.Id, run.Now, until, Page), cancellation);
        if (rows.Count > 0) await users.DeactivateAsync(rows, isAsked, cancellation);
        return rows.Count > 0;
    }

    /// <summary>Compares a piece of everything.</summary>
    /// <returns>False: nobody has asked for it, or it is done.</returns>
    private async Task<bool> CompareAsync(TargetRun run, UserPush users, GroupPush groups, CancellationToken cancellation)
    {
        if (run.Row.Phase == ComparePhases.Users)
        {
            var page = await database.ReadAsync(sql => TargetPeople.PageAsync(sql, run.Row.Id, run.Row.PhaseAfter, Page), cancellation);
            await users.PushAsync([.. page.Select(p => p.Id)], cancellation);
            if (page.Count == Page)
            {
                await StepAsync(run, ComparePhases.Users, page[^1].Seq, cancellation);
                return true;
            }

            await FormerAsync(run, users, cancellation);
            await StepAsync(run, ComparePhases.Groups, 0, cancellation);
            return true;
        }

        if (run.Row.Phase is null) return false;
        var departments = run.Row.Groups == TargetRow.NoGroups ? []
            : await database.ReadAsync(sql => GroupRows.PageAsync(sql, run.Row.Id, run.Row.PhaseAfter, GroupPage), cancellation);
        foreach (var department in departments) await groups.PushAsync(department, cancellation);
        if (departments.Count == GroupPage) await StepAsync(run, ComparePhases.Groups, departments[^1], cancellation);
        else await StepAsync(run, null, 0, cancellation);
        return true;
    }

    /// <summary>Ids that nobody has any more.</summary>
    private async Task FormerAsync(TargetRun run, UserPush users, CancellationToken cancellation)
    {
        for (var after = 0L; ;)
        {
            var former = await database.ReadAsync(sql => TargetPeople.FormerAsync(sql, run.Row.Id, after, Page), cancellation);
            if (former.Count == 0) return;
            after = former[^1].Id;
            await users.PushAsync([.. former.Select(f => f.Item)], cancellation);
        }
    }

    /// <summary>So far the comparison is, unless somebody has asked for another one meanwhile.</summary>
    private static async Task StepAsync(TargetRun run, string? phase, long after, CancellationToken cancellation)
    {
        await run.WriteAsync(async unit => await unit.ExecuteAsync("""
            UPDATE scim_target SET phase = $2, phase_after = $3, compared_at = COALESCE($4, compared_at)
            WHERE id = $1 AND phase = $5 AND phase_after = $6
            """, run.Row.Id, phase, after, phase is null ? run.Now.ToUnixTimeMilliseconds() : null, run.Row.Phase, run.Row.PhaseAfter),
            cancellation);
        await run.RefreshAsync(cancellation);
    }

    private static Task WellAsync(TargetRun run, CancellationToken cancellation) => run.WriteAsync(async unit => await unit.ExecuteAsync(
        "UPDATE scim_target SET away = NULL, status = NULL, detail = NULL, tries = 0, not_before = NULL WHERE id = $1", run.Row.Id),
        cancellation);

    private async Task EndAsync(TargetRun run, CancellationToken cancellation)
    {
        if (run.Row.Away is not null || run.Row.Tries > 0) await WellAsync(run, cancellation);
        await leases.ReleaseAsync(run.Held, cancellation);
    }

    /// <summary>The target is left alone for a while, or until somebody mends it.</summary>
    private Task AwayAsync(HeldTarget held, ScimCallException e, CancellationToken cancellation)
    {
        var pause = TimeSpan.FromTicks(Math.Min(LongestPause.Ticks, FirstPause.Ticks << Math.Min(held.Row.Tries, 10)));
        if (e.RetryAfter is { } wish && wish > pause) pause = wish;
        if (e.Pauses) Paused(held.Row.Name, e.Reason, e.Status);
        else Away(held.Row.Name, e.Reason, e.Status, pause);
        return database.TransactAsync(async unit => await unit.ExecuteAsync("""
            UPDATE scim_target SET lease_until = NULL, paused = $3, away = $4, status = $5, detail = $6, tries = tries + 1, not_before = $7
            WHERE id = $1 AND fence = $2
            """, held.Row.Id, held.Row.Fence, e.Pauses ? e.Reason : null, e.Pauses ? null : e.Reason, e.Status, e.Detail,
            e.Pauses ? null : (clock.GetUtcNow() + pause).ToUnixTimeMilliseconds()), cancellation);
    }

    [LoggerMessage(LogLevel.Warning, "SCIM target {Target} is away ({Reason}, {Status}); it is left alone for {Pause}")]
    private partial void Away(string target, string reason, int? status, TimeSpan pause);

    [LoggerMessage(LogLevel.Error, "SCIM target {Target} is paused until somebody mends it: {Reason}, {Status}")]
    private partial void Paused(string target, string reason, int? status);

    [LoggerMessage(LogLevel.Warning,
        "SCIM target {Target}: {People} people wait to be deactivated, more than usual; an administrator is asked")]
    private partial void Asks(string target, long people);

    [LoggerMessage(LogLevel.Information, "SCIM target {Target} is gone on with elsewhere: {Why}")]
    private partial void Lost(string target, string why);
}
