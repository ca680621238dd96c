using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Tables;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Web.Tables;

/// <summary>What the script of a table's page is told of the table.</summary>
internal static class TableJson
{
    public const int MostRows = 500;

    public static JsonObject Shape(Viewer viewer, TableBase home, DataTable table, string right, string? viewId)
    {
        var (cells, view) = (new CellJson(viewer, home, table), table.View(viewId ?? "") ?? table.Views.FirstOrDefault());
        var hidden = view is null ? [] : ViewsApi.HiddenFields(view);
        return new JsonObject
        {
            ["name"] = table.Name, ["base"] = home.Name, ["right"] = right, ["view"] = view?.ViewId, ["zone"] = home.TimeZone,
            ["views"] = table.Views.ToJson(v => new JsonObject { ["id"] = v.ViewId, ["name"] = v.Name, ["type"] = v.Type }),
            // The first field leads the row, wherever it stands.
            ["fields"] = table.Fields.Where(f => f.IsPrimary || !hidden.Contains(f.FieldId)).OrderByDescending(f => f.IsPrimary)
                .ToJson(f => Field(viewer, home, cells, f)),
            ["hidden"] = table.Fields.Count(f => !f.IsPrimary && hidden.Contains(f.FieldId)),
        };
    }

    public static JsonObject Row(CellJson cells, DataTable table, TableRecord record)
    {
        var shown = new JsonObject();
        foreach (var field in table.Fields)
        {
            if (cells.Of(field, record) is { } cell) shown[field.FieldId] = cell;
        }

        return new JsonObject { ["id"] = record.RecordId, ["cells"] = shown };
    }

    private static JsonObject Field(Viewer viewer, TableBase home, CellJson cells, TableField field)
    {
        var format = cells.Format(field);
        var shown = new JsonObject
        {
            ["id"] = field.FieldId, ["name"] = field.Name, ["type"] = field.Type, ["ui"] = field.UiType,
            ["kind"] = viewer.Texts.FieldKind(field.UiType),
            ["primary"] = field.IsPrimary, ["readOnly"] = FieldTypes.IsComputed(field.Type),
            ["many"] = field.Type is FieldTypes.MultiSelect or FieldTypes.Attachment
                || (field.Type != FieldTypes.SingleSelect && field.Multiple),
        };
        if (field.Description.Length > 0) shown["description"] = field.Description;
        if (field.Type == FieldTypes.Number) (shown["min"], shown["max"]) = (format.Least, format.Most);
        if (field.Type == FieldTypes.DateTime) shown["time"] = format.HasTime;
        if (FieldTypes.IsSelect(field.Type))
            shown["options"] = field.Options.ToJson(o => new JsonObject { ["id"] = o.Id, ["name"] = o.Name, ["color"] = o.Color });
        if (FieldTypes.IsLink(field.Type)) shown["linked"] = home.Table(field.LinkedTable ?? "")?.Name ?? "";
        if (field.Type == FieldTypes.Formula) shown["formula"] = field.Formula;
        return shown;
    }
}
