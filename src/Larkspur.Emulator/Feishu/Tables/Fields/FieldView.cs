using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Fields;

/// <summary>Fields as the API and the events show them. Source: bitable-v1/app-table-field/list.</summary>
internal static class FieldView
{
    /// <param name="description">As an object with its text (an answer to a write), or as the text (the list).</param>
    public static JsonObject Show(TableField field, bool description = false, bool hidden = false)
    {
        var shown = new JsonObject
        {
            ["field_id"] = field.FieldId, ["field_name"] = field.Name, ["type"] = field.Type, ["ui_type"] = field.UiType,
            ["is_primary"] = field.IsPrimary, ["is_hidden"] = hidden,
        };
        if (Property(field) is { Count: > 0 } property) shown["property"] = property;
        if (field.Description.Length > 0)
            shown["description"] = description ? new JsonObject { ["text"] = field.Description } : field.Description;
        return shown;
    }

    public static JsonObject InEvent(TableField field)
    {
        var shown = new JsonObject
        {
            ["id"] = field.FieldId, ["name"] = field.Name, ["type"] = field.Type, ["description"] = field.Description,
        };
        if (Property(field, inEvent: true) is { Count: > 0 } property) shown["property"] = property;
        return shown;
    }

    private static JsonObject Property(TableField field, bool inEvent = false)
    {
        var shown = field.Property.Length == 0 ? [] : JsonNode.Parse(field.Property)!.AsObject();
        if (inEvent)
        {
            foreach (var name in (string[])["currency_code", "min", "max", "range_customize", "rating", "allowed_edit_modes", "type",
                "location"])
                shown.Remove(name);
        }

        if (FieldTypes.IsSelect(field.Type))
        {
            shown["options"] = field.Options.ToJson(o => new JsonObject { ["id"] = o.Id, ["name"] = o.Name, ["color"] = o.Color });
        }

        if (FieldTypes.IsLink(field.Type) || field.Type is FieldTypes.User or FieldTypes.GroupChat) shown["multiple"] = field.Multiple;
        if (field.LinkedTable is { } table) shown["table_id"] = table;
        if (field.BackField is { } back && inEvent) shown["back_field_id"] = back;
        if (field.Formula is { } formula) shown["formula_expression"] = formula;
        return shown;
    }
}
