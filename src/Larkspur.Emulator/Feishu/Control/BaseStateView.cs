using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Tables;
using Larkspur.Emulator.Feishu.Tables.Cells;
using Larkspur.Emulator.Feishu.Tables.Fields;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>
/// The bases' part of <c>GET /_emulator/state</c>: 20 bases with 20 tables of 200 rows each, cells as search shows them to the first
/// app.
/// </summary>
internal static class BaseStateView
{
    private const int MostShown = 20;
    private const int MostRows = 200;

    public static JsonArray Of(EmulatorState state) => state.Bases.Take(MostShown).ToJson(b => new JsonObject
    {
        ["app_token"] = b.AppToken, ["name"] = b.Name, ["owner"] = state.Document(b.AppToken)?.OwnerId, ["time_zone"] = b.TimeZone,
        ["revision"] = b.Revision, ["is_advanced"] = b.IsAdvanced, ["tables"] = b.Tables.Take(MostShown).ToJson(t => Table(state, b, t)),
    });

    private static JsonObject Table(EmulatorState state, TableBase home, DataTable table)
    {
        var cells = state.Apps is [var app, ..]
            ? new CellView(state, home, table, new RecordPeople(state, app, "user_id"), new TableRules(), new CellStyle(false)) : null;
        return new JsonObject
        {
            ["table_id"] = table.TableId, ["name"] = table.Name, ["revision"] = table.Revision, ["total"] = table.Count,
            ["fields"] = table.Fields.ToJson(f => FieldView.Show(f)),
            ["views"] = table.Views.ToJson(v => new JsonObject { ["view_id"] = v.ViewId, ["view_name"] = v.Name, ["view_type"] = v.Type }),
            ["records"] = table.Records.Take(MostRows).ToJson(r => new JsonObject
            {
                ["record_id"] = r.RecordId, ["created_by"] = r.CreatedBy, ["last_modified_by"] = r.ModifiedBy,
                ["fields"] = cells?.Fields(r),
            }),
        };
    }
}
