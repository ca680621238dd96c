namespace Larkspur.Feishu.ApiGenerator.Writing;

/// <summary>A C# type as written in generated code, always from <c>global::</c>: catalogue names such as Task or String shadow everything else.</summary>
internal sealed class TypeRef
{
    public const string Text = "string";

    private TypeRef(string name, TypeKind kind, TypeRef? item)
    {
        Name = name;
        Kind = kind;
        Item = item;
    }

    public string Name { get; }

    public TypeKind Kind { get; }

    /// <summary>Of a list: what it holds.</summary>
    public TypeRef? Item { get; }

    public static TypeRef Of(string name, TypeKind kind) => new(name, kind, null);

    public static TypeRef ListOf(TypeRef item) => new("global::System.Collections.Generic.IReadOnlyList<" + item.Name + ">", TypeKind.List, item);
}

internal enum TypeKind { Text, Enum, Number, Boolean, File, Json, List }
