using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Tables.Bases;
using Larkspur.Gateway.Tables.Open;
using Larkspur.Gateway.Tables.Syncing;

namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>What the page asks on which a sync is set up.</summary>
internal sealed class SetupPageService(BaseStore bases, OpenTables tables, ConnectionStore connections, ConnectionPageService probes,
    ITableOpener opener, SyncPlanning planning, SyncStore syncs)
{
    public Task<List<BaseRow>> BasesAsync(CancellationToken cancellation) => bases.AllAsync(cancellation);

    public async Task<List<string>> ConnectionsAsync(CancellationToken cancellation) =>
        (await connections.AllAsync(cancellation)).ConvertAll(row => row.Name);

    public Task<SyncRecord?> FindAsync(string name, CancellationToken cancellation) => syncs.FindAsync(name, cancellation);

    /// <summary>The tables of a base.</summary>
    public async Task<IReadOnlyList<TableInfo>> TablesAsync(string name, CancellationToken cancellation) =>
        await bases.FindAsync(name, cancellation) is { } row ? await tables.ListAsync(row, cancellation) : [];

    /// <summary>The tables of a connection.</summary>
    /// <exception cref="ActionRefusedException">It does not answer.</exception>
    public async Task<IReadOnlyList<string>> SourceTablesAsync(string connection, CancellationToken cancellation) =>
        (await probes.ProbeAsync(connection, null, cancellation)).Tables;

    /// <summary>Looks at the fields of both sides, and matches them.</summary>
    /// <exception cref="ActionRefusedException">A side does not answer.</exception>
    public async Task MatchAsync(SyncDraft draft, CancellationToken cancellation)
    {
        var source = (await probes.ProbeAsync(draft.Connection, draft.SourceTable, cancellation)).Columns;
        var table = await ConnectionPageService.ToldAsync(async () =>
        {
            await using var side = await opener.OpenAsync(Owner(draft), draft.ToSpec(), cancellation);
            return (await side.DescribeAsync(true, cancellation)).Columns;
        });
        draft.Match(table, source);
    }

    /// <summary>What would come of it; nothing is written.</summary>
    /// <exception cref="ActionRefusedException">Something is missing, or a side does not answer.</exception>
    public Task<SyncPlan> PlanAsync(SyncDraft draft, CancellationToken cancellation)
    {
        Demand(draft);
        return ConnectionPageService.ToldAsync(() => planning.OfAsync(Owner(draft), draft.ToSpec(), draft.Existing, cancellation));
    }

    /// <summary>Makes the sync, or changes it.</summary>
    /// <returns>What does not fit: nothing was kept then; null: it is kept.</returns>
    /// <exception cref="ActionRefusedException">Something is missing, the name is taken, or a side does not answer.</exception>
    public async Task<SyncPlan?> SaveAsync(Actor who, SyncDraft draft, CancellationToken cancellation)
    {
        var name = draft.Name.Trim();
        if (!BaseReach.IsName(name)) throw new ActionRefusedException(SetupTexts.BadName);
        var there = await syncs.FindAsync(name, cancellation);
        if (draft.Existing is null && there is not null) throw new ActionRefusedException(SetupTexts.Taken);
        if (draft.Existing is not null && there is null) throw new ActionRefusedException(SyncsTexts.Gone);
        var plan = await PlanAsync(draft, cancellation);
        if (plan.Found.Problems.Count > 0) return plan;
        await SyncPageService.SteerAsync(async () =>
            (await syncs.PutAsync(new(who), name, Owner(draft), draft.ToSpec(), cancellation)).Row);
        return null;
    }

    private static string Owner(SyncDraft draft) => draft.Existing?.Owner ?? "";

    private static void Demand(SyncDraft draft)
    {
        if (draft.Mapped.Count == 0) throw new ActionRefusedException(SetupTexts.NoFields);
        if (!draft.Fields.Exists(field => field.IsKey)) throw new ActionRefusedException(SetupTexts.NoKey);
        if (draft is { InSource: DeletionRule.Mark, MarkColumn.Length: 0 }) throw new ActionRefusedException(SetupTexts.NoMarkColumn);
    }
}
