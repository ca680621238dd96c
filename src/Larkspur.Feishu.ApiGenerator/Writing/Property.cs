using Larkspur.Feishu.ApiGenerator.Facts;
using Larkspur.Feishu.ApiGenerator.Names;

namespace Larkspur.Feishu.ApiGenerator.Writing;

internal enum FieldPlace { Body, Query, Path, Header }

/// <summary>One property of a generated record.</summary>
internal sealed class Property
{
    public Property(string name, TypeRef type, Field field, FieldPlace place, bool required)
    {
        Name = name;
        Type = type;
        Field = field;
        Place = place;
        Required = required;
    }

    public string Name { get; }

    public TypeRef Type { get; }

    public Field Field { get; }

    public FieldPlace Place { get; }

    public bool Required { get; }

    /// <summary>What makes two shapes equal: names, types and whether they must be given.</summary>
    public string Key => Field.Name + ":" + Type.Name + (Required ? "!" : "?") + (Field.Deprecated ? "-" : "");

    public void Write(Code code, bool isForm = false)
    {
        if (Docs.Of(Field) is { } doc) code.Line("/// <summary>" + doc + "</summary>");

        // The compiler refuses it on a required member (CS9042): there the doc says so.
        if (Field.Deprecated && !Required) code.Line("[global::System.Obsolete(\"The platform has deprecated this field.\")]");

        // Not plain [JsonIgnore]: System.Text.Json refuses it on a required property, even for writing.
        if (Place != FieldPlace.Body) code.Line("[global::System.Text.Json.Serialization.JsonIgnore(Condition = global::System.Text.Json.Serialization.JsonIgnoreCondition.WhenWriting)]");
        else if (!isForm && Words.SnakeCase(Name) != Field.Name) code.Line("[global::System.Text.Json.Serialization.JsonPropertyName(" + Code.Literal(Field.Name) + ")]");

        code.Line("public " + (Required ? "required " : "") + Type.Name + (Required ? "" : "?") + " " + Name + " { get; init; }");
    }
}
