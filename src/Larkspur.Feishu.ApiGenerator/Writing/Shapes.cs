using System;
using System.Collections.Generic;
using System.Linq;
using Larkspur.Feishu.ApiGenerator.Facts;
using Larkspur.Feishu.ApiGenerator.Names;

namespace Larkspur.Feishu.ApiGenerator.Writing;

/// <summary>The records of one namespace for nested objects.</summary>
/// <remarks>
/// Equal property lists are one record. Beyond that, answers that the reference gives the same type name are one record with the members of
/// all, where the members they share agree in type: what a message is does not depend on the call that returned it, and every member of an
/// answer may be missing anyway. Never so for requests: a member there promises that the endpoint takes it.
/// Shared within a service-version, not across: a release of one service must not rename the types of another.
/// </remarks>
internal sealed class Shapes
{
    private static readonly HashSet<string> VagueNames = new(StringComparer.Ordinal)
    {
        "Body", "Config", "Content", "Data", "Detail", "Entity", "Extra", "Field", "Filter", "Info", "Item", "List", "Meta", "Name", "Node", "Object", "Option", "Param", "Record",
        "Result", "Setting", "Settings", "Value",
    };

    private readonly string _namespace;
    private readonly NameScope _names;
    private readonly WireEnums _enums;
    private readonly Dictionary<string, Shape> _byKey = new(StringComparer.Ordinal);
    private readonly List<Shape> _records = new();

    public Shapes(string ns, NameScope names, WireEnums enums)
    {
        _namespace = ns;
        _names = names;
        _enums = enums;
    }

    public int Count => _records.Count;

    /// <summary>Names a field list's properties and resolves their types.</summary>
    /// <param name="fields">The fields.</param>
    /// <param name="forRequest">The caller fills it: required members, and open objects take any object.</param>
    /// <param name="owner">What nested shapes without a good name of their own are named after.</param>
    /// <param name="place">Where the fields travel.</param>
    /// <param name="names">The names already taken in the record.</param>
    public List<Property> Properties(IEnumerable<Field> fields, bool forRequest, string owner, FieldPlace place, NameScope names)
    {
        var properties = new List<Property>();
        foreach (var field in fields)
        {
            var name = Words.Pascal(field.Name, "Field");
            var suffixed = name + (place == FieldPlace.Body ? "Field" : "In" + place);
            properties.Add(new Property(names.Take(name, suffixed), TypeOf(field, forRequest, owner), field, place, forRequest && field.Required));
        }

        return properties;
    }

    /// <summary>Names that a record's properties may not have.</summary>
    public static NameScope MemberNames(params string[] more)
    {
        var scope = new NameScope("Clone", "Equals", "EqualityContract", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "PrintMembers", "ToString", "ToCall");
        foreach (var name in more) scope.Reserve(name);
        return scope;
    }

    /// <summary>The record of a field list.</summary>
    public TypeRef RecordOf(IReadOnlyList<Field> fields, string? typeName, string fieldName, bool forRequest, string owner)
    {
        var properties = Properties(fields, forRequest, owner, FieldPlace.Body, MemberNames());
        var key = Shape.KeyOf(properties);
        if (!_byKey.TryGetValue(key, out var shape) || (forRequest && shape.Key != key))
        {
            shape = forRequest || typeName is null ? null : _records.FirstOrDefault(other => other.Takes(typeName, properties));
            if (shape is null) _records.Add(shape = new Shape(Name(typeName, fieldName, owner, properties), typeName, properties));
            else shape.Merge(properties);
            _byKey[key] = shape;
        }

        shape.IsInRequest |= forRequest;
        return TypeRef.Of("global::" + _namespace + "." + shape.Name, TypeKind.Json);
    }

    public void Write(Code code)
    {
        foreach (var record in _records) WriteRecord(code, record.Name, record.Properties);
    }

    public static void WriteRecord(Code code, string name, IReadOnlyList<Property> properties, string? basis = null, bool isForm = false)
    {
        code.Open("public sealed partial record " + name + basis);
        foreach (var property in properties) property.Write(code, isForm);
        if (properties.Any(property => property.Field.IsSecret))
        {
            code.Line("/// <summary>The name alone: there are secrets among the members.</summary>");
            code.Line("public override string ToString() => " + Code.Literal(name) + ";");
        }

        code.Close();
    }

    private string Name(string? typeName, string fieldName, string owner, List<Property> properties)
    {
        var own = Words.Pascal(fieldName, "Field");
        if (typeName is not null) own = Words.Pascal(typeName.Substring(typeName.LastIndexOf('.') + 1), "Field");
        own = Words.Singular(own);
        var owned = Words.Join(owner, own);
        var candidates = VagueNames.Contains(own) ? new[] { owned } : new[] { own, owned };

        // A record cannot have a property of its own name.
        return _names.Take(candidates, candidate => properties.All(property => property.Name != candidate));
    }

    private TypeRef TypeOf(Field field, bool forRequest, string owner)
    {
        var type = ElementOf(field, forRequest, owner);
        for (var depth = 0; depth < field.Depth; depth++) type = TypeRef.ListOf(type);
        return type;
    }

    private TypeRef ElementOf(Field field, bool forRequest, string owner)
    {
        switch (field.Type)
        {
            case "string":
                return field.IsWireEnum ? TypeRef.Of(_enums.Of(field).FullName, TypeKind.Enum) : TypeRef.Of("string", TypeKind.Text);
            case "int":
                // The catalogue does not tell 32 from 64 bit, and ids and milliseconds are among them. A page is never that long.
                return TypeRef.Of(field.Name == "page_size" ? "int" : "long", TypeKind.Number);
            case "number":
                return TypeRef.Of("double", TypeKind.Number);
            case "boolean":
                return TypeRef.Of("bool", TypeKind.Boolean);
            case "file":
                return TypeRef.Of("global::Larkspur.Feishu.FeishuFile", TypeKind.File);
            case "object" when field.Fields.Count > 0:
                return RecordOf(field.Fields, field.TypeName, field.Name, forRequest, owner);
            case "map":
                return TypeRef.Of("global::System.Collections.Generic.IReadOnlyDictionary<string, " + MapValue(field, forRequest, owner) + ">", TypeKind.Json);
            case "object":
            case "any":
                return Open(forRequest);
            default:
                throw new NotSupportedException($"Field {field.Name} has the unknown type {field.Type}.");
        }
    }

    private string MapValue(Field field, bool forRequest, string owner) => field.ValueType switch
    {
        "string" => "string",
        "int" => "long",
        "number" => "double",
        "boolean" => "bool",
        "object" when field.Fields.Count > 0 => RecordOf(field.Fields, field.TypeName, field.Name, forRequest, owner).Name,
        _ => forRequest ? "object?" : "global::System.Text.Json.JsonElement",
    };

    private static TypeRef Open(bool forRequest) => TypeRef.Of(forRequest ? "object" : "global::System.Text.Json.JsonElement", TypeKind.Json);
}
