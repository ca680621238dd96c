namespace Larkspur.Feishu.Tables;

/// <summary>What has become of rows so far: at every moment true, so that whatever ends the writing leaves a true report.</summary>
internal sealed class RowStates(TableRowResult[] results)
{
    public TableWriteReport Report => new(results);

    public void Set(IEnumerable<PendingRow> rows, TableRowState state)
    {
        foreach (var row in rows) results[row.Index] = new(row.Index, state, row.RecordId);
    }

    public void Written(PendingRow row, string? recordId) => results[row.Index] = new(row.Index, TableRowState.Written, recordId);

    public void Refused(PendingRow row, CellProblem problem) =>
        results[row.Index] = new(row.Index, TableRowState.Refused, row.RecordId, problem);
}
