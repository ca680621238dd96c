using System.Text.Json.Nodes;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Importing;

/// <summary>The action module is gone: one component stands for itself, several stand in columns.</summary>
internal static class ActionImport
{
    public static List<JsonObject> Convert(ImportRun run, JsonObject action)
    {
        var items = new List<JsonObject>();
        if (action["actions"] is JsonArray actions)
        {
            run.Path.Push("actions");
            foreach (var item in ElementImport.List(run, actions)) items.Add((JsonObject)item!.DeepClone());
            run.Path.Pop();
        }

        if (items.Count < 2) return items;
        var layout = ImportRun.Text(action, "layout");
        var columns = new JsonArray();
        foreach (var item in items) columns.Add(Column(item, layout is "bisected" or "trisection"));
        return
        [
            new JsonObject
            {
                ["tag"] = "column_set",
                ["flex_mode"] = layout switch { "bisected" => "bisect", "trisection" => "trisect", _ => "flow" },
                ["horizontal_spacing"] = "8px",
                ["columns"] = columns,
            },
        ];
    }

    private static JsonObject Column(JsonObject item, bool shares)
    {
        if (shares && CardSchema.Instance.V2.Components[ImportRun.Text(item, "tag")!].Fields.Find("width") is not null && !item.ContainsKey("width")) item["width"] = "fill";
        var column = new JsonObject { ["tag"] = "column", ["width"] = shares ? "weighted" : "auto", ["elements"] = new JsonArray(item) };
        if (shares) column["weight"] = 1;
        return column;
    }
}
