using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Tables;
using Larkspur.Emulator.Feishu.Tables.Cells;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>
/// What people do in a base with their client; nobody's right is asked for. Values are those of a write, people by <c>user_id</c>.
/// </summary>
internal sealed class TablesCommand(EmulatorState state, TableWrites writes)
{
    private static readonly Dictionary<string, string[]> Members = new(StringComparer.Ordinal)
    {
        ["set_cell"] = ["record_id", "field", "value"],
        ["add_row"] = ["fields"],
        ["delete_row"] = ["record_id"],
        ["restore_row"] = ["record_id"],
        ["copy_row"] = ["record_id"],
        ["rename_field"] = ["field", "name"],
        ["rename_option"] = ["field", "option", "name"],
    };

    /// <summary>One edit: <c>{"as":"alice","do":"set_cell","table":"…","record_id":"rec…","field":"…","value":…}</c>.</summary>
    public JsonObject Run(string appToken, ControlInput input)
    {
        var what = input.Need("do");
        if (!Members.TryGetValue(what, out var members)) throw new ControlRefusal($"\"do\" is one of {string.Join(", ", Members.Keys)}.");
        input.Only([.. members, "as", "do", "table"]);
        var who = input.Text("as") ?? SeededCompany.Alice;
        if (state.Named(who) is not { } person) throw new ControlRefusal($"There is no person {who}. People: {state.SomeNames}.");
        var table = Table(appToken, input.Text("table"));
        var id = writes.Change(appToken, person.UserId, edit => Run(edit, table.TableId, what, input),
            Refused);
        return new JsonObject { ["ok"] = true, ["table_id"] = table.TableId,
            [id.StartsWith("fld", StringComparison.Ordinal) ? "field_id" : "record_id"] = id };
    }

    /// <summary>Advanced permissions, and the rows that somebody does not see: a list of ids, or <c>["*"]</c>.</summary>
    public JsonObject Permit(string appToken, ControlInput input)
    {
        input.Only("is_advanced", "who", "hidden");
        Base(appToken);
        var who = input.Text("who") ?? state.Apps[0].AppId;
        if (state.App(who) is null && state.Person(who) is null) throw new ControlRefusal($"There is nobody called \"{who}\".");
        state.ChangeBase(appToken, b => b with
        {
            IsAdvanced = input.Flag("is_advanced", b.IsAdvanced),
            Hidden = input.Texts("hidden") is { } rows ? b.Hidden.SetItem(who, [.. rows.Take(10_000)]) : b.Hidden,
        });
        return ControlEndpoints.Done();
    }

    /// <summary>A file that attachment fields of the base may name from now on; its bytes are not kept.</summary>
    public JsonObject AddFile(string appToken, ControlInput input)
    {
        input.Only("name", "type", "size");
        if (Base(appToken).Files.Count >= 10_000) throw new ControlRefusal("There are too many files.");
        var file = new TableFile(state.Ids.Next("box")[..27], input.Need("name"), input.Int("size", 0, int.MaxValue) ?? 0,
            input.Text("type") ?? "application/octet-stream");
        state.ChangeBase(appToken, b => b with { Files = b.Files.SetItem(file.FileToken, file) });
        return new JsonObject { ["ok"] = true, ["file_token"] = file.FileToken };
    }

    private string Run(TableEdit edit, string tableId, string what, ControlInput input)
    {
        var reader = new CellReader(state, edit, tableId, state.Named, Refused);
        switch (what)
        {
            case "add_row":
                return edit.Add(tableId, RecordBatchesApi.Filled(reader.Read(input.Object("fields") ?? []))).RecordId;
            case "restore_row":
                var gone = input.Need("record_id");
                return edit.Restore(tableId, gone)?.RecordId ?? throw new ControlRefusal($"No deleted row {gone} is remembered.", 404);
            case "rename_field" or "rename_option":
                return Rename(edit, tableId, input, what == "rename_option");
        }

        var wanted = input.Need("record_id");
        var record = edit.Table(tableId).Record(wanted) ?? throw new ControlRefusal($"There is no row {wanted}.", 404);
        switch (what)
        {
            case "delete_row":
                edit.Delete(tableId, [record.RecordId]);
                return record.RecordId;
            case "copy_row":
                return edit.Add(tableId, record.Cells).RecordId;
            default:
                var field = Field(edit.Table(tableId), input);
                edit.Write(tableId, record.RecordId, reader.Read(new JsonObject { [field.Name] = input.Body["value"]?.DeepClone() }));
                return record.RecordId;
        }
    }

    private static ControlRefusal Refused(long code) => new($"The platform would refuse it with {code}.");

    private static string Rename(TableEdit edit, string tableId, ControlInput input, bool option)
    {
        var (table, name) = (edit.Table(tableId), input.Need("name"));
        var field = Field(table, input);
        if (!option)
        {
            if (table.FieldNamed(name) is { } other && other.FieldId != field.FieldId)
                throw new ControlRefusal($"There is a field \"{name}\" already.");
            edit.Put(tableId, field with { Name = name });
            return field.FieldId;
        }

        var wanted = input.Need("option");
        if (field.Options.FirstOrDefault(o => o.Name == wanted || o.Id == wanted) is not { } known)
            throw new ControlRefusal($"There is no option \"{wanted}\".");
        edit.Put(tableId, field with { Options = field.Options.Replace(known, known with { Name = name }) });
        return field.FieldId;
    }

    private static TableField Field(DataTable table, ControlInput input)
    {
        var wanted = input.Need("field");
        return table.Field(wanted) ?? table.FieldNamed(wanted) ?? throw new ControlRefusal($"There is no field \"{wanted}\".", 404);
    }

    private TableBase Base(string appToken) => state.Base(appToken) ?? throw new ControlRefusal($"There is no base {appToken}.", 404);

    private DataTable Table(string appToken, string? wanted)
    {
        var found = Base(appToken);
        return (wanted is null ? found.Tables.FirstOrDefault() : found.Table(wanted) ?? found.Tables.FirstOrDefault(t => t.Name == wanted))
            ?? throw new ControlRefusal($"There is no table {wanted}.", 404);
    }
}
