using System.Buffers;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>A base's tables. Source: bitable-v1/app-table/list, create, batch_create, patch, delete, batch_delete.</summary>
/// <remarks>100 tables; a table without fields of its own begins with one of text. UNVERIFIED: what that one is called.</remarks>
internal sealed class TablesApi(EmulatorState state, TableWrites writes, WriteGate gate) : IApiArea
{
    private const int MostTables = 100;
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(@"[]:\/?*");

    public void Register(ApiHandlers on)
    {
        on.Add("bitable.v1.app.table.list", r => FeishuAnswer.Data(TableCall.Page(r, TableAccess.Base(state, r).Tables, Show)));
        on.Add("bitable.v1.app.table.create", Create);
        on.Add("bitable.v1.app.table.batch_create", CreateMany);
        on.Add("bitable.v1.app.table.patch", Rename);
        on.Add("bitable.v1.app.table.delete", r => Delete(r, [r.Path["table_id"]]));
        on.Add("bitable.v1.app.table.batch_delete", r => Delete(r, r.Texts("table_ids")));
    }

    /// <summary>A table of one field of text and one view.</summary>
    public static DataTable Plain(TableEdit edit, string name, string viewName = "表格") => new()
    {
        TableId = edit.NewId("tbl", 13), Name = name, Views = [new TableView(edit.NewId("vew", 7), viewName, "grid")],
        Fields = [new TableField { FieldId = edit.NewId("fld", 7), Name = "文本", Type = FieldTypes.Text, UiType = "Text",
            IsPrimary = true }],
    };

    private static JsonObject Show(DataTable table) =>
        new() { ["table_id"] = table.TableId, ["revision"] = table.Revision, ["name"] = table.Name };

    private ApiAnswer Create(ApiRequest request)
    {
        TableAccess.Base(state, request, write: true);
        gate.Pass(request);
        var given = request.Body["table"] as JsonObject ?? throw request.Refuse(1254001);
        var viewName = given.TextOf("default_view_name");
        if (viewName.Length > 100 || viewName.AsSpan().IndexOfAny('[', ']') >= 0) throw request.Refuse(1254022);
        var table = writes.Change(request, edit =>
        {
            var made = Plain(edit, Name(request, edit, given), viewName.Length > 0 ? viewName : "表格");
            if (given["fields"] is not JsonArray { Count: > 0 } fields) return Put(edit, made);
            Put(edit, made with { Fields = [] });
            foreach (var (index, field) in fields.OfType<JsonObject>().Index())
            {
                var type = FieldsApi.Make(request, edit, made.TableId, field, primary: index == 0).Type;
                if (index == 0 && !FieldTypes.MayBePrimary(type)) throw request.Refuse(1254012);
            }

            // It begins as one change.
            return Put(edit, edit.Table(made.TableId) with { Revision = 1 });
        });
        return FeishuAnswer.Data(new JsonObject
        {
            ["table_id"] = table.TableId, ["default_view_id"] = table.Views[0].ViewId,
            ["field_id_list"] = table.Fields.Select(f => f.FieldId).ToJson(),
        });
    }

    private ApiAnswer CreateMany(ApiRequest request)
    {
        TableAccess.Base(state, request, write: true);
        gate.Pass(request);
        var given = (request.Body["tables"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        if (given.Length == 0) throw request.Refuse(1254007);
        var ids = writes.Change(request, edit => given.Select(g => Put(edit, Plain(edit, Name(request, edit, g))).TableId).ToArray());
        return FeishuAnswer.Data(new JsonObject { ["table_ids"] = ids.ToJson() });
    }

    private ApiAnswer Rename(ApiRequest request)
    {
        TableAccess.Table(state, request, write: true);
        gate.Pass(request);
        var name = writes.Change(request, edit =>
        {
            var table = TableAccess.Table(request, edit.Base);
            if (request.Text("name") is not { Length: > 0 } wanted || wanted == table.Name) return table.Name;
            if (edit.Base.Tables.Any(t => t.Name == wanted)) throw request.Refuse(1254013);
            edit.Put(edit.Base);
            edit.Put(table with { Name = wanted }, raise: true);
            return wanted;
        });
        return FeishuAnswer.Data(new JsonObject { ["name"] = name });
    }

    private ApiAnswer Delete(ApiRequest request, IReadOnlyList<string> ids)
    {
        TableAccess.Base(state, request, write: true);
        gate.Pass(request);
        if (ids.Count == 0) throw request.Refuse(1254007);
        writes.Change(request, edit =>
        {
            foreach (var id in ids)
            {
                if (!id.StartsWith("tbl", StringComparison.Ordinal)) throw request.Refuse(1254004);
                if (edit.Base.Table(id) is null) throw request.Refuse(1254041);
            }

            var left = edit.Base.Tables.RemoveAll(t => ids.Contains(t.TableId));
            if (left.IsEmpty) throw request.Refuse(1254034);
            edit.Put(edit.Base with { Tables = left });
            return true;
        });
        return FeishuAnswer.Data();
    }

    private static string Name(ApiRequest request, TableEdit edit, JsonObject given)
    {
        if (edit.Base.Tables.Length >= MostTables) throw request.Refuse(1254100);
        var name = given.TextOf("name") is { Length: > 0 } wanted ? wanted : "数据表";
        if (name.AsSpan().ContainsAny(Forbidden)) throw request.Refuse(1254001);
        return edit.Base.Tables.Any(t => t.Name == name) ? throw request.Refuse(1254013) : name;
    }

    private static DataTable Put(TableEdit edit, DataTable table)
    {
        if (edit.Base.Table(table.TableId) is null) edit.Put(edit.Base.With(table));
        else edit.Put(table, raise: false);
        return table;
    }
}
