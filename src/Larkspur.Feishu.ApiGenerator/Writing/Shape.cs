using System.Collections.Generic;
using System.Linq;

namespace Larkspur.Feishu.ApiGenerator.Writing;

/// <summary>One record for a nested object.</summary>
internal sealed class Shape
{
    private readonly List<Property> _properties;
    private readonly string? _typeName;

    public Shape(string name, string? typeName, List<Property> properties)
    {
        Name = name;
        _typeName = typeName;
        _properties = properties;
    }

    public string Name { get; }

    public IReadOnlyList<Property> Properties => _properties;

    /// <summary>A request has it: it may not grow any more.</summary>
    public bool IsInRequest { get; set; }

    /// <summary>Two shapes of one key are the same record.</summary>
    public string Key => KeyOf(_properties);

    public static string KeyOf(IEnumerable<Property> properties) => string.Join("\n", properties.Select(property => property.Key));

    /// <summary>True: an answer of this type name and these members is the same thing.</summary>
    public bool Takes(string typeName, IReadOnlyList<Property> properties)
        => !IsInRequest && _typeName == typeName && properties.All(property => property.Name != Name && Agrees(property));

    public void Merge(IReadOnlyList<Property> properties)
    {
        foreach (var property in properties)
        {
            var at = _properties.FindIndex(other => other.Field.Name == property.Field.Name);
            if (at < 0) _properties.Add(property);
            else if (IsEnumOfText(property, _properties[at])) _properties[at] = property;
        }
    }

    private bool Agrees(Property property) => Like(property) is { } known
        ? known.Name == property.Name && (known.Key == property.Key || IsEnumOfText(known, property) || IsEnumOfText(property, known))
        : _properties.All(other => !string.Equals(other.Name, property.Name, System.StringComparison.OrdinalIgnoreCase));

    /// <summary>One page lists the values, the other only says "string".</summary>
    private static bool IsEnumOfText(Property one, Property other) => one.Type.Kind == TypeKind.Enum && other.Type.Kind == TypeKind.Text;

    private Property? Like(Property property) => _properties.FirstOrDefault(other => other.Field.Name == property.Field.Name);
}
