namespace Larkspur.Feishu.Tables;

/// <summary>What a table does with rows: encodes them, keeps back what is wrong, writes the rest.</summary>
internal sealed class RowWrites(FeishuTable table)
{
    public async Task<TableWriteReport> WriteAsync(
        TableWriteKind kind, IReadOnlyList<TableRow> rows, TableWriteOptions? options, CancellationToken cancellationToken)
    {
        options ??= TableWriteOptions.Default;
        var encoded = await EncodeAsync(rows, options, cancellationToken);
        var results = new TableRowResult[rows.Count];
        var pending = new List<PendingRow>(rows.Count);
        foreach (var (row, problems) in encoded.Rows)
        {
            // A change of nothing is done.
            var isDone = kind == TableWriteKind.Update && row.Fields!.Count == 0;
            results[row.Index] = problems.Count > 0 ? new(row.Index, TableRowState.Refused, row.RecordId, problems[0])
                : new(row.Index, isDone ? TableRowState.Written : TableRowState.NotTried, row.RecordId);
            if (results[row.Index].State == TableRowState.NotTried) pending.Add(row);
        }

        return await new BatchWriter(table, kind, options, encoded.Fields, results).RunAsync(pending, cancellationToken);
    }

    public Task<TableWriteReport> DeleteAsync(
        IReadOnlyList<string> recordIds, TableWriteOptions options, CancellationToken cancellationToken)
    {
        var rows = recordIds.Select((id, index) => new PendingRow(index, id, null)).ToList();
        var results = rows.Select(row => new TableRowResult(row.Index, TableRowState.NotTried, row.RecordId)).ToArray();
        return new BatchWriter(table, TableWriteKind.Delete, options, new([]), results).RunAsync(rows, cancellationToken);
    }

    /// <summary>Encodes rows by the field list; by a new one where a field or an option is not in the one that was remembered.</summary>
    /// <exception cref="ArgumentException">The field for keys is not there.</exception>
    /// <exception cref="FeishuApiException">The field list could not be read.</exception>
    public async Task<EncodedRows> EncodeAsync(
        IReadOnlyList<TableRow> rows, TableWriteOptions options, CancellationToken cancellationToken)
    {
        var fields = await table.GetFieldsAsync(false, cancellationToken);
        var dated = rows.Any(row => row.Values.Values.Any(value => value is DateOnly));
        var zone = dated ? await table.Base.GetTimeZoneAsync(cancellationToken) : null;
        var encoded = Encode();
        if (!HasKey() || encoded.Rows.Any(row => row.Problems.Any(IsOfTheList)))
        {
            fields = await table.GetNewerFieldsAsync(fields, cancellationToken);
            if (!HasKey()) throw new ArgumentException($"The table has no field \"{options.KeyField}\" for keys.", nameof(options));
            encoded = Encode();
        }

        return encoded;

        bool HasKey() => options.KeyField is not { } key || fields.Find(key) is not null;

        EncodedRows Encode()
        {
            var encoder = new RowEncoder(fields, options, zone);
            return new(fields, [.. rows.Select(encoder.Encode)]);
        }
    }

    private static bool IsOfTheList(CellProblem problem) =>
        problem.Refusal is CellRefusal.UnknownField or CellRefusal.UnknownOption;
}

/// <summary>Rows, and the field list by which they were encoded.</summary>
internal sealed record EncodedRows(TableFields Fields, IReadOnlyList<EncodedRow> Rows);

/// <summary>A row with all that is wrong with it.</summary>
internal sealed record EncodedRow(PendingRow Row, IReadOnlyList<CellProblem> Problems);
