using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Sources.Relational;
using Npgsql;

namespace Larkspur.Gateway.Syncs.Sources.Postgres;

/// <summary>Writes single rows of a table within a transaction, each behind a savepoint of its own and in one round trip.</summary>
internal sealed class PostgresRowStatements(NpgsqlConnection connection, NpgsqlTransaction transaction, PostgresTable table, RowReader rows,
    Func<string, Task<bool>> isThereAsync, CancellationToken cancellation) : IRowStatements
{
    private const string Savepoint = "larkspur_row";

    /// <summary>The savepoint of the row before is let go with the next one.</summary>
    private bool _saved;

    private IEnumerable<PostgresColumn> Keys => rows.Keys.Cast<PostgresColumn>();

    public async Task<WriteResult> InsertAsync(IReadOnlyList<Cell> cells, string key)
    {
        var names = string.Join(", ", cells.Select(cell => ((PostgresColumn)cell.Column).Quoted));
        var result = await RunAsync($"""
            INSERT INTO {table.Quoted} AS t ({names}) VALUES ({string.Join(", ", cells.Select((cell, i) => Value(cell, i)))})
            RETURNING {string.Join(", ", Keys.Select(column => column.Text("t")))}
            """, cells, [], key);
        if (result.State != WriteState.Refused || result.Reason != Problems.Constraint) return result;
        return await isThereAsync(key) ? new(WriteState.Moved) : result;
    }

    public Task<WriteResult> UpdateAsync(IReadOnlyList<Cell> cells, object?[] key)
    {
        var set = string.Join(", ", cells.Select((cell, i) => $"{((PostgresColumn)cell.Column).Quoted} = {Value(cell, i)}"));
        return RunAsync($"UPDATE {table.Quoted} t SET {set} WHERE {Where(cells.Count)}", cells, key, null);
    }

    public Task<WriteResult> DeleteAsync(object?[] key) => RunAsync($"DELETE FROM {table.Quoted} t WHERE {Where(0)}", [], key, null);

    /// <summary>
    /// The key as the row has it. That its text is the same too matters where a collation takes different texts for equal: the index finds
    /// them, the text tells them apart.
    /// </summary>
    private string Where(int first) => string.Join(" AND ", Keys.Select((column, i) =>
        $"t.{column.Quoted} = CAST(${first + i + 1} AS {column.Cast}) AND {column.Text("t")} = ${first + i + 1}::text"));

    private static string Value(Cell cell, int i) => $"CAST(${i + 1} AS {((PostgresColumn)cell.Column).Cast})";

    private async Task<WriteResult> RunAsync(string sql, IReadOnlyList<Cell> cells, object?[] key, string? made)
    {
        try
        {
            await using var batch = new NpgsqlBatch(connection, transaction);
            if (_saved) batch.BatchCommands.Add(new($"RELEASE SAVEPOINT {Savepoint}"));
            batch.BatchCommands.Add(new($"SAVEPOINT {Savepoint}"));
            var command = new NpgsqlBatchCommand(sql);
            foreach (var value in cells.Select(cell => cell.Stored).Concat(key)) command.Parameters.Add(PostgresSource.Parameter(value));
            batch.BatchCommands.Add(command);
            _saved = true;
            var returned = new List<string?[]>();
            await using (var reader = await batch.ExecuteReaderAsync(cancellation))
            {
                do returned.AddRange(await PostgresSource.RowsAsync(reader, cancellation));
                while (await reader.NextResultAsync(cancellation));
            }

            // A trigger of the table can leave a row as it was, without an error.
            if (command.RecordsAffected == 0)
                return new(WriteState.Refused, null, Problems.RowRefused, null, "the server left it as it was");
            if (made is null || (returned is [var has] && rows.KeyText(has) == made)) return WriteResult.Done(made);
            await transaction.RollbackAsync(Savepoint, cancellation);
            return new(WriteState.Refused, null, Problems.ValueRefused, rows.Map.Keys[0], "the column writes this key otherwise");
        }
        catch (PostgresException e) when (PostgresSourceErrors.OfRow(e, null) is not null)
        {
            await transaction.RollbackAsync(Savepoint, cancellation);
            return PostgresSourceErrors.OfRow(e, await FieldAsync(e, cells))!;
        }
    }

    /// <summary>The place of the field that an error is about, as far as that can be told.</summary>
    private async Task<int?> FieldAsync(PostgresException e, IReadOnlyList<Cell> cells)
    {
        if (e.ColumnName is { Length: > 0 } named && PlaceOf(named) is { } place) return place;
        if (e.ConstraintName is { } constraint && table.Constraints.GetValueOrDefault(constraint) is [var only]) return PlaceOf(only);
        if (cells is [{ Field: { } field }]) return field;
        if (!e.SqlState.StartsWith("22", StringComparison.Ordinal)) return null;
        // The server does not say which value it did not take: each is shown to it alone.
        foreach (var cell in cells.Where(cell => cell is { Field: not null, Stored: not null }))
        {
            try
            {
                await PostgresSource.ScalarAsync(connection, transaction,
                    $"SELECT CAST($1 AS {cell.Column.Shape.Type})::text", [cell.Stored], cancellation);
            }
            catch (PostgresException)
            {
                await transaction.RollbackAsync(Savepoint, cancellation);
                return cell.Field;
            }
        }

        return null;
    }

    private int? PlaceOf(string column)
    {
        for (var i = 0; i < rows.Columns.Count; i++)
        {
            if (rows.Columns[i]?.Name == column) return i;
        }

        return null;
    }
}
