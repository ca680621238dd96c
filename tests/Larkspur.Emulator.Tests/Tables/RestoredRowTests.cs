using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Tests.Tables;

/// <summary>Rows that come back into a table that went on meanwhile, and where there is no room for more.</summary>
public sealed class RestoredRowTests : TableTest
{
    private static readonly string First = SeededTables.RecordId(1);
    private static readonly string Second = SeededTables.RecordId(2);

    [Fact]
    public async Task Links_in_both_directions_come_back_on_both_sides()
    {
        await LinkedAsync();
        await WriteAsync(First, "Link", new JsonArray(Second, SeededTables.RecordId(3)));
        await EditAsync(new { @do = "delete_row", record_id = First });
        Assert.Equal("{}", await CellAsync(Second, "Back"));
        await EditAsync(new { @do = "delete_row", record_id = SeededTables.RecordId(3) });
        await EditAsync(new { @do = "restore_row", record_id = First });
        // The row that is gone by now is linked no longer.
        Assert.Equal(Linked(Second), await CellAsync(First, "Link"));
        Assert.Equal(Linked(First), await CellAsync(Second, "Back"));
    }

    [Fact]
    public async Task A_row_comes_back_without_what_no_field_holds_any_more()
    {
        await EditAsync(new { @do = "delete_row", record_id = First });
        Task ChangeAsync(string field, object to) =>
            DataAsync(HttpMethod.Put, $"{Orders}/fields/{SeededTables.FieldId(field)}", to);
        await ChangeAsync(SeededTables.Amount, new { field_name = "Text", type = 1 });
        await ChangeAsync(SeededTables.Status, new { field_name = "Status", type = 3 });
        await DataAsync(HttpMethod.Delete, $"{Orders}/fields/{SeededTables.FieldId(SeededTables.Date)}");
        await EditAsync(new { @do = "restore_row", record_id = First });
        var row = Emulator.State.Base(SeededTables.Ledger)!.Table(SeededTables.Orders)!.Record(First)!;
        foreach (var field in (string[])[SeededTables.Amount, SeededTables.Status, SeededTables.Date])
            Assert.False(row.Cells.ContainsKey(SeededTables.FieldId(field)), field);
        Assert.True(row.Cells.ContainsKey(SeededTables.FieldId(SeededTables.OrderNo)));
    }

    [Fact]
    public async Task A_full_table_takes_no_row_from_anybody()
    {
        await EditAsync(new { @do = "delete_row", record_id = First });
        Emulator.State.ChangeBase(SeededTables.Ledger, b =>
        {
            var table = b.Table(SeededTables.Orders)!;
            var row = table.Record(Second)!;
            return b.With(table.With([.. Enumerable.Range(1, EmulatorState.MostTableRows - table.Count).Select(n => row with
            {
                RecordId = $"recFill{n}", Position = 1_000 + n, Cells = row.Cells.Clear(),
            })]));
        });
        foreach (var edit in (object[])
            [new { @do = "restore_row", record_id = First }, new { @do = "copy_row", record_id = Second }, new { @do = "add_row" }])
        {
            Assert.Equal(400, (await Emulator.TryControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/act", edit)).Status);
        }

        Assert.Equal((200, 1254103), await RefusedAsync(new { }));
        var one = new { records = new[] { new { fields = new { } } } };
        Assert.Equal((200, 1254103), await CodeAsync(HttpMethod.Post, Records + "/batch_create", one));
        await EditAsync(new { @do = "delete_row", record_id = Second });
        await EditAsync(new { @do = "restore_row", record_id = First });
    }

    [Fact]
    public async Task A_cell_that_others_link_into_holds_no_more_than_its_own_links()
    {
        await LinkedAsync();
        object Rows(int count) =>
            new { records = Enumerable.Range(0, count).Select(_ => new { fields = new JsonObject { ["Link"] = new JsonArray(First) } }) };
        Assert.Equal((200, 1254130), await CodeAsync(HttpMethod.Post, Records + "/batch_create", Rows(501)));
        await PostAsync(Records + "/batch_create", Rows(500));
        Assert.Equal((200, 1254130), await CodeAsync(HttpMethod.Post, Records + "/batch_create", Rows(1)));
        // Who is linked already stays so.
        var last = Emulator.State.Base(SeededTables.Ledger)!.Table(SeededTables.Orders)!.Records.Last().RecordId;
        await WriteAsync(last, "Link", new JsonArray(First, Second));
    }

    private Task<string> LinkedAsync() => FieldAsync("Link", 21, new { table_id = SeededTables.Orders, back_field_name = "Back" });

    private Task<JsonObject> WriteAsync(string row, string field, JsonNode value) =>
        DataAsync(HttpMethod.Put, $"{Records}/{row}", new { fields = new JsonObject { [field] = value } });

    private async Task<string> CellAsync(string row, string field) => (await FieldsOfAsync(row))[field]!.ToJsonString();

    private static string Linked(string row) => $$"""{"link_record_ids":["{{row}}"]}""";
}
