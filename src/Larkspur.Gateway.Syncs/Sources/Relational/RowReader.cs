using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Sources.Relational;

/// <summary>
/// Makes rows of what a query gave. A query's columns are those of the fields that are there, in the map's order, then the mark and the
/// time of the last change, where the sync has them.
/// </summary>
internal sealed class RowReader
{
    private readonly int[] _places; // of a field: where the query has it, or -1
    private readonly int _mark = -1;
    private readonly int _changed = -1;

    public RowReader(RowMap map, IReadOnlyDictionary<string, SourceColumn> columns, SourceColumn? mark, SourceColumn? changed)
    {
        (Map, Mark, Changed) = (map, mark, changed);
        Columns = [.. map.Fields.Select(field => columns.GetValueOrDefault(field.Column))];
        var queried = new List<SourceColumn>();
        _places = new int[Columns.Count];
        for (var i = 0; i < Columns.Count; i++)
        {
            // A field that is paused is left alone; a key is needed all the same.
            var isRead = Columns[i] is not null && (map.Fields[i].Paused is null || map.Fields[i].IsKey);
            _places[i] = isRead ? queried.Count : -1;
            if (isRead) queried.Add(Columns[i]!);
        }

        if (mark is not null)
        {
            _mark = queried.Count;
            queried.Add(mark);
        }

        if (changed is not null)
        {
            _changed = queried.Count;
            queried.Add(changed);
        }

        Queried = queried;
        Keys = [.. map.Keys.Select(i => Columns[i]!)];
    }

    public RowMap Map { get; }

    /// <summary>The column of each field; null: it is gone.</summary>
    public IReadOnlyList<SourceColumn?> Columns { get; }

    /// <summary>What a query asks for.</summary>
    public IReadOnlyList<SourceColumn> Queried { get; }

    public IReadOnlyList<SourceColumn> Keys { get; }

    public SourceColumn? Mark { get; }

    public SourceColumn? Changed { get; }

    public bool IsMarked(object?[] stored) => Mark is not null && (stored[_mark] == LongCells.Left || Mark.IsMarked(stored[_mark]));

    /// <summary>The key as it is stored.</summary>
    public object?[] KeyOf(object?[] stored) => [.. Map.Keys.Select(i => stored[_places[i]])];

    /// <summary>The row; null: its key is empty, or is none that it could be asked for by.</summary>
    public SideRow? Row(object?[] stored)
    {
        if (KeyText(KeyOf(stored)) is not { } key) return null;
        var values = new string?[Columns.Count];
        Dictionary<int, string>? unreadable = null;
        for (var i = 0; i < values.Length; i++)
        {
            var read = Value(stored, i);
            values[i] = read.Value;
            if (read.Problem is { } why) (unreadable ??= [])[i] = why;
        }

        var row = new SideRow(key, values) { ChangedAt = Changed?.Time(stored[_changed]) };
        return unreadable is null ? row : row with { Unreadable = unreadable };
    }

    public Reading Value(object?[] stored, int i) =>
        _places[i] < 0 ? new(Canonical.Nothing(Map.Fields[i].Kind)) : Read(Columns[i]!, Map.Fields[i].Kind, stored[_places[i]]);

    private static Reading Read(SourceColumn column, ValueKind kind, object? stored) =>
        stored == LongCells.Left ? new(Canonical.Nothing(kind), Problems.TooLong) : column.Read(kind, stored);

    /// <summary>The canonical key of a stored one; null: it is none.</summary>
    public string? KeyText(IReadOnlyList<object?> key)
    {
        var values = new string?[Map.Fields.Count];
        for (var n = 0; n < Keys.Count; n++)
        {
            var kind = Map.Fields[Map.Keys[n]].Kind;
            var read = Read(Keys[n], kind, key[n]);
            if (read.Problem is not null || read.Value is null || LongCells.Is(key[n])) return null;
            if (!Keys[n].IsFoundBy(kind, key[n], read.Value)) return null;
            values[Map.Keys[n]] = read.Value;
        }

        return Map.KeyOf(values);
    }

    /// <summary>The stored key of a canonical one; null: no row can have it.</summary>
    public object?[]? StoredKey(string key)
    {
        string[] parts;
        try
        {
            parts = Map.PartsOf(key);
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }

        if (parts.Length != Keys.Count || parts.Contains(null)) return null;
        var stored = new object?[parts.Length];
        for (var n = 0; n < parts.Length; n++)
        {
            var written = Written(n, parts[n]);
            if (written.Problem is not null) return null;
            stored[n] = written.Stored;
        }

        return stored;
    }

    /// <summary>A part of a key as it is stored, with what is wrong with it.</summary>
    public Writing Written(int n, string part)
    {
        try
        {
            return Keys[n].Write(Map.Fields[Map.Keys[n]].Kind, part);
        }
        catch (FormatException e)
        {
            return Writing.Not(e.Message);
        }
    }

    /// <summary>Several rows of one key cannot be told apart: none of their values is believed.</summary>
    public SideRow Twice(SideRow row) => row with
    {
        Values = [.. row.Values.Select((value, i) => Map.Fields[i].IsKey ? value : Canonical.Nothing(Map.Fields[i].Kind))],
        Unreadable = Enumerable.Range(0, row.Values.Count).ToDictionary(i => i, _ => Problems.KeyTwice),
    };
}
