using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Syncs.Mapping;

namespace Larkspur.Gateway.Syncs.Rows;

/// <summary>What people ask of syncs. Each change takes the sync from the process that works on it: it finds that out at its next write.
/// </summary>
internal static class SyncAdmin
{
    public static async ValueTask<SyncRecord> MakeAsync(
        IUnitOfWork unit, string name, string owner, SyncSpec spec, string by, DateTimeOffset now)
    {
        var id = await unit.NumberAsync("""
            INSERT INTO sync (name, owner, spec, phase, created_at, changed_at, changed_by) VALUES ($1, $2, $3, $4, $5, $5, $6) RETURNING id
            """, name, owner, spec.ToJson(), Phases.SurveyTable, now.ToUnixTimeMilliseconds(), by);
        return (await SyncRecord.FindAsync(unit, id!.Value))!;
    }

    /// <summary>Another spec. Fields are found anew, and everything is compared; where table, source or key are others it begins
    /// anew.</summary>
    public static async ValueTask<SyncRecord> ChangeAsync(
        IUnitOfWork unit, SyncRecord before, SyncSpec spec, string by, DateTimeOffset now)
    {
        var isOther = before.Spec.Table != spec.Table || before.Spec.Source != spec.Source || !before.Spec.Key.SequenceEqual(spec.Key);
        await unit.ExecuteAsync("""
            UPDATE sync SET spec = $2, map = NULL, fence = fence + 1, lease_until = NULL, away = NULL, side = NULL, detail = NULL,
              tries = 0,
              not_before = NULL, paused = CASE WHEN $3 = 1 THEN NULL ELSE paused END, phase = CASE WHEN $3 = 1 THEN $4 ELSE phase END,
              phase_after = CASE WHEN $3 = 1 THEN NULL ELSE phase_after END, scan = CASE WHEN $3 = 1 THEN NULL ELSE 'changed' END,
              rights = CASE WHEN $3 = 1 THEN NULL ELSE rights END, asks = 0, changed_at = $5, changed_by = $6 WHERE id = $1
            """, before.Id, spec.ToJson(), isOther ? 1L : 0L, Phases.SurveyTable, now.ToUnixTimeMilliseconds(), by);
        if (isOther) await ForgetRowsAsync(unit, before.Id);
        // What kept rows from getting on may be mended by the change.
        else await ProblemStore.RetryAsync(unit, before.Id, null);
        return (await SyncRecord.FindAsync(unit, before.Id))!;
    }

    /// <summary>Forgets a sync; both sides stay as they are.</summary>
    public static async ValueTask RemoveAsync(IUnitOfWork unit, long sync)
    {
        await unit.ExecuteAsync("DELETE FROM sync WHERE id = $1", sync);
        await ForgetRowsAsync(unit, sync);
    }

    /// <summary>A person has seen the report and says that it begins.</summary>
    /// <param name="unit">The transaction.</param>
    /// <param name="sync">The sync.</param>
    /// <param name="winner">Whose value stays where both have one and they differ; null: a person decides each.</param>
    /// <returns>False: it has begun already, or is not looked at yet.</returns>
    public static async ValueTask<bool> StartAsync(IUnitOfWork unit, long sync, SideName? winner) => await unit.ExecuteAsync("""
        UPDATE sync SET phase = $2, phase_after = NULL, winner = $3, scan = $4, fence = fence + 1, lease_until = NULL
        WHERE id = $1 AND phase = 'ready'
        """, sync, Phases.SurveyTable, winner is { } side ? new SideWord(side).ToString() : null, Running.Survey.Starting) > 0;

    public static async ValueTask PauseAsync(IUnitOfWork unit, long sync) => await unit.ExecuteAsync("""
        UPDATE sync SET paused = $2, side = NULL, detail = NULL, away = NULL, not_before = NULL, fence = fence + 1, lease_until = NULL
        WHERE id = $1
        """, sync, Sides.Problems.ByPerson);

    /// <summary>It goes on. Rights that changed are taken as they are now, and everything is compared.</summary>
    public static async ValueTask ResumeAsync(IUnitOfWork unit, long sync) => await unit.ExecuteAsync("""
        UPDATE sync SET paused = NULL, away = NULL, side = NULL, detail = NULL, tries = 0, not_before = NULL, rights = NULL,
          scan = CASE WHEN phase <> 'live' THEN scan WHEN paused = 'shrunk' THEN 'accepted' ELSE COALESCE(scan, 'resumed') END,
          fence = fence + 1, lease_until = NULL WHERE id = $1
        """, sync);

    /// <summary>Rows that wait by now may be deleted.</summary>
    public static async ValueTask ConfirmAsync(IUnitOfWork unit, long sync, DateTimeOffset now) => await unit.ExecuteAsync("""
        UPDATE sync SET confirmed_at = $2, asks = 0, fence = fence + 1, lease_until = NULL WHERE id = $1
        """, sync, now.ToUnixTimeMilliseconds());

    /// <summary>Rows that wait are not deleted: they come back where they were deleted.</summary>
    public static async ValueTask RefuseDeletionsAsync(IUnitOfWork unit, long sync)
    {
        // Made again like a row that only one side has.
        await unit.ExecuteAsync("""
            INSERT INTO sync_hint (sync, side, item) SELECT sync, 'source', row_key FROM sync_row
            WHERE sync = $1 AND due_at IS NOT NULL AND row_key IS NOT NULL
            ON CONFLICT (sync, side, item) DO UPDATE SET no = sync_hint.no + 1, not_before = 0
            """, sync);
        await unit.ExecuteAsync("""
            UPDATE sync_row SET state = 'found', record = CASE WHEN gone_from = 'table' THEN NULL ELSE record END, due_at = NULL,
              gone_from = NULL, gone_at = NULL WHERE sync = $1 AND due_at IS NOT NULL
            """, sync);
        await unit.ExecuteAsync("UPDATE sync SET asks = 0, fence = fence + 1, lease_until = NULL WHERE id = $1", sync);
    }

    private static async ValueTask ForgetRowsAsync(IUnitOfWork unit, long sync)
    {
        foreach (var table in (string[])["sync_row", "sync_hint", "sync_conflict", "sync_problem", "sync_change", "sync_run"])
            await unit.ExecuteAsync($"DELETE FROM {table} WHERE sync = $1", sync);
    }
}
