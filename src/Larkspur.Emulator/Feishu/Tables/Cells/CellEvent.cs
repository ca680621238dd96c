using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Cells;

/// <summary>
/// Cells as events tell them: by the field's id, every value a string, options by their id, people with all their ids beside.
/// </summary>
/// <remarks>
/// Known from public code: text as it is, numbers as text, one option by its id, people. UNVERIFIED, here: several options, links and
/// groups
/// as JSON lists of ids, instants as milliseconds, checkboxes as <c>true</c> or <c>false</c>, web addresses and files as JSON, places as
/// coordinates, an emptied cell as an empty string. Computed fields are never told.
/// </remarks>
internal sealed class CellEvent(EmulatorState state, BotApp app, DataTable table)
{
    /// <param name="other">The row on the other side of the change.</param>
    /// <param name="all">Every filled cell, not only what differs.</param>
    public JsonArray Values(TableRecord record, TableRecord? other, bool all)
    {
        var told = new JsonArray();
        foreach (var field in table.Fields)
        {
            if (FieldTypes.IsComputed(field.Type)) continue;
            var (cell, beside) = (record.Cells.GetValueOrDefault(field.FieldId), other?.Cells.GetValueOrDefault(field.FieldId));
            if (all ? cell is null : Equals(cell, beside)) continue;
            var item = new JsonObject { ["field_id"] = field.FieldId, ["field_value"] = cell is null ? "" : Value(field, cell) };
            if (field.Type == FieldTypes.User && cell is IdsCell people)
                item["field_identity_value"] = new JsonObject { ["users"] = people.Ids.ToJson(Identity) };
            told.Add(item);
        }

        return told;
    }

    private string Value(TableField field, Cell cell) => cell switch
    {
        TextCell text => text.Text,
        NumberCell number => CellText.Number(number.Number),
        TimeCell time => time.Millis.ToString(CultureInfo.InvariantCulture),
        FlagCell flag => flag.On ? "true" : "false",
        UrlCell url => new JsonObject { ["link"] = url.Link, ["text"] = url.Text }.ToJsonString(),
        PlaceCell place => place.Location,
        IdsCell ids when field.Type == FieldTypes.SingleSelect => ids.Ids[0],
        IdsCell ids when field.Type == FieldTypes.User => new JsonObject { ["users"] = ids.Ids.ToJson(Named) }.ToJsonString(),
        IdsCell ids when field.Type == FieldTypes.Attachment => ids.Ids.ToJson(i => new JsonObject { ["file_token"] = i }).ToJsonString(),
        IdsCell ids => ids.Ids.ToJson().ToJsonString(),
        _ => "",
    };

    private JsonObject Named(string userId) => new()
    {
        ["userId"] = WireIds.OpenId(app.AppId, userId), ["name"] = state.Person(userId)?.Name ?? "",
        ["enName"] = state.Person(userId)?.EnName ?? "",
    };

    private JsonObject Identity(string userId)
    {
        var person = state.Person(userId);
        var ids = new JsonObject { ["union_id"] = person?.UnionId ?? "", ["open_id"] = WireIds.OpenId(app.AppId, userId) };
        if (app.IsGranted("contact:user.employee_id:readonly")) ids["user_id"] = person?.PresentUserId ?? userId;
        return new JsonObject
        {
            ["user_id"] = ids, ["name"] = person?.Name ?? "", ["en_name"] = person?.EnName ?? "", ["avatar_url"] = "",
        };
    }
}
