using System.Runtime.ExceptionServices;
using Larkspur.Feishu;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Tables.Cells;
using Larkspur.Gateway.Tables.Open;
using Larkspur.Gateway.Tables.Refusals;

namespace Larkspur.Gateway.Tables.Records;

/// <summary>Writes rows that were read, and notes what became of each.</summary>
internal sealed class RowWriting(IEnumerable<IExceptionProblems> problems)
{
    /// <summary>Makes rows.</summary>
    /// <returns>Why it ended before all were tried; null: it did not.</returns>
    /// <exception cref="FeishuApiException">The platform refused all of it.</exception>
    /// <exception cref="PlatformNetworkException">The platform was not reached.</exception>
    public Task<StopView?> CreateAsync(OpenTable open, IReadOnlyList<ReadRow> rows, TableWriteOptions options, bool first,
        CancellationToken cancellation) => WriteAsync(open, rows, RowOutcomes.Created, first,
            () => open.Table.CreateAsync([.. rows.Select(r => r.Row())], options, cancellation));

    /// <summary>Changes records.</summary>
    /// <inheritdoc cref="CreateAsync"/>
    public Task<StopView?> UpdateAsync(OpenTable open, IReadOnlyList<ReadRow> rows, TableWriteOptions options, bool first,
        CancellationToken cancellation)
    {
        foreach (var row in rows.Where(IsUnchanged)) row.Outcome = RowOutcomes.Unchanged;
        var changed = rows.Where(r => r.Outcome is null).ToList();
        return WriteAsync(open, changed, RowOutcomes.Updated, first,
            () => open.Table.UpdateAsync([.. changed.Select(r => r.Row())], options, cancellation));
    }

    /// <summary>Deletes records.</summary>
    /// <inheritdoc cref="CreateAsync"/>
    public Task<StopView?> DeleteAsync(OpenTable open, IReadOnlyList<ReadRow> rows, CancellationToken cancellation) =>
        WriteAsync(open, rows, RowOutcomes.Deleted, first: true,
            () => open.Table.DeleteAsync([.. rows.Select(r => r.RecordId!)], cancellationToken: cancellation));

    private static bool IsUnchanged(ReadRow row) =>
        row.Record is { } record && row.Cells.All(cell => record.Fields.ById(cell.Key) is { } field
            && (record[field.Name] == cell.Value || IsSameLink(record[field.Name], cell.Value)));

    private static bool IsSameLink(CellValue known, CellValue wanted) =>
        known is UrlCell old && wanted is UrlCell url && old.Link == url.Link && url.Text == url.Link;

    private async Task<StopView?> WriteAsync(OpenTable open, IReadOnlyList<ReadRow> rows, string done, bool first,
        Func<Task<TableWriteReport>> write)
    {
        if (rows.Count == 0) return null;
        try
        {
            Note(open, rows, await write(), done);
            return null;
        }
        catch (TableWriteException stopped)
        {
            Note(open, rows, stopped.Report, done);
            // Nothing was done, here or before: the whole request is refused in the platform's words.
            if (first && stopped.Report.Rows.All(row => row.State == TableRowState.NotTried) && stopped.InnerException is { } cause)
                ExceptionDispatchInfo.Throw(cause);
            return StopOf(stopped.InnerException ?? stopped);
        }
    }

    private static void Note(OpenTable open, IReadOnlyList<ReadRow> rows, TableWriteReport report, string done)
    {
        foreach (var (row, result) in rows.Zip(report.Rows))
        {
            row.RecordId = result.RecordId ?? row.RecordId;
            switch (result.State)
            {
                case TableRowState.Written: row.Outcome = done; break;
                case TableRowState.Unknown: row.Outcome = RowOutcomes.Unknown; break;
                case TableRowState.NotTried: row.Outcome = RowOutcomes.NotTried; break;
                default:
                    var field = result.Problem?.Field is { } name ? open.Fields.Find(name) : null;
                    row.Refuse(result.Problem is { } problem ? CellFault.Of(problem, field)
                        : new("refused", TablesTexts.PlatformRefused("?")), result.Problem?.Field);
                    break;
            }
        }
    }

    private StopView StopOf(Exception cause)
    {
        var known = cause is FeishuApiException refused && TableRefusals.Of(refused) is { } refusal
            ? new TableRefusedException(refused, refusal) : cause;
        return problems.Select(kind => kind.Of(known)).FirstOrDefault(p => p is not null) is { } problem
            ? new StopView(problem.Error, problem.Message, problem.MessageZh, problem.Code)
            : new StopView("platform_failed", ProblemCatalogue.Sentence("platform_failed", StatusCodes.Status502BadGateway).English,
                ProblemCatalogue.Sentence("platform_failed", StatusCodes.Status502BadGateway).Chinese, null);
    }
}
