using System.Text.Json.Nodes;
using Larkspur.Feishu.Cards.Schema;

namespace Larkspur.Feishu.Cards.Importing;

/// <summary>Elements of JSON 1.0, one by one.</summary>
internal static class ElementImport
{
    public static JsonArray List(ImportRun run, JsonArray elements)
    {
        var result = new JsonArray();
        for (var i = 0; i < elements.Count; i++)
        {
            run.Path.Push(i);
            if (elements[i] is JsonObject element) foreach (var converted in Element(run, element)) result.Add(converted);
            else run.Note("This is no element and was left out.");
            run.Path.Pop();
        }

        return result;
    }

    private static List<JsonObject> Element(ImportRun run, JsonObject element)
    {
        switch (ImportRun.Text(element, "tag"))
        {
            case "action":
                return ActionImport.Convert(run, element);
            case "note":
                return [NoteImport.Convert(run, element)];
            case "div":
                return DivImport.Convert(run, element);
            case "plain_text" or "lark_md":
                return [new JsonObject { ["tag"] = "div", ["text"] = run.Keep(TextImport.Translated(element), DivImport.TextFields) }];
            case { } tag when CardSchema.Instance.V2.Components.TryGetValue(tag, out var component):
                return [Component(run, element, component)];
            case { } tag:
                run.Note($"\"{tag}\" is no component of JSON 2.0 and was left out.");
                return [];
            default:
                run.Note("An element without a tag was left out.");
                return [];
        }
    }

    public static JsonObject Component(ImportRun run, JsonObject element, SchemaComponent component)
    {
        var source = (JsonObject)TextImport.Translated(element).DeepClone();
        BehaviorImport.Convert(run, source, component.Tag);
        var outer = run.InForm;
        run.InForm |= component.Tag == "form";
        var confirm = component.Tag == "form" ? source["confirm"]?.DeepClone() : null;
        if (confirm is not null) source.Remove("confirm");
        var children = Detach(source, "elements");
        var columns = Detach(source, "columns");
        if (component.Tag is "person_list" && source["ud_icon"] is JsonObject icon && !source.ContainsKey("icon"))
        {
            source["icon"] = RootImport.LibraryIcon(icon);
            source.Remove("ud_icon");
        }

        if (run.InForm && (component.TakesInput || component.Tag == "button") && string.IsNullOrEmpty(ImportRun.Text(source, "name"))) source["name"] = run.NewName(component.Tag);
        var result = run.Keep(source, run.InForm ? component.FieldsInForm : component.Fields);
        if (ImportRun.Text(source, "name") is { } name && component.Tag == "button") result["name"] = name;
        if (columns is not null && component.Tag == "column_set") result["columns"] = RootImport.At(run, "columns", () => Columns(run, columns));
        else if (columns is not null) result["columns"] = columns;
        if (children is not null) result["elements"] = RootImport.At(run, "elements", () => List(run, children));
        if (confirm is not null) ConfirmOnSubmit(result, confirm);
        run.InForm = outer;
        return result;
    }

    private static JsonArray Columns(ImportRun run, JsonArray columns)
    {
        var result = new JsonArray();
        for (var i = 0; i < columns.Count; i++)
        {
            run.Path.Push(i);
            if (columns[i] is JsonObject column) result.Add(Component(run, column, CardSchema.Instance.V2.Components["column"]));
            run.Path.Pop();
        }

        return result;
    }

    /// <summary>The question of a form is asked by its button now.</summary>
    private static void ConfirmOnSubmit(JsonNode form, JsonNode confirm)
    {
        foreach (var node in Descendants(form))
        {
            if (ImportRun.Text(node, "form_action_type") == "submit" && !node.ContainsKey("confirm")) node["confirm"] = confirm.DeepClone();
        }
    }

    private static IEnumerable<JsonObject> Descendants(JsonNode node) => node switch
    {
        JsonObject o => o.Select(p => p.Value).OfType<JsonNode>().SelectMany(Descendants).Prepend(o),
        JsonArray a => a.OfType<JsonNode>().SelectMany(Descendants),
        _ => [],
    };

    private static JsonArray? Detach(JsonObject source, string name)
    {
        if (source[name] is not JsonArray list) return null;
        source.Remove(name);
        return list;
    }
}
