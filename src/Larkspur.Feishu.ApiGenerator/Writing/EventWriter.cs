using System;
using System.Collections.Generic;
using System.Linq;
using Larkspur.Feishu.ApiGenerator.Facts;
using Larkspur.Feishu.ApiGenerator.Names;

namespace Larkspur.Feishu.ApiGenerator.Writing;

/// <summary>Writes one record per event type, named after the whole wire name: <c>im.message.receive_v1</c> → <c>ImMessageReceiveV1</c>.</summary>
internal sealed class EventWriter
{
    public const string Namespace = "Larkspur.Feishu.Events";
    public const string PartsNamespace = "Larkspur.Feishu.Events.Parts";

    private readonly IReadOnlyList<EventType> _events;
    private readonly NameScope _names;
    private readonly Shapes _shapes;
    private readonly Action<string, string> _add;

    public EventWriter(IReadOnlyList<EventType> events, NameScope parts, WireEnums enums, Action<string, string> add)
    {
        _events = events;
        _add = add;
        _names = new NameScope();
        _shapes = new Shapes(PartsNamespace, parts, enums);
    }

    public static string NameOf(EventType type) => Words.Pascal(type.Name);

    public void Write()
    {
        var code = Start(Namespace);
        var list = Start(Namespace);
        list.Open("public static partial class FeishuEvents");
        list.Line("private static FeishuEventFact[] Facts() =>");
        list.Line("[");
        foreach (var type in _events)
        {
            var name = type.HandWritten ?? _names.Take(NameOf(type));
            if (type.HandWritten is null) WriteRecord(code, type, name);
            list.Line("new(" + Code.Literal(type.Name) + ", " + Code.Literal(type.Version) + ", " + "typeof(global::" + Namespace + "." + name + ")"
                + ", " + (type.IsCallback ? "true" : "false") + ", " + (type.Deprecated ? "true" : "false") + ", " + Code.Literal(string.Join(" ", type.Scopes)) + "),");
        }

        list.Line("];");
        list.Close();
        _add("Events.g.cs", code.ToString());
        _add("Events.List.g.cs", list.ToString());

        var parts = Start(PartsNamespace);
        _shapes.Write(parts);
        _add("Events.Parts.g.cs", parts.ToString());
    }

    private void WriteRecord(Code code, EventType type, string name)
    {
        var properties = _shapes.Properties(type.Fields, false, name, FieldPlace.Body, Shapes.MemberNames(name, "EventType"));
        code.Line("");
        Docs.Write(code, type);
        if (type.Deprecated) code.Line("[global::System.Obsolete(\"The platform documents this event as historic.\")]");
        Shapes.WriteRecord(code, name, properties, " : IFeishuEvent");
        code.Open("partial record " + name);
        code.Line("/// <inheritdoc/>");
        code.Line("public static string EventType => " + Code.Literal(type.Name) + ";");
        code.Close();
    }

    private static Code Start(string ns)
    {
        var code = GeneratedFile.Begin();
        code.Line("namespace " + ns + ";");
        return code;
    }
}
