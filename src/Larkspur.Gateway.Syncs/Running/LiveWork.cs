using Larkspur.Gateway.Syncs.Looking;
using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Syncs.Running;

/// <summary>What a sync does once both sides have met: what changed is heard of, looked at, and made equal.</summary>
internal sealed class LiveWork(SyncSession session, SyncOptions options)
{
    /// <summary>Rows that are looked at together: one call of the table writes them all.</summary>
    private const int Batch = 500;

    private bool _looked;

    /// <returns>False: nothing is left to do.</returns>
    public async Task<bool> StepAsync(CancellationToken cancellation)
    {
        var pending = await session.ReadAsync(sql => RowStore.PendingAsync(sql, session.Id, Batch), cancellation);
        if (pending.Count > 0 && !_tried.SetEquals(pending.Select(row => row.Id)))
        {
            // What stays unknown is not asked for over and over: its hint brings it back.
            _tried = [.. pending.Select(row => row.Id)];
            await new Examination(session).RunAsync([], pending, [], false, false, null, cancellation);
            return true;
        }

        if (await session.WriteAsync(unit => ProblemStore.RetryDueAsync(unit, session.Id, session.Now), cancellation) > 0) return true;
        if (!_looked && IsTimeToLook()) return await LookAsync(cancellation);
        var hints = await session.ReadAsync(sql => HintStore.DueAsync(sql, session.Id, session.Now, Batch), cancellation);
        if (hints.Count > 0)
        {
            await new Examination(session).RunAsync(hints, [], [], false, false, null, cancellation);
            return true;
        }

        if (session.Row.Scan is not null)
        {
            await new Comparison(session).RunAsync(cancellation);
            await session.RefreshAsync(cancellation);
            return true;
        }

        return await new Deletions(session).RunAsync(cancellation);
    }

    private HashSet<long> _tried = [];

    private bool IsTimeToLook() => session.Row.LookedAt is not { } at || session.Now - at >= options.LookEvery;

    /// <summary>Both sides say what changed, as far as they do.</summary>
    private async Task<bool> LookAsync(CancellationToken cancellation)
    {
        var source = await session.Source.NewsAsync(session.Row.NewsCursor, cancellation);
        var table = await session.Table.NewsAsync(session.Row.TableMark, cancellation);
        await session.WriteAsync(async unit =>
        {
            if (source is not null) await HintStore.AddAsync(unit, session.Dialect, session.Id, SideName.Source, source.Items);
            if (table is not null) await HintStore.AddAsync(unit, session.Dialect, session.Id, SideName.Table, table.Items);
            if (source?.IsGap == true || table?.IsGap == true) await SyncProgress.AskScanAsync(unit, session.Id, Gap);
            await SyncProgress.NewsAsync(unit, session.Id, source is null ? session.Row.NewsCursor : source.Cursor,
                table is null ? session.Row.TableMark : table.Cursor, session.Now);
        }, cancellation);
        await session.RefreshAsync(cancellation);
        _looked = source?.HasMore != true && table?.HasMore != true;
        return true;
    }

    /// <summary>Why everything is compared: something happened of which no word came.</summary>
    public const string Gap = "gap";
}
