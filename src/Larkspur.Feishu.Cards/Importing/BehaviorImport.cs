using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Cards.Importing;

/// <summary>url, multi_url, value, action_type of JSON 1.0 become behaviors and form_action_type.</summary>
internal static class BehaviorImport
{
    public static void Convert(ImportRun run, JsonObject source, string tag)
    {
        if (tag == "button") FormAction(run, source);
        if (tag is not ("button" or "input" or "overflow" or "select_static" or "select_person" or "multi_select_static" or "multi_select_person"
            or "date_picker" or "picker_time" or "picker_datetime" or "select_img" or "checker")) return;
        var hadBehaviors = source["behaviors"] is JsonArray { Count: > 0 };
        var behaviors = new JsonArray();
        if (!hadBehaviors && tag == "button" && OpenUrl(source) is { } open) behaviors.Add(open);
        if (!hadBehaviors && source["value"] is JsonObject or JsonValue && Callback(run, source["value"]!) is { } callback) behaviors.Add(callback);
        foreach (var name in (ReadOnlySpan<string>)["url", "multi_url", "value", "complex_interaction"]) source.Remove(name);
        if (behaviors.Count > 0) source["behaviors"] = behaviors;
    }

    private static void FormAction(ImportRun run, JsonObject source)
    {
        var action = ImportRun.Text(source, "action_type");
        source.Remove("action_type");
        if (action is "form_submit" or "form_reset") source["form_action_type"] = action[5..];
        else if (action is not null && action is not ("link" or "request" or "multi")) run.NoteAt("action_type", $"\"{action}\" has no counterpart and was left out.");
    }

    private static JsonObject? OpenUrl(JsonObject source)
    {
        var urls = source["multi_url"] as JsonObject ?? source;
        var main = ImportRun.Text(urls, "url") is { Length: > 0 } url ? url : ImportRun.Text(urls, "pc_url") is { Length: > 0 } pc ? pc
            : ImportRun.Text(urls, "android_url") is { Length: > 0 } android ? android : ImportRun.Text(urls, "ios_url");
        if (string.IsNullOrEmpty(main)) return null;
        var open = new JsonObject { ["type"] = "open_url", ["default_url"] = main };
        foreach (var name in (ReadOnlySpan<string>)["pc_url", "ios_url", "android_url"])
        {
            if (ImportRun.Text(urls, name) is { Length: > 0 } special) open[name] = special;
        }

        return open;
    }

    private static JsonObject? Callback(ImportRun run, JsonNode value)
    {
        if (value is JsonObject { Count: 0 }) return null;
        if (value is JsonObject || value.GetValueKind() == System.Text.Json.JsonValueKind.String) return new JsonObject { ["type"] = "callback", ["value"] = value.DeepClone() };
        run.NoteAt("value", "A callback's value is an object or a string; this one was wrapped into {\"value\":…}.");
        return new JsonObject { ["type"] = "callback", ["value"] = new JsonObject { ["value"] = value.DeepClone() } };
    }
}
