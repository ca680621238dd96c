using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>Validates what was filled in against the form: every value belongs to a control and has its shape, and what is required is there.</summary>
internal sealed class FormValidator(ControlValues values)
{
    public const int MostFiles = 6;
    private const int MostContents = 500;
    private const int MostRows = 200;
    /// <summary>These hold no value: nothing to fill in, or worked out by the platform.</summary>
    private static readonly string[] Silent = ["Tips", "Formula"];

    /// <exception cref="WeComRefusal">301025.</exception>
    public ImmutableArray<ApprovalField> Read(ApprovalTemplate template, JsonObject applyData)
    {
        var files = 0;
        return Contents(template.Controls, applyData, "contents", ref files);
    }

    private ImmutableArray<ApprovalField> Contents(ImmutableArray<ApprovalControl> controls, JsonObject holder, string name, ref int files)
    {
        var items = WeComJson.Objects(holder, name) ?? throw ApprovalRefusal.Param($"{name} is missing");
        if (items.Count > MostContents) throw ApprovalRefusal.Param($"{name} has {MostContents} entries at most");
        var filled = new Dictionary<string, ApprovalField>(StringComparer.Ordinal);
        foreach (var item in items)
        {
            var (kind, id) = (WeComJson.Text(item, "control"), WeComJson.Text(item, "id"));
            var control = controls.FirstOrDefault(c => c.Id == id) ?? throw ApprovalRefusal.Param($"the form has no control {id}");
            if (control.Control != kind) throw ApprovalRefusal.Param($"{id} is no {kind}");
            if (Silent.Contains(control.Control)) continue;
            var value = WeComJson.Object(item, "value") ?? throw ApprovalRefusal.Param($"{id} has no value");
            var field = control.Control == "Table" ? Table(control, value, ref files) : values.Read(control, value);
            if (control.Control == "File") files += (value["files"] as JsonArray)?.Count ?? 0;
            if (files > MostFiles) throw ApprovalRefusal.Param($"a request has {MostFiles} files at most");
            if (field is not null && !filled.TryAdd(control.Id, field)) throw ApprovalRefusal.Param($"{id} is there twice");
        }

        var empty = controls.FirstOrDefault(c => c.Required && !Silent.Contains(c.Control) && !filled.ContainsKey(c.Id));
        // In the order of the form, whatever the order of the call.
        return empty is null ? [.. controls.Where(c => filled.ContainsKey(c.Id)).Select(c => filled[c.Id])] : throw ApprovalRefusal.Param($"{empty.Id} is required");
    }

    private ApprovalField? Table(ApprovalControl table, JsonObject value, ref int files)
    {
        var rows = WeComJson.Objects(value, "children") ?? throw ApprovalRefusal.Param($"{table.Id} has no children");
        if (rows.Count > MostRows) throw ApprovalRefusal.Param($"a table has {MostRows} rows at most");
        var read = new List<ImmutableArray<ApprovalField>>();
        foreach (var row in rows) read.Add(Contents(table.Children, row, "list", ref files));
        if (read.Count == 0) return null;
        var shown = new JsonObject
        {
            ["children"] = WeComJson.List(read.Select(r => new JsonObject { ["list"] = new JsonArray([.. r.Select(f => JsonNode.Parse(f.Content))]) })), ["stat_field"] = new JsonArray(),
        };
        string Lines(bool chinese) => string.Join('\n', read.Select(r => string.Join(" · ", r.Select(f => $"{LocalTexts.Of(f.Label, chinese)} {(chinese ? f.Text : f.EnText)}"))));
        return ControlValues.Field(table, shown, Lines(chinese: true), Lines(chinese: false));
    }
}
