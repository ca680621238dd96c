using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Tables.Fields;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>A table's fields. Source: bitable-v1/app-table-field/list, create, update, delete.</summary>
/// <remarks>
/// A change replaces the whole property: options that are left out are gone, and the cells that held them lose them. A change of the type
/// empties the field's cells (UNVERIFIED: the platform converts some).
/// </remarks>
internal sealed class FieldsApi(EmulatorState state, TableWrites writes, WriteGate gate, ClientTokens tokens) : IApiArea
{
    internal const int MostFields = 300;
    private const int MostFormulas = 100;

    public void Register(ApiHandlers on)
    {
        on.Add("bitable.v1.app.table.field.list", List);
        on.Add("bitable.v1.app.table.field.create", Create, ownValidation: true);
        on.Add("bitable.v1.app.table.field.update", Update);
        on.Add("bitable.v1.app.table.field.delete", Delete);
    }

    /// <summary>A new field; a link in both directions makes its fellow in the other table.</summary>
    /// <exception cref="ApiRefusedException">1254105: 300 fields or 100 formulas.</exception>
    public static TableField Make(ApiRequest request, TableEdit edit, string tableId, JsonObject given, bool primary = false)
    {
        var table = edit.Table(tableId);
        var field = new FieldReader(request, edit).Read(given, table, null) with { IsPrimary = primary };
        if (table.Fields.Length >= MostFields) throw request.Refuse(1254105);
        if (field.Type == FieldTypes.Formula && table.Fields.Count(f => f.Type == FieldTypes.Formula) >= MostFormulas)
            throw request.Refuse(1254105);
        if (field is not { Type: FieldTypes.DuplexLink, LinkedTable: { } linked })
        {
            edit.Put(tableId, field);
            return field;
        }

        var property = given["property"] as JsonObject ?? [];
        var name = property.TextOf("back_field_name") is { Length: > 0 } named ? named : table.Name;
        var other = edit.Table(linked);
        for (var (n, wanted) = (1, name); other.FieldNamed(name) is not null; n++) name = $"{wanted} {n}";
        field = field with { BackField = edit.NewId("fld", 7) };
        edit.Put(tableId, field);
        edit.Put(linked, new TableField
        {
            FieldId = field.BackField, Name = name, Type = FieldTypes.DuplexLink, UiType = "DuplexLink", LinkedTable = tableId,
            BackField = field.FieldId,
        });
        return field;
    }

    private ApiAnswer List(ApiRequest request)
    {
        var (_, table) = TableAccess.Table(state, request);
        var view = request.QueryText("view_id") is { } id ? TableAccess.View(request, table, id) : null;
        var hidden = view is null ? [] : ViewsApi.HiddenFields(view);
        var asList = request.QueryFlag("text_field_as_array");
        return FeishuAnswer.Data(TableCall.Page(request, table.Fields, f =>
        {
            var shown = FieldView.Show(f, hidden: hidden.Contains(f.FieldId));
            if (asList && shown["description"] is JsonValue text)
                shown["description"] = new JsonArray(new JsonObject { ["type"] = "text", ["text"] = text.DeepClone() });
            return shown;
        }));
    }

    private ApiAnswer Create(ApiRequest request)
    {
        SerialRule.Check(request);
        return tokens.Run(request, () => Made(request));
    }

    private ApiAnswer Made(ApiRequest request)
    {
        TableAccess.Table(state, request, write: true);
        gate.Pass(request);
        var made = writes.Change(request, edit => Make(request, edit, TableAccess.Table(request, edit.Base).TableId, request.Body));
        return Answer(made);
    }

    private ApiAnswer Update(ApiRequest request)
    {
        TableAccess.Table(state, request, write: true);
        gate.Pass(request);
        var changed = writes.Change(request, edit =>
        {
            var table = TableAccess.Table(request, edit.Base);
            var old = TableAccess.Field(request, table);
            var now = new FieldReader(request, edit).Read(request.Body, table, old);
            if (now.IsPrimary && !FieldTypes.MayBePrimary(now.Type)) throw request.Refuse(1254012);
            if (old.Type == FieldTypes.DuplexLink && (now.Type != old.Type || now.LinkedTable != old.LinkedTable))
                throw request.Refuse(1254092);
            if (now.Type == FieldTypes.DuplexLink && now.BackField is null) throw request.Refuse(1254092);
            if (Equal(old, now)) throw request.Refuse(1254606);
            edit.Put(table.TableId, now);
            Clean(edit, table, old, now);
            return now;
        });
        return Answer(changed);
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        TableAccess.Table(state, request, write: true);
        gate.Pass(request);
        var id = writes.Change(request, edit =>
        {
            var table = TableAccess.Table(request, edit.Base);
            var field = TableAccess.Field(request, table);
            if (field.IsPrimary) throw request.Refuse(1254046);
            edit.Remove(table.TableId, field);
            if (field is { BackField: { } back, LinkedTable: { } linked } && edit.Base.Table(linked)?.Field(back) is { } fellow)
                edit.Remove(linked, fellow);
            return field.FieldId;
        });
        return FeishuAnswer.Data(new JsonObject { ["field_id"] = id, ["deleted"] = true });
    }

    private static void Clean(TableEdit edit, DataTable table, TableField old, TableField now)
    {
        foreach (var record in table.Records)
        {
            if (record.Cells.GetValueOrDefault(old.FieldId) is not { } cell) continue;
            if (now.Type != old.Type) edit.Write(table.TableId, record.RecordId, new Dictionary<string, Cell?> { [old.FieldId] = null });
            else if (FieldTypes.IsSelect(now.Type) && cell is IdsCell ids && ids.Ids.Any(i => now.Option(i) is null))
            {
                var left = ids.Ids.RemoveAll(i => now.Option(i) is null);
                edit.Write(table.TableId, record.RecordId, new Dictionary<string,
                    Cell?> { [old.FieldId] = left.IsEmpty ? null : new IdsCell(left) });
            }
        }
    }

    private static bool Equal(TableField one, TableField other) =>
        one.Options.SequenceEqual(other.Options) && one.Serial.SequenceEqual(other.Serial)
        && one with { Options = default, Serial = default } == other with { Options = default, Serial = default };

    private static ApiAnswer Answer(TableField field) =>
        FeishuAnswer.Data(new JsonObject { ["field"] = FieldView.Show(field, description: true) });
}
