using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Sources.Relational;

/// <summary>
/// Decides what is done of a change to the row as it is now. The row is locked, or the whole database is, so that what is compared is what
/// is written over: compared are canonical values, for a stored microsecond or an empty text must not look like somebody's edit.
/// </summary>
internal sealed class RowWriter(RowReader rows, IRowStatements sql, SyncSpec spec, TimeProvider clock)
{
    /// <param name="write">What is asked for.</param>
    /// <param name="key">Its row.</param>
    /// <param name="now">Rows of the key as they are now, marked ones among them.</param>
    public Task<WriteResult> WriteAsync(SideWrite write, string key, IReadOnlyList<object?[]> now)
    {
        if (now.Count > 1) return Refused(Problems.KeyTwice, rows.Map.Keys[0], key);
        var there = now.Count == 1 ? now[0] : null;
        var isAbsent = there is null || rows.IsMarked(there);
        return write.Kind switch
        {
            WriteKind.Create when !isAbsent => Task.FromResult(new WriteResult(WriteState.Moved)),
            WriteKind.Create => CreateAsync(write, key, there),
            WriteKind.Update when isAbsent => Task.FromResult(new WriteResult(WriteState.Moved)),
            WriteKind.Update => UpdateAsync(write, there!),
            _ when isAbsent => Task.FromResult(WriteResult.Done()),
            _ => DeleteAsync(write, there!),
        };
    }

    private Task<WriteResult> CreateAsync(SideWrite write, string key, object?[]? marked)
    {
        var values = new Dictionary<int, string?>(write.Values);
        foreach (var (i, part) in rows.Map.Keys.Zip(rows.Map.PartsOf(key))) values[i] = part;
        if (marked is not null) return ReviveAsync(values, marked);
        var cells = new List<Cell>();
        foreach (var (i, value) in values)
        {
            // What is left empty gets what the source gives to new rows.
            if (value is null && (rows.Columns[i] is null || rows.Columns[i]!.IsNullable || rows.Columns[i]!.HasDefault)) continue;
            if (Cell(i, value, out var refused) is not { } cell) return Task.FromResult(refused!);
            if (rows.Map.Fields[i].IsKey && cell.Column.Read(rows.Map.Fields[i].Kind, cell.Stored).Value != value)
                return Refused(Problems.ValueRefused, i, $"{value} is not as the column writes it");
            cells.Add(cell);
        }

        return sql.InsertAsync(cells, key);
    }

    /// <summary>A row that was marked as deleted is the same row again.</summary>
    private Task<WriteResult> ReviveAsync(Dictionary<int, string?> values, object?[] marked)
    {
        var cells = new List<Cell> { new(null, rows.Mark!, rows.Mark!.NoMark) };
        foreach (var (i, value) in values.Where(pair => !rows.Map.Fields[pair.Key].IsKey && rows.Columns[pair.Key] != rows.Mark))
        {
            if (Cell(i, value, out var refused) is not { } cell) return Task.FromResult(refused!);
            cells.Add(cell);
        }

        return sql.UpdateAsync(cells, rows.KeyOf(marked));
    }

    private Task<WriteResult> UpdateAsync(SideWrite write, object?[] there)
    {
        if (write.Read is { } read && !write.Values.Keys.All(i => IsAsRead(read, there, i)))
            return Task.FromResult(new WriteResult(WriteState.Moved));
        var cells = new List<Cell>();
        foreach (var (i, value) in write.Values)
        {
            if (Cell(i, value, out var refused) is not { } cell) return Task.FromResult(refused!);
            cells.Add(cell);
        }

        return cells.Count == 0 ? Task.FromResult(WriteResult.Done()) : sql.UpdateAsync(cells, rows.KeyOf(there));
    }

    private Task<WriteResult> DeleteAsync(SideWrite write, object?[] there)
    {
        if (write.Read is { } read && !rows.Map.Active.All(i => IsAsRead(read, there, i)))
            return Task.FromResult(new WriteResult(WriteState.Moved));
        return spec.Deletes.InSource == DeletionRule.Mark && rows.Mark is { } mark
            ? sql.UpdateAsync([new(null, mark, mark.Mark(clock.GetUtcNow()))], rows.KeyOf(there))
            : sql.DeleteAsync(rows.KeyOf(there));
    }

    private bool IsAsRead(SideRow read, object?[] there, int i)
    {
        var now = rows.Value(there, i);
        return (now.Problem is null) == !read.Unreadable.ContainsKey(i) && now.Value == read.Values[i];
    }

    private Cell? Cell(int i, string? value, out WriteResult? refused)
    {
        refused = null;
        var kind = rows.Map.Fields[i].Kind;
        var written = rows.Columns[i] switch
        {
            null => Writing.Not(rows.Map.Fields[i].Column, Problems.ColumnGone),
            { Shape.IsReadOnly: true } column => Writing.Not($"{column.Name} is computed by the database"),
            { IsNullable: true } when value is null => new(null),
            { } column when value is null =>
                column.Nothing(kind) is { } nothing ? new(nothing) : Writing.Not($"{column.Name} needs a value"),
            { Length: { } most } column when kind != ValueKind.Boolean && Long(value, most) =>
                Writing.Not($"{column.Name} takes {most} characters", Problems.TooLong),
            { } column => Written(column, kind, value!),
        };
        if (written.Problem is null) return new(i, rows.Columns[i]!, written.Stored);
        refused = new(WriteState.Refused, null, written.Problem, i, written.Detail);
        return null;
    }

    private static Writing Written(SourceColumn column, ValueKind kind, string value)
    {
        try
        {
            return column.Write(kind, value);
        }
        catch (Exception e) when (e is FormatException or System.Text.Json.JsonException or OverflowException)
        {
            return Writing.Not(e.Message);
        }
    }

    /// <summary>Databases count characters, .NET counts halves of some.</summary>
    private static bool Long(string? value, int most) => value is not null && value.Length > most && value.EnumerateRunes().Count() > most;

    private static Task<WriteResult> Refused(string reason, int? field, string detail) =>
        Task.FromResult(new WriteResult(WriteState.Refused, null, reason, field, detail));
}

/// <summary>A value and the column that it is written to.</summary>
/// <param name="Field">The field's place; null: it is of no field.</param>
/// <param name="Column">The column.</param>
/// <param name="Stored">As the driver takes it.</param>
internal sealed record Cell(int? Field, SourceColumn Column, object? Stored);

/// <summary>
/// The statements of one row. Each says itself what became of it, and leaves nothing behind when nothing came of it: a bad row is no other
/// row's trouble. Keys are stored ones, as the row has them.
/// </summary>
internal interface IRowStatements
{
    /// <summary>Makes a row; <see cref="WriteState.Moved"/> when its key is there already.</summary>
    Task<WriteResult> InsertAsync(IReadOnlyList<Cell> cells, string key);

    Task<WriteResult> UpdateAsync(IReadOnlyList<Cell> cells, object?[] key);

    Task<WriteResult> DeleteAsync(object?[] key);
}
