using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Tables;

/// <summary>Events of tables: who hears them, and how they tell what changed; what people do in their client.</summary>
public sealed class TableEventTests : TableTest
{
    private const string RecordChanged = "drive.file.bitable_record_changed_v1";
    private const string FieldChanged = "drive.file.bitable_field_changed_v1";
    private const string File = $"/open-apis/drive/v1/files/{SeededTables.Ledger}/";

    private static readonly string First = SeededTables.RecordId(1);
    private EventReceiver _receiver = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _receiver = await ListenAsync();
    }

    [Fact]
    public async Task An_edit_tells_the_changed_cells_before_and_after()
    {
        await SubscribeAsync();
        await EditAsync(new { @as = "bob", @do = "set_cell", record_id = First, field = SeededTables.Amount, value = 666 });
        Assert.Equal("drive.file.edit_v1", (await _receiver.NextAsync()).Type);
        var pushed = await _receiver.NextAsync(RecordChanged);
        Assert.Equal("2.0", pushed.Json["schema"]!.GetValue<string>());
        Assert.Equal(("bitable", SeededTables.Ledger, SeededTables.Orders, 2, 1_767_603_600), (
            pushed.Event["file_type"]!.GetValue<string>(), pushed.Event["file_token"]!.GetValue<string>(),
                pushed.Event["table_id"]!.GetValue<string>(),
            pushed.Event["revision"]!.GetValue<int>(), pushed.Event["update_time"]!.GetValue<long>()));
        Assert.Equal(Open("bob"), pushed.Event["operator_id"]!["open_id"]!.GetValue<string>());
        var action = pushed.Event["action_list"]![0]!;
        Assert.Equal(("record_edited", First), (action["action"]!.GetValue<string>(), action["record_id"]!.GetValue<string>()));
        Assert.Equal([(SeededTables.FieldId(SeededTables.Amount), "1250.5")], Values(action, "before_value"));
        Assert.Equal([(SeededTables.FieldId(SeededTables.Amount), "666")], Values(action, "after_value"));

        await RulesAsync(new { events_list_all_fields = true });
        await EditAsync(new { @do = "set_cell", record_id = First, field = SeededTables.Amount, value = 667 });
        Assert.Equal(8, Values((await _receiver.NextAsync(RecordChanged)).Event["action_list"]![0]!, "after_value").Length);
    }

    [Fact]
    public async Task Our_own_writes_come_back_with_options_by_id_and_people_with_all_ids()
    {
        await SubscribeAsync();
        var option = Emulator.State.Base(SeededTables.Ledger)!.Table(SeededTables.Orders)!.FieldNamed(SeededTables.Status)!.Options[2].Id;
        var row = await RowAsync(new JsonObject
        {
            [SeededTables.OrderNo] = "E-1", [SeededTables.Status] = "已付款",
                [SeededTables.Owner] = new JsonArray(new JsonObject { ["id"] = Open("carol") }),
        });
        var pushed = await _receiver.NextAsync(RecordChanged);
        var bot = Emulator.State.App(EmulatorApp.AppId)!.BotOpenId;
        Assert.Equal(bot, pushed.Event["operator_id"]!["open_id"]!.GetValue<string>());
        var action = pushed.Event["action_list"]![0]!;
        Assert.Equal(("record_added", row, null), (action["action"]!.GetValue<string>(), action["record_id"]!.GetValue<string>(),
            action["before_value"]));
        Assert.Equal(["E-1", option], Values(action, "after_value").Take(2).Select(v => v.Value));
        var person = action["after_value"]![2]!;
        Assert.NotEmpty(JsonNode.Parse(person["field_value"]!.GetValue<string>())!["users"]!.AsArray());
        var ids = person["field_identity_value"]!["users"]![0]!["user_id"]!.AsObject();
        Assert.Equal(["union_id", "open_id", "user_id"], ids.Select(p => p.Key));

        await RulesAsync(new { tenant_operator = "empty" });
        await PostAsync(Records + "/batch_delete", new { records = new[] { row, First } });
        pushed = await _receiver.NextAsync(RecordChanged);
        Assert.Equal("", pushed.Event["operator_id"]!["open_id"]!.GetValue<string>());
        var actions = pushed.Event["action_list"]!.AsArray();
        Assert.Equal(["record_deleted", "record_deleted"], actions.Select(a => a!["action"]!.GetValue<string>()));
        Assert.True(actions.All(a => a!["after_value"] is null && a["before_value"] is not null));
    }

    [Fact]
    public async Task Fields_tell_their_names_and_options_and_formulas_nothing()
    {
        await SubscribeAsync();
        await FieldAsync("Sum", 20, new { formula_expression = $"[{SeededTables.Amount}]" });
        var action = (await _receiver.NextAsync(FieldChanged)).Event["action_list"]![0]!;
        Assert.Equal(("field_added", "Sum", 20), (action["action"]!.GetValue<string>(), action["after_value"]!["name"]!.GetValue<string>(),
            action["after_value"]!["type"]!.GetValue<int>()));
        await DataAsync(HttpMethod.Put, $"{Records}/{First}", new { fields = new JsonObject { [SeededTables.Amount] = 1 } });
        Assert.Single(Values((await _receiver.NextAsync(RecordChanged)).Event["action_list"]![0]!, "after_value"));
        await EditAsync(new { @do = "rename_option", field = SeededTables.Status, option = "已付款", name = "付讫" });
        action = (await _receiver.NextAsync(FieldChanged)).Event["action_list"]![0]!;
        Assert.Equal(("field_edited", "已付款", "付讫"), (action["action"]!.GetValue<string>(),
            action["before_value"]!["property"]!["options"]![2]!["name"]!.GetValue<string>(),
                action["after_value"]!["property"]!["options"]![2]!["name"]!.GetValue<string>()));
        Assert.Equal("付讫", (await FieldsOfAsync(SeededTables.RecordId(2)))[SeededTables.Status]!.GetValue<string>());

        await RulesAsync(new { option_rename_edits_rows = true });
        await EditAsync(new { @do = "rename_option", field = SeededTables.Status, option = "付讫", name = "已付款" });
        Assert.Equal(3, (await _receiver.NextAsync(RecordChanged)).Event["action_list"]!.AsArray().Count);
        // A name that no option had is one more of them.
        await RowAsync(new JsonObject { [SeededTables.Status] = "新" });
        action = (await _receiver.NextAsync(FieldChanged)).Event["action_list"]![0]!;
        Assert.Equal(4, action["after_value"]!["property"]!["options"]!.AsArray().Count);
    }

    [Fact]
    public async Task Only_subscribed_owners_and_managers_hear_of_it()
    {
        Assert.False(await SubscribedAsync());
        await EditAsync(new { @do = "add_row" });
        await SubscribeAsync();
        Assert.True(await SubscribedAsync());
        Assert.Equal((400, 1069602), await CodeAsync(HttpMethod.Post, File + "subscribe?file_type=bitable&event_type=drive.file.edit_v1"));
        Assert.Equal((400, 1069604), await CodeAsync(HttpMethod.Post, File + "subscribe?file_type=sheet"));
        Assert.Equal((403, 1069603), await CodeAsync(HttpMethod.Post, File + "subscribe?file_type=bitable",
            token: await UserTokenAsync("bob")));

        // Without the scope, without the subscription, and without the right nothing is pushed: the next thing heard is the last edit.
        await Emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}",
            new { granted_scopes = new[] { "docs:event:subscribe" } });
        await EditAsync(new { @do = "add_row" });
        await Emulator.ControlAsync(HttpMethod.Patch, $"apps/{EmulatorApp.AppId}", new { granted_scopes = (string[]?)null });
        await DataAsync(HttpMethod.Delete, File + "delete_subscribe?file_type=bitable");
        Assert.Equal((400, 1069605), await CodeAsync(HttpMethod.Delete, File + "delete_subscribe?file_type=bitable"));
        await EditAsync(new { @do = "add_row" });
        await SubscribeAsync();
        Emulator.State.ChangeDocument(SeededTables.Ledger, d => d with { Members = [] });
        await EditAsync(new { @do = "add_row" });
        Emulator.State.ChangeDocument(SeededTables.Ledger, d => d with { Members = [new("app", EmulatorApp.AppId, "full_access")] });
        await EditAsync(new { @do = "add_row", fields = new JsonObject { [SeededTables.OrderNo] = "heard" } });
        var heard = await _receiver.NextAsync(RecordChanged);
        Assert.Equal("heard", Values(heard.Event["action_list"]![0]!, "after_value").Single().Value);
    }

    [Fact]
    public async Task Options_that_many_rows_make_are_one_change_of_their_field()
    {
        await SubscribeAsync();
        var records = Enumerable.Range(0, 3).Select(n => new { fields = new JsonObject { [SeededTables.Status] = $"new {n}" } });
        await PostAsync(Records + "/batch_create", new { records });
        var action = Assert.Single((await _receiver.NextAsync(FieldChanged)).Event["action_list"]!.AsArray())!;
        int Options(string side) => action[side]!["property"]!["options"]!.AsArray().Count;
        Assert.Equal(("field_edited", 3, 6), (action["action"]!.GetValue<string>(), Options("before_value"), Options("after_value")));
    }

    [Fact]
    public async Task People_edit_copy_delete_and_bring_back()
    {
        await SubscribeAsync();
        var copy = (await EditAsync(new { @do = "copy_row", record_id = First, table = "订单 Orders" }))["record_id"]!.GetValue<string>();
        Assert.NotEqual(First, copy);
        Assert.Equal((await FieldsOfAsync(First)).ToJsonString(), (await FieldsOfAsync(copy)).ToJsonString());
        await EditAsync(new { @do = "delete_row", record_id = First });
        Assert.Equal(10, (await FindAsync(new { })).Length);
        Assert.Equal(First, (await EditAsync(new { @do = "restore_row", record_id = First }))["record_id"]!.GetValue<string>());
        Assert.Equal("PO-2026-001", (await FindAsync(new { }))[0]);
        await EditAsync(new { @do = "rename_field", field = SeededTables.Amount, name = "Sum" });
        Assert.Equal(1250.5, (await FieldsOfAsync(First))["Sum"]!.GetValue<double>());
        await EditAsync(new { @as = "carol", @do = "set_cell", record_id = First, field = SeededTables.Owner,
            value = new[] { new { id = "carol" } } });
        Assert.Equal(Open("carol"), (await FieldsOfAsync(First))[SeededTables.Owner]![0]!["id"]!.GetValue<string>());
        string[] told = [.. await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
            (await _receiver.NextAsync(RecordChanged)).Event["action_list"]![0]!["action"]!.GetValue<string>()))];
        Assert.Equal(["record_added", "record_deleted", "record_added", "record_edited"], told);

        foreach (var (edit, status) in ((object, int)[])
        [
            (new { @do = "burn" }, 400), (new { @do = "add_row", record_id = "x" }, 400),
                (new { @do = "delete_row", record_id = "recNone" }, 404),
            (new { @do = "restore_row", record_id = First }, 404), (new { @do = "add_row", @as = "nobody" }, 400),
            (new { @do = "set_cell", record_id = First, field = "Nothing", value = 1 }, 404),
            (new { @do = "set_cell", record_id = First, field = "Sum", value = "x" }, 400),
                (new { @do = "add_row", table = "tblNone" }, 404),
        ])
        {
            Assert.Equal(status, (await Emulator.TryControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/act", edit)).Status);
        }

        Assert.Equal(404, (await Emulator.TryControlAsync(HttpMethod.Post, "tables/none/act", new { @do = "add_row" })).Status);
        Assert.Equal(400, (await Emulator.TryControlAsync(HttpMethod.Post, "tables/rules", new { tenant_operator = "god" })).Status);
    }

    private Task SubscribeAsync() => DataAsync(HttpMethod.Post, File + "subscribe?file_type=bitable");

    private async Task<bool> SubscribedAsync() =>
        (await DataAsync(HttpMethod.Get, File + "get_subscribe?file_type=bitable"))["is_subscribe"]!.GetValue<bool>();

    private static (string Field, string Value)[] Values(JsonNode action, string side) =>
        [.. action[side]!.AsArray().Select(v => (v!["field_id"]!.GetValue<string>(), v["field_value"]!.GetValue<string>()))];
}
