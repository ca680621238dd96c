using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Tables.Cells;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>One row: made, read the old way, changed, deleted. Source: bitable-v1/app-table-record/create, get, update, delete.</summary>
internal sealed class RecordsApi(EmulatorState state, CurrentTableRules rules, TableWrites writes, WriteGate gate, ClientTokens tokens)
    : IApiArea
{
    public void Register(ApiHandlers on)
    {
        on.Add("bitable.v1.app.table.record.create", r => tokens.Run(r, () => Create(r)));
        on.Add("bitable.v1.app.table.record.get", Get);
        on.Add("bitable.v1.app.table.record.update", Update);
        on.Add("bitable.v1.app.table.record.delete", Delete);
    }

    private ApiAnswer Create(ApiRequest request)
    {
        TableAccess.Table(state, request, write: true);
        gate.Pass(request);
        var fields = TableCall.Fields(request, request.Body);
        var id = writes.Change(request, edit =>
        {
            var tableId = TableAccess.Table(request, edit.Base).TableId;
            return edit.Add(tableId, RecordBatchesApi.Filled(TableCall.Reader(state, request, edit).Read(fields))).RecordId;
        });
        return FeishuAnswer.Data(new JsonObject { ["record"] = RecordView.Echo(id, fields) });
    }

    private ApiAnswer Get(ApiRequest request)
    {
        var (home, table) = TableAccess.Table(state, request);
        var record = TableAccess.Record(request, home, table, request.Path["record_id"]);
        var (people, now) = (TableCall.People(state, request), rules.Now);
        var style = new CellStyle(true, request.QueryFlag("text_field_as_array"), request.QueryFlag("display_formula_ref"));
        var cells = new CellView(state, home, table, people, now, style);
        var shown = RecordView.Show(cells, record, null, people, now, request.QueryFlag("automatic_fields"));
        return FeishuAnswer.Data(new JsonObject { ["record"] = shown });
    }

    private ApiAnswer Update(ApiRequest request)
    {
        TableAccess.Table(state, request, write: true);
        gate.Pass(request);
        var (fields, id) = (TableCall.Fields(request, request.Body), request.Path["record_id"]);
        writes.Change(request, edit =>
        {
            TableAccess.Record(request, edit.Base, TableAccess.Table(request, edit.Base), id);
            return edit.Write(request.Path["table_id"], id, TableCall.Reader(state, request, edit).Read(fields));
        });
        return FeishuAnswer.Data(new JsonObject { ["record"] = RecordView.Echo(id, fields) });
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        TableAccess.Table(state, request, write: true);
        gate.Pass(request);
        var id = request.Path["record_id"];
        writes.Change(request, edit =>
        {
            TableAccess.Record(request, edit.Base, TableAccess.Table(request, edit.Base), id);
            edit.Delete(request.Path["table_id"], [id]);
            return true;
        });
        return FeishuAnswer.Data(new JsonObject { ["record_id"] = id, ["deleted"] = true });
    }
}
