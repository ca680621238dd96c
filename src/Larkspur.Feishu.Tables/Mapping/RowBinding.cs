using System.Reflection;

namespace Larkspur.Feishu.Tables;

/// <summary>A map held against the fields of a table: makes objects of records, and rows of objects.</summary>
/// <typeparam name="T">What a row becomes.</typeparam>
internal sealed class RowBinding<T>
{
    private readonly List<(MappedMember Member, TableField Field)> _members;
    private readonly PropertyInfo? _recordId;
    private readonly ConstructorInfo _constructor;
    private readonly TimeZoneInfo? _zone;

    /// <exception cref="TableMappingException">A field is not there, or a type does not go with one.</exception>
    public RowBinding(TableMap<T> map, TableFields fields, TimeZoneInfo? zone)
    {
        var problems = new List<string>();
        _members = [.. map.Members.Select(member => (member, fields.Find(member.Field)!))];
        foreach (var (member, field) in _members)
        {
            var (name, type) = (member.Property.Name, member.Property.PropertyType);
            if (field is null) problems.Add($"{name}: the table has no field \"{member.Field}\", or this app may not see it.");
            else if (!ClrKinds.Fits(type, field))
                problems.Add($"{name}: a {type.Name} does not go with field \"{field.Name}\" of type {field.Type}.");
        }

        _recordId = map.RecordIdProperty;
        if (_recordId is not null && _recordId.PropertyType != typeof(string)) problems.Add($"{_recordId.Name}: a record's id is a text.");
        var constructor = Constructor();
        if (constructor is null) problems.Add($"{typeof(T).Name} has no constructor whose parameters all are mapped properties.");
        if (problems.Count > 0) throw new TableMappingException($"{typeof(T).Name} does not go with the table.", problems);
        (_constructor, _zone) = (constructor!, zone);
    }

    /// <summary>The fields that the map is of.</summary>
    public IEnumerable<string> Fields => _members.Select(member => member.Field.Name);

    /// <summary>Makes an object of a record.</summary>
    /// <exception cref="TableMappingException">
    /// A cell holds what its property cannot: a fraction for an int, an option that the enum does not have.
    /// </exception>
    public T Read(TableRecord record)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        if (_recordId is not null) values[_recordId.Name] = record.Id;
        foreach (var (member, field) in _members)
        {
            var cell = record[field.Id];
            var (name, type) = (member.Property.Name, member.Property.PropertyType);
            if (!ClrValues.TryFrom(cell, type, _zone, out var value))
                throw new TableMappingException($"Record {record.Id}, field \"{field.Name}\": {Short(cell)} is no {type.Name} for {name}.");
            values[name] = value;
        }

        var arguments = _constructor.GetParameters().Select(parameter => values.GetValueOrDefault(parameter.Name!)).ToArray();
        var row = _constructor.Invoke(arguments);
        var given = _constructor.GetParameters().Select(parameter => parameter.Name!).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var property in Mapped().Where(property => !given.Contains(property.Name) && property.CanWrite))
            property.SetValue(row, values[property.Name]);
        return (T)row;
    }

    /// <summary>The record that an object names.</summary>
    /// <exception cref="ArgumentException">It names none.</exception>
    public string IdOf(T item) => _recordId?.GetValue(item) is string { Length: > 0 } id ? id
        : throw new ArgumentException($"A {typeof(T).Name} that is changed names its record: [TableRecordId].", nameof(item));

    /// <summary>Makes of an object a row to be made.</summary>
    public TableRow Write(T item) => Fill(new TableRow(), item, null);

    /// <summary>Makes of an object a change of the record that it names.</summary>
    /// <param name="item">The object.</param>
    /// <param name="record">The record as it is; null: it is not there, or may not be seen.</param>
    /// <exception cref="ArgumentException">It names no record.</exception>
    public TableRow Change(T item, TableRecord? record) =>
        Fill(record is null ? new TableRow(IdOf(item)) : new TableRow(record), item, record);

    private TableRow Fill(TableRow row, T item, TableRecord? record)
    {
        foreach (var (member, field) in _members.Where(member => !member.Member.IsReadOnly && !member.Field.IsReadOnly))
        {
            var value = member.Property.GetValue(item);
            if (record is null || !IsAsRead(record, member, field, value)) row.Set(field.Id, value);
        }

        return row;
    }

    /// <summary>
    /// The property is what the cell would be read as. A property holds less than a cell (a link has a label, an instant a time of day),
    /// so one that nobody changed must not be written: the rest would be lost.
    /// </summary>
    private bool IsAsRead(TableRecord record, MappedMember member, TableField field, object? value) =>
        record.Fields.ById(field.Id) is not null
        && ClrValues.TryFrom(record[field.Id], member.Property.PropertyType, _zone, out var read) && Equals(read, value);

    private static string Short(CellValue cell) => cell.Canonical.Length <= 60 ? cell.Canonical : cell.Canonical[..60] + "…";

    private IEnumerable<PropertyInfo> Mapped() =>
        _members.Select(member => member.Member.Property).Concat(_recordId is null ? [] : [_recordId]);

    private ConstructorInfo? Constructor()
    {
        var names = Mapped().Select(property => property.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return typeof(T).GetConstructors()
            .Where(constructor => constructor.GetParameters().All(parameter => names.Contains(parameter.Name!)))
            .OrderByDescending(constructor => constructor.GetParameters().Length).FirstOrDefault();
    }
}
