using System;
using System.Collections.Generic;
using System.Linq;
using Larkspur.Feishu.ApiGenerator.Facts;
using Larkspur.Feishu.ApiGenerator.Writing;

namespace Larkspur.Client.Generator;

/// <summary>Writes a record for each schema that operations need, and finds the C# type of any schema.</summary>
internal sealed class RecordWriter
{
    private const string Reference = "#/components/schemas/";
    private readonly Dictionary<string, JsonValue> _schemas;
    private readonly Queue<(string Name, JsonValue Schema, bool Sent)> _wanted = new();
    private readonly HashSet<string> _sent = new(StringComparer.Ordinal);
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);
    private bool _inSent = true;

    public RecordWriter(JsonValue document)
    {
        var schemas = document["components"]?["schemas"] ?? throw new FormatException("There are no schemas.");
        _schemas = schemas.Members.ToDictionary(s => s.Key, s => s.Value, StringComparer.Ordinal);
        foreach (var operation in (document["paths"]?.Members ?? []).SelectMany(p => p.Value.Members))
        {
            if (operation.Value["requestBody"] is { } body) FollowSent(body);
        }
    }

    /// <summary>The C# type, without a question mark; <paramref name="nullable"/> tells whether the schema allows null.</summary>
    /// <param name="schema">Any schema.</param>
    /// <param name="place">Name for a record that the schema writes out in place.</param>
    /// <param name="nullable">It allows null.</param>
    public string TypeOf(JsonValue schema, string place, out bool nullable)
    {
        nullable = false;
        if (schema["$ref"] is { } reference) return Referenced(reference.Text);
        var choices = (schema["oneOf"] ?? schema["anyOf"])?.Items;
        if (choices is not null)
        {
            var real = choices.Where(c => c["type"]?.Text != "null").ToList();
            nullable = real.Count < choices.Count;
            if (real.Count != 1) return Json;
            var only = TypeOf(real[0], place, out var inner);
            nullable |= inner;
            return only;
        }

        switch (KindOf(schema, out nullable))
        {
            case "string": return schema["format"]?.Text == "date-time" ? "global::System.DateTimeOffset" : "string";
            case "integer": return schema["format"]?.Text == "int32" ? "int" : "long";
            case "number": return "double";
            case "boolean": return "bool";
            case "array": return $"global::System.Collections.Generic.IReadOnlyList<{Item(schema["items"], place)}>";
            case "object" when schema["properties"] is not null: return Want(place, schema, _inSent);
            case "object" when schema["additionalProperties"] is { Kind: JsonKind.Object } values:
                return $"global::System.Collections.Generic.IReadOnlyDictionary<string, {Item(values, place)}>";
            default: return Json;
        }
    }

    /// <summary>The record of a schema, whether an operation names it or not.</summary>
    public void Need(string schema) => Referenced(Reference + schema);

    /// <summary>All records that were asked for, and those that these need.</summary>
    public string Write()
    {
        var code = GeneratedFile.Begin();
        while (_wanted.Count > 0)
        {
            var (name, schema, sent) = _wanted.Dequeue();
            _inSent = sent;
            Write(code, name, schema);
        }

        return code.ToString();
    }

    private const string Json = "global::System.Text.Json.JsonElement";

    private static readonly HashSet<string> Values = new(["int", "long", "double", "bool", "global::System.DateTimeOffset"], StringComparer.Ordinal);

    /// <summary>Notes the schemas of what is sent.</summary>
    private void FollowSent(JsonValue value)
    {
        if (value["$ref"]?.Text is { } reference && reference.StartsWith(Reference, StringComparison.Ordinal))
        {
            var name = reference.Substring(Reference.Length);
            if (_sent.Add(name) && _schemas.TryGetValue(name, out var schema)) FollowSent(schema);
        }

        foreach (var member in value.Members) FollowSent(member.Value);
        foreach (var item in value.Items) FollowSent(item);
    }

    private static string KindOf(JsonValue schema, out bool nullable)
    {
        nullable = false;
        if (schema["type"] is not { } type) return "";
        if (type.Kind == JsonKind.Text) return type.Text;
        var kinds = type.Items.Select(i => i.Text).ToList();
        nullable = kinds.Remove("null");
        return kinds.Count == 1 ? kinds[0] : "";
    }

    private string Item(JsonValue? schema, string place)
    {
        if (schema is null) return Json;
        var type = TypeOf(schema, place + "Item", out var nullable);
        return nullable ? type + "?" : type;
    }

    private string Referenced(string reference)
    {
        if (!reference.StartsWith(Reference, StringComparison.Ordinal)) throw new NotSupportedException($"the reference {reference}");
        var name = reference.Substring(Reference.Length);
        if (!_schemas.TryGetValue(name, out var schema)) throw new FormatException($"{reference} leads nowhere.");
        return schema["properties"] is null ? TypeOf(schema, Names.Pascal(name), out _) : Want(Names.Pascal(name), schema, _sent.Contains(name));
    }

    private string Want(string name, JsonValue schema, bool sent)
    {
        if (_named.Add(name)) _wanted.Enqueue((name, schema, sent));
        return name;
    }

    private void Write(Code code, string name, JsonValue schema)
    {
        var required = new HashSet<string>((schema["required"]?.Items ?? Array.Empty<JsonValue>()).Select(r => r.Text), StringComparer.Ordinal);
        code.Summary(schema["description"]?.Text);
        code.Open($"public sealed record {name}");
        foreach (var member in schema["properties"]!.Members)
        {
            var property = Names.Pascal(member.Key);
            // A member may not be called like its type.
            if (property == name) property += "Value";
            var type = TypeOf(member.Value, name + Names.Pascal(member.Key), out var nullable);
            var needed = required.Contains(member.Key) && !nullable;
            code.Summary(member.Value["description"]?.Text);
            code.Line($"[global::System.Text.Json.Serialization.JsonPropertyName({Code.Literal(member.Key)})]");
            // What is only received has its plain values always; what is sent may leave them out.
            var always = !needed && !nullable && !_inSent && Values.Contains(type);
            code.Line($"public {(needed ? "required " : "")}{type}{(needed || always ? "" : "?")} {property} {{ get; init; }}").Line();
        }

        code.Close().Line();
    }
}
