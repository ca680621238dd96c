using System.Text.Json.Nodes;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Importing;

/// <summary>A div keeps its text; fields become columns of two in a row, what stood beside the text becomes a column.</summary>
internal static class DivImport
{
    private static readonly SchemaComponent Div = CardSchema.Instance.V2.Components["div"];

    public static FieldSet TextFields { get; } = Div.Fields.Find("text")!.Fields!;

    public static List<JsonObject> Convert(ImportRun run, JsonObject div)
    {
        var source = (JsonObject)div.DeepClone();
        var (fields, extra) = (source["fields"] as JsonArray, source["extra"] as JsonObject);
        source.Remove("fields");
        source.Remove("extra");
        var result = new List<JsonObject>();
        if (source.ContainsKey("text") || source.ContainsKey("icon")) result.Add(run.Keep(source, Div.Fields));
        if (fields is not null) result.AddRange(RootImport.At(run, "fields", () => Fields(run, fields)));
        return extra is null ? result : [Beside(result, RootImport.At(run, "extra", () => ElementImport.List(run, [extra.DeepClone()])))];
    }

    private static List<JsonObject> Fields(ImportRun run, JsonArray fields)
    {
        var result = new List<JsonObject>();
        JsonArray? row = null;
        for (var i = 0; i < fields.Count; i++)
        {
            if (fields[i] is not JsonObject field || field["text"] is not JsonObject text) continue;
            run.Path.Push(i);
            var cell = new JsonObject { ["tag"] = "div", ["text"] = run.Keep(TextImport.Translated(text), TextFields) };
            run.Path.Pop();
            var isShort = field["is_short"] is JsonValue value && value.TryGetValue(out bool flag) && flag;
            if (!isShort)
            {
                row = null;
                result.Add(cell);
                continue;
            }

            if (row is null || row.Count == 2)
            {
                row = [];
                result.Add(new JsonObject { ["tag"] = "column_set", ["flex_mode"] = "bisect", ["columns"] = row });
            }

            row.Add(new JsonObject { ["tag"] = "column", ["width"] = "weighted", ["weight"] = 1, ["elements"] = new JsonArray(cell) });
        }

        return result;
    }

    private static JsonObject Beside(List<JsonObject> left, JsonArray right)
    {
        var texts = new JsonArray();
        foreach (var element in left) texts.Add(element);
        return new JsonObject
        {
            ["tag"] = "column_set",
            ["columns"] = new JsonArray(
                new JsonObject { ["tag"] = "column", ["width"] = "weighted", ["weight"] = 1, ["elements"] = texts },
                new JsonObject { ["tag"] = "column", ["width"] = "auto", ["vertical_align"] = "center", ["elements"] = right }),
        };
    }
}
