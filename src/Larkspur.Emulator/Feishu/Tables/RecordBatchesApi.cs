using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.ApiPipeline;
using Larkspur.Emulator.Feishu.Tables.Cells;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>
/// Many rows in one call; writes are done whole or not at all. Source: bitable-v1/app-table-record/batch_create and its siblings.
/// </summary>
/// <remarks>1,000 new or changed rows, 500 deleted, 100 read. Which row is at fault no answer tells (UNVERIFIED).</remarks>
internal sealed class RecordBatchesApi(
    EmulatorState state, CurrentTableRules rules, TableWrites writes, WriteGate gate, ClientTokens tokens)
    : IApiArea
{
    private const int MostWritten = 1_000;

    public void Register(ApiHandlers on)
    {
        on.Add("bitable.v1.app.table.record.batch_create", r => tokens.Run(r, () => Create(r)));
        on.Add("bitable.v1.app.table.record.batch_update", Update);
        on.Add("bitable.v1.app.table.record.batch_delete", Delete);
        on.Add("bitable.v1.app.table.record.batch_get", Get);
    }

    public static ImmutableDictionary<string, Cell> Filled(IEnumerable<KeyValuePair<string, Cell?>> cells) =>
        cells.Where(c => c.Value is not null).ToImmutableDictionary(c => c.Key, c => c.Value!);

    private ApiAnswer Create(ApiRequest request)
    {
        TableAccess.Table(state, request, write: true);
        gate.Pass(request);
        var given = Given(request).Select(r => TableCall.Fields(request, r)).ToArray();
        var ids = writes.Change(request, edit =>
        {
            var (table, reader) = (TableAccess.Table(request, edit.Base), TableCall.Reader(state, request, edit));
            return given.Select(f => edit.Add(table.TableId, Filled(reader.Read(f))).RecordId).ToArray();
        });
        return Echo(ids.Zip(given));
    }

    private ApiAnswer Update(ApiRequest request)
    {
        TableAccess.Table(state, request, write: true);
        gate.Pass(request);
        (string, JsonObject)[] given = [.. Given(request).Select(r => (r.TextOf("record_id"), TableCall.Fields(request, r)))];
        writes.Change(request, edit =>
        {
            var (table, reader) = (TableAccess.Table(request, edit.Base), TableCall.Reader(state, request, edit));
            foreach (var (id, fields) in given)
            {
                TableAccess.Record(request, edit.Base, table, id);
                edit.Write(table.TableId, id, reader.Read(fields));
            }

            return true;
        });
        return Echo(given);
    }

    private ApiAnswer Delete(ApiRequest request)
    {
        TableAccess.Table(state, request, write: true);
        gate.Pass(request);
        string[] ids = [.. request.Texts("records").Distinct(StringComparer.Ordinal)];
        if (ids.Length == 0) throw request.Refuse(1254007);
        writes.Change(request, edit =>
        {
            var table = TableAccess.Table(request, edit.Base);
            foreach (var id in ids) TableAccess.Record(request, edit.Base, table, id);
            edit.Delete(table.TableId, ids);
            return true;
        });
        return FeishuAnswer.Data(new JsonObject
        {
            ["records"] = ids.ToJson(id => new JsonObject { ["record_id"] = id, ["deleted"] = true }),
        });
    }

    /// <summary>The only call that tells rows that are gone from rows that the caller may not see.</summary>
    private ApiAnswer Get(ApiRequest request)
    {
        var (home, table) = TableAccess.Table(state, request);
        var (people, now, caller) = (TableCall.People(state, request, request.Text("user_id_type")), rules.Now,
            TableAccess.Caller(request));
        var cells = new CellView(state, home, table, people, now, new CellStyle(false));
        var (found, hidden, absent) = (new JsonArray(), new JsonArray(), new JsonArray());
        foreach (var id in request.Texts("record_ids").Distinct(StringComparer.Ordinal))
        {
            if (!id.StartsWith("rec", StringComparison.Ordinal)) throw request.Refuse(1254006);
            if (table.Record(id) is not { } record) absent.Add(id);
            else if (home.Hides(caller, id)) hidden.Add(id);
            else
            {
                var shown = RecordView.Show(cells, record, null, people, now, request.Flag("automatic_fields"));
                if (request.Flag("with_shared_url"))
                    shown["shared_url"] = $"{request.Origin.Scheme}://{request.Origin.Host}/record/{home.AppToken}{id}";
                found.Add(shown);
            }
        }

        return FeishuAnswer.Data(new JsonObject { ["records"] = found, ["forbidden_record_ids"] = hidden, ["absent_record_ids"] = absent });
    }

    private static JsonObject[] Given(ApiRequest request)
    {
        var given = (request.Body["records"] as JsonArray ?? []).OfType<JsonObject>().ToArray();
        if (given.Length == 0) throw request.Refuse(1254007);
        return given.Length > MostWritten ? throw request.Refuse(1254104) : given;
    }

    private static ApiAnswer Echo(IEnumerable<(string Id, JsonObject Fields)> written) =>
        FeishuAnswer.Data(new JsonObject { ["records"] = written.ToJson(w => RecordView.Echo(w.Id, w.Fields)) });
}
