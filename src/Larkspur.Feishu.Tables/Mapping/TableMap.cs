using System.Linq.Expressions;
using System.Reflection;

namespace Larkspur.Feishu.Tables;

/// <summary>Which property of a type of C# is which field of a table.</summary>
/// <remarks>
/// The type is made by its constructor without parameters, or, as records are, by the one whose parameters all are mapped properties.
/// Null, and the default of a nullable type, is an empty cell.
/// </remarks>
/// <typeparam name="T">What a row becomes.</typeparam>
public sealed class TableMap<T>
{
    private readonly List<MappedMember> _members = [];
    private PropertyInfo? _recordId;

    /// <summary>An empty map, to be built with <see cref="Field{TValue}"/>.</summary>
    public TableMap()
    {
    }

    internal IReadOnlyList<MappedMember> Members => _members;

    internal PropertyInfo? RecordIdProperty => _recordId;

    internal string? KeyField => _members.FirstOrDefault(member => member.IsKey)?.Field;

    internal static TableMap<T> ByAttributes()
    {
        var map = new TableMap<T>();
        foreach (var property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (Of<TableRecordIdAttribute>(property) is not null) map._recordId = property;
            if (Of<TableFieldAttribute>(property) is { } field) map.Add(property, field.NameOrId, field.Key, field.ReadOnly);
        }

        return map._members.Count > 0 ? map : throw new TableMappingException($"{typeof(T).Name} has no property with [TableField].");
    }

    /// <summary>Maps a property to a field.</summary>
    /// <param name="nameOrId">The field's name or id.</param>
    /// <param name="property">The property: <c>order => order.Amount</c>.</param>
    /// <param name="key">The field holds the key of each row.</param>
    /// <param name="readOnly">It is never written.</param>
    /// <exception cref="TableMappingException">The expression is no property of the type, or there is a key already.</exception>
    public TableMap<T> Field<TValue>(string nameOrId, Expression<Func<T, TValue>> property, bool key = false, bool readOnly = false)
    {
        Add(Property(property), nameOrId, key, readOnly);
        return this;
    }

    /// <summary>Maps a text property to the record's id.</summary>
    /// <exception cref="TableMappingException">The expression is no property of the type.</exception>
    public TableMap<T> RecordId(Expression<Func<T, string?>> property)
    {
        _recordId = Property(property);
        return this;
    }

    /// <exception cref="TableMappingException">The expression is no mapped property.</exception>
    internal string FieldOf<TValue>(Expression<Func<T, TValue>> property)
    {
        var found = Property(property);
        return _members.FirstOrDefault(member => member.Property.Name == found.Name)?.Field
            ?? throw new TableMappingException($"{found.Name} of {typeof(T).Name} is mapped to no field.");
    }

    private static PropertyInfo Property<TValue>(Expression<Func<T, TValue>> property) =>
        property.Body is MemberExpression { Member: PropertyInfo found, Expression: ParameterExpression } ? found
            : throw new TableMappingException($"{property} is no property of {typeof(T).Name}.");

    private static TAttribute? Of<TAttribute>(PropertyInfo property) where TAttribute : Attribute =>
        property.GetCustomAttribute<TAttribute>() ?? typeof(T).GetConstructors().SelectMany(constructor => constructor.GetParameters())
            .FirstOrDefault(parameter => parameter.Name == property.Name)?.GetCustomAttribute<TAttribute>();

    private void Add(PropertyInfo property, string field, bool key, bool readOnly)
    {
        if (key && KeyField is not null) throw new TableMappingException($"{typeof(T).Name} has two keys.");
        _members.Add(new(property, field, key, readOnly));
    }
}

/// <summary>Makes maps.</summary>
public static class TableMap
{
    /// <summary>The map that the attributes of a type say; also those of the parameters of a record.</summary>
    /// <typeparam name="T">What a row becomes.</typeparam>
    /// <exception cref="TableMappingException">No property is mapped, or two are the key.</exception>
    public static TableMap<T> Of<T>() => TableMap<T>.ByAttributes();
}

/// <summary>A property and its field.</summary>
internal sealed record MappedMember(PropertyInfo Property, string Field, bool IsKey, bool IsReadOnly);

/// <summary>A type of C# does not go with a table. Found before any record is read or written.</summary>
public sealed class TableMappingException(string message, IReadOnlyList<string>? problems = null)
    : InvalidOperationException(problems is { Count: > 0 } ? $"{message} {string.Join(" ", problems)}" : message)
{
    /// <summary>Each thing that does not go.</summary>
    public IReadOnlyList<string> Problems { get; } = problems ?? [];
}
