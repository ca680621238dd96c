using System;
using System.Collections.Generic;
using System.Linq;
using Larkspur.Feishu.ApiGenerator.Names;

namespace Larkspur.Feishu.ApiGenerator.Writing;

/// <summary>Writes the open enums of one namespace.</summary>
internal static class WireEnumWriter
{
    public static void Write(string ns, IEnumerable<WireEnum> types, Action<string, string> add)
    {
        var code = GeneratedFile.Begin();
        code.Line("namespace " + ns + ";");
        foreach (var type in types) Write(code, type);
        add(ns.Substring("Larkspur.Feishu.".Length) + ".Enums.g.cs", code.ToString());
    }

    private static void Write(Code code, WireEnum type)
    {
        var names = new NameScope("Equals", "GetHashCode", "ToString", "GetType", "Value", "From", "Deconstruct", "PrintMembers", type.Name);
        code.Line("");
        code.Line("/// <summary>Documented values of <c>" + type.Name + "</c>; others may come and may be sent.</summary>");
        code.Line("/// <param name=\"Value\">The text on the wire.</param>");
        code.Line("[global::System.Text.Json.Serialization.JsonConverter(typeof(global::Larkspur.Feishu.WireEnumJsonConverter<" + type.Name + ">))]");
        code.Open("public readonly record struct " + type.Name + "(string Value) : global::Larkspur.Feishu.IWireEnum<" + type.Name + ">");
        foreach (var value in type.Values)
        {
            var name = Words.Pascal(value, "N");
            code.Line("/// <summary><c>" + Docs.Escape(value) + "</c></summary>");
            code.Line("public static " + type.Name + " " + names.Take(name, name + "Value") + " => new(" + Code.Literal(value) + ");");
        }

        code.Line("/// <summary>Wraps a wire value, known or not.</summary>");
        code.Line("public static " + type.Name + " From(string value) => new(value);");
        code.Line("/// <summary>Wraps a wire value, known or not.</summary>");
        code.Line("public static implicit operator " + type.Name + "(string value) => new(value);");
        code.Line("/// <summary>The text on the wire.</summary>");
        code.Line("public override string ToString() => Value ?? \"\";");
        code.Close();
    }
}
