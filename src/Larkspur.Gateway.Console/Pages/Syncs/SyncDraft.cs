using Larkspur.Gateway.Syncs.Mapping;
using Larkspur.Gateway.Syncs.Rows;
using Larkspur.Gateway.Syncs.Sides;

namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>A sync as it stands in the form.</summary>
public sealed class SyncDraft
{
    /// <summary>What of a kept spec the form has no field for stays as it is.</summary>
    private SyncSpec? _before;

    private Flow _direction;

    public string Name { get; set; } = "";

    public string Base { get; set; } = "";

    public string Table { get; set; } = "";

    public string Connection { get; set; } = "";

    public string SourceTable { get; set; } = "";

    public string MarkColumn { get; set; } = "";

    public int AfterMinutes { get; set; } = 10;

    public int Most { get; set; } = 20;

    public bool NewOptions { get; set; }

    public string Notify { get; set; } = "";

    /// <summary>Which way new rows go; fields that went the same way follow.</summary>
    internal Flow Direction
    {
        get => _direction;
        set
        {
            foreach (var line in Fields.Where(line => line.Flow == _direction)) line.Flow = value;
            _direction = value;
        }
    }

    internal DeletionRule InTable { get; set; } = DeletionRule.Delete;

    internal DeletionRule InSource { get; set; } = DeletionRule.Keep;

    internal NewKeys NewKeys { get; set; }

    /// <summary>The sync that is changed; null: a new one.</summary>
    internal SyncRecord? Existing { get; private init; }

    /// <summary>A line for each column of the source; empty: the sides were not looked at yet.</summary>
    internal List<FieldDraft> Fields { get; } = [];

    internal IReadOnlyList<SideColumn> TableFields { get; private set; } = [];

    internal List<FieldDraft> Mapped => Fields.FindAll(line => line.Field.Length > 0);

    /// <summary>It begins anew when it is saved.</summary>
    internal bool BeginsAnew => _before is { } before && Fields.Count > 0 && ToSpec() is var spec
        && (before.Table != spec.Table || before.Source != spec.Source || !before.Key.SequenceEqual(spec.Key));

    internal static SyncDraft Of(SyncRecord row) => new()
    {
        _before = row.Spec, Existing = row, Name = row.Name, Base = row.Spec.Table.Base, Table = row.Spec.Table.Table,
        Connection = row.Spec.Source.Connection, SourceTable = row.Spec.Source.Table, Direction = row.Spec.Direction,
        InTable = row.Spec.Deletes.InTable, InSource = row.Spec.Deletes.InSource, MarkColumn = row.Spec.Deletes.MarkColumn ?? "",
        AfterMinutes = (int)row.Spec.Deletes.After.TotalMinutes, Most = row.Spec.Deletes.Most, NewKeys = row.Spec.NewKeys,
        NewOptions = row.Spec.NewOptions, Notify = row.Spec.Notify ?? "",
    };

    /// <summary>Both sides were looked at: their fields are matched, as they were before or else by their names.</summary>
    internal void Match(IReadOnlyList<SideColumn> table, IReadOnlyList<SideColumn> source)
    {
        var before = _before is { } spec && spec.Table == new TablePlace(Base, Table)
            && spec.Source == new SourcePlace(Connection, SourceTable) ? spec : null;
        TableFields = table;
        Fields.Clear();
        foreach (var column in source) Fields.Add(before is null ? FieldMatch.Of(column, table) : Again(before, column, table));
        foreach (var twice in Mapped.GroupBy(field => field.Field).Where(group => group.Count() > 1 && before is null))
            foreach (var field in twice.Skip(1)) field.Field = "";
    }

    internal SyncSpec ToSpec() => (_before ?? new SyncSpec { Table = new("", ""), Source = new("", ""), Key = [], Fields = [] }) with
    {
        Table = new(Base, Table), Source = new(Connection, SourceTable), Direction = Direction, NewKeys = NewKeys, NewOptions = NewOptions,
        Key = KeyInOrder(), Notify = Notify.Trim() is { Length: > 0 } who ? who : null,
        Fields = Mapped.ConvertAll(field => new FieldSpec
        {
            Field = field.Field, Column = field.Column.Name, Direction = field.Flow == Direction ? null : field.Flow,
            Conflict = field.Policy == (_before?.Conflict ?? ConflictPolicy.Ask) ? null : field.Policy,
            As = field.As.Length > 0 ? field.As : null,
        }),
        Deletes = (_before?.Deletes ?? new()) with
        {
            InTable = InTable, InSource = InSource, MarkColumn = InSource == DeletionRule.Mark ? MarkColumn : null,
            After = TimeSpan.FromMinutes(AfterMinutes), Most = Most,
        },
    };

    /// <summary>Another order is another key: who does not touch it keeps it.</summary>
    private List<string> KeyInOrder()
    {
        var keys = Fields.Where(field => field.IsKey).Select(field => field.Column.Name).ToList();
        return _before is { } before && before.Key.ToHashSet().SetEquals(keys) ? [.. before.Key] : keys;
    }

    private static FieldDraft Again(SyncSpec spec, SideColumn column, IReadOnlyList<SideColumn> table)
    {
        var known = spec.Fields.FirstOrDefault(field => field.Column == column.Name);
        var field = known is null ? null : table.FirstOrDefault(field => field.Id == known.Field || field.Name == known.Field);
        return new FieldDraft(column)
        {
            Field = field?.Id ?? "", IsKey = spec.Key.Contains(column.Name), Flow = known?.Direction ?? spec.Direction,
            Policy = known?.Conflict ?? spec.Conflict, As = known?.As ?? "",
        };
    }
}

/// <summary>A column of the source, and the table's field that holds the same.</summary>
internal sealed class FieldDraft(SideColumn column)
{
    public SideColumn Column => column;

    /// <summary>The field's id; empty: it is not synchronised.</summary>
    public string Field { get; set; } = "";

    public bool IsKey { get; set; }

    public Flow Flow { get; set; }

    public ConflictPolicy Policy { get; set; }

    /// <summary>What its values are, where both sides leave a choice; empty: the best.</summary>
    public string As { get; set; } = "";
}
