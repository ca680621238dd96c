using System.Collections;

namespace Larkspur.Feishu.Tables;

/// <summary>The fields of a table at one moment, by name and by id.</summary>
public sealed class TableFields : IReadOnlyList<TableField>
{
    private readonly TableField[] _all;
    private readonly Dictionary<string, TableField> _byId;
    private readonly Dictionary<string, TableField> _byName;

    /// <summary>Fields. One that comes twice counts once: a list that changes while its pages are read may name a field on two.</summary>
    public TableFields(IEnumerable<TableField> fields)
    {
        _all = [.. fields.DistinctBy(field => field.Id, StringComparer.Ordinal)];
        _byId = _all.ToDictionary(field => field.Id, StringComparer.Ordinal);
        _byName = new(StringComparer.Ordinal);
        foreach (var field in _all) _byName.TryAdd(field.Name, field);
    }

    /// <inheritdoc/>
    public int Count => _all.Length;

    /// <inheritdoc/>
    public TableField this[int index] => _all[index];

    /// <summary>A field by its name or id.</summary>
    /// <exception cref="KeyNotFoundException">There is none: it was renamed or deleted, or may not be seen.</exception>
    public TableField this[string nameOrId] => Find(nameOrId) ?? throw new KeyNotFoundException(
        $"The table has no field \"{nameOrId}\": it was renamed or deleted, or this app may not see it.");

    /// <summary>A field by its name or id, or null. Names go first.</summary>
    public TableField? Find(string nameOrId) => _byName.GetValueOrDefault(nameOrId) ?? _byId.GetValueOrDefault(nameOrId);

    /// <summary>A field by its id, or null: for events.</summary>
    public TableField? ById(string fieldId) => _byId.GetValueOrDefault(fieldId);

    /// <summary>A field by its name alone, or null: for records, whose cells come by names.</summary>
    internal TableField? Named(string name) => _byName.GetValueOrDefault(name);

    /// <inheritdoc/>
    public IEnumerator<TableField> GetEnumerator() => ((IEnumerable<TableField>)_all).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
