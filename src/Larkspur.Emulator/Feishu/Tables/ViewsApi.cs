using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Tables.Search;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>A table's views. Source: bitable-v1/app-table-view/list, create, get, patch, delete.</summary>
internal sealed class ViewsApi(EmulatorState state, TableWrites writes, WriteGate gate) : IApiArea
{
    private const int MostViews = 200;

    public void Register(ApiHandlers on)
    {
        on.Add("bitable.v1.app.table.view.list", List);
        on.Add("bitable.v1.app.table.view.create", Create);
        on.Add("bitable.v1.app.table.view.get", Get);
        on.Add("bitable.v1.app.table.view.patch", Patch);
        on.Add("bitable.v1.app.table.view.delete", Delete);
    }

    public static HashSet<string> HiddenFields(TableView view) =>
        [.. (Property(view)["hidden_fields"] as JsonArray ?? []).OfType<JsonValue>().Select(v => v.GetValue<string>())];

    private static JsonObject Property(TableView view) => view.Property.Length == 0 ? [] : JsonNode.Parse(view.Property)!.AsObject();

    private static JsonObject Show(TableView view, bool property = false)
    {
        var shown = new JsonObject { ["view_id"] = view.ViewId, ["view_name"] = view.Name, ["view_type"] = view.Type };
        if (property && Property(view) is { Count: > 0 } kept) shown["property"] = kept;
        return shown;
    }

    private static ApiAnswer Answer(TableView view, bool property) =>
        FeishuAnswer.Data(new JsonObject { ["view"] = Show(view, property) });

    private ApiAnswer List(ApiRequest request)
    {
        var (_, table) = TableAccess.Table(state, request);
        return FeishuAnswer.Data(TableCall.Page(request, table.Views, v =>
        {
            var shown = Show(v);
            shown["view_public_level"] = "Public";
            return shown;
        }));
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var (_, table) = TableAccess.Table(state, request);
        return Answer(TableAccess.View(request, table, request.Path["view_id"]), property: true);
    }

    private ApiAnswer Create(ApiRequest request)
    {
        TableAccess.Table(state, request, write: true);
        gate.Pass(request);
        var made = writes.Change(request, edit =>
        {
            var table = TableAccess.Table(request, edit.Base);
            if (table.Views.Length >= MostViews) throw request.Refuse(1254101);
            var type = request.Text("view_type") is { Length: > 0 } wanted ? wanted : "grid";
            var view = new TableView(edit.NewId("vew", 7), Name(request, table, null), type);
            edit.Put(table.With(view), raise: false);
            return view;
        });
        return Answer(made, property: false);
    }

    private ApiAnswer Patch(ApiRequest request)
    {
        TableAccess.Table(state, request, write: true);
        gate.Pass(request);
        var changed = writes.Change(request, edit =>
        {
            var table = TableAccess.Table(request, edit.Base);
            var view = TableAccess.View(request, table, request.Path["view_id"]);
            if (request.Text("view_name") is not null) view = view with { Name = Name(request, table, view) };
            if (request.Body["property"] is JsonObject given)
                view = view with { Property = Changed(request, edit, table, Property(view), given) };
            edit.Put(table.With(view), raise: false);
            return view;
        });
        return Answer(changed, property: true);
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        TableAccess.Table(state, request, write: true);
        gate.Pass(request);
        writes.Change(request, edit =>
        {
            var table = TableAccess.Table(request, edit.Base);
            var view = TableAccess.View(request, table, request.Path["view_id"]);
            if (table.Views.Length == 1) throw request.Refuse(1254023);
            edit.Put(table with { Views = table.Views.Remove(view) }, raise: false);
            return true;
        });
        return FeishuAnswer.Data();
    }

    private static string Name(ApiRequest request, DataTable table, TableView? present)
    {
        var name = (request.Text("view_name") ?? "").Trim();
        if (name.Length == 0) throw request.Refuse(1254021);
        if (name.AsSpan().IndexOfAny('[', ']') >= 0) throw request.Refuse(1254022);
        return table.Views.Any(v => v.Name == name && v.ViewId != present?.ViewId) ? throw request.Refuse(1254020) : name;
    }

    /// <summary>Each part that is given replaces the one before; null takes it away.</summary>
    private string Changed(ApiRequest request, TableEdit edit, DataTable table, JsonObject kept, JsonObject given)
    {
        foreach (var (name, value) in given)
        {
            if (name is "filter_info" or "hidden_fields" or "hierarchy_config") kept.Remove(name);
            if (value is null) continue;
            if (name == "filter_info") kept[name] = Filter(request, edit, table, value.AsObject());
            if (name == "hierarchy_config") kept[name] = value.DeepClone();
            if (name != "hidden_fields") continue;
            // An empty place in the list names no field.
            var hidden = value.AsArray().Select(v => v is null ? null : table.Field(v.GetValue<string>())).ToArray();
            if (hidden.Any(f => f is null)) throw request.Refuse(1254044);
            if (hidden.Any(f => f!.IsPrimary)) throw request.Refuse(1254012);
            kept[name] = hidden.Select(f => f!.FieldId).ToJson();
        }

        return kept.Count == 0 ? "" : kept.ToJsonString();
    }

    private JsonObject Filter(ApiRequest request, TableEdit edit, DataTable table, JsonObject given)
    {
        var conditions = new Conditions(edit.Base, TableCall.People(state, request), state.Clock.GetUtcNow());
        var kept = new JsonArray();
        foreach (var condition in given["conditions"]!.AsArray().OfType<JsonObject>())
        {
            var field = table.Field(condition.TextOf("field_id")) ?? throw request.Refuse(1254044);
            if (ViewFilter.Read(condition, table, conditions) is null) throw request.Refuse(1254018);
            var shown = new JsonObject
            {
                ["condition_id"] = edit.NewId("con", 7), ["field_id"] = field.FieldId, ["field_type"] = field.Type,
                ["operator"] = condition.TextOf("operator"),
            };
            if (condition["value"] is { } value) shown["value"] = value.DeepClone();
            kept.Add(shown);
        }

        return new JsonObject { ["conjunction"] = given.TextOf("conjunction"), ["conditions"] = kept, ["condition_omitted"] = false };
    }
}
