using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Tests.Tables;

/// <summary>One value in its four shapes: search and batch_get, the old calls, a write, a write's answer.</summary>
public sealed class CellShapeTests : TableTest
{
    private static readonly string First = SeededTables.RecordId(1);

    [Fact]
    public async Task The_seeded_ledger_reads_as_search_shows_it()
    {
        var found = await PostAsync(Records + "/search", new { });
        Assert.Equal((10, false, 10), (found["items"]!.AsArray().Count, found["has_more"]!.GetValue<bool>(),
            found["total"]!.GetValue<int>()));
        Assert.Null(found["page_token"]);
        var fields = found["items"]![0]!["fields"]!;
        Assert.Equal("""[{"type":"text","text":"PO-2026-001"}]""", fields[SeededTables.OrderNo]!.ToJsonString());
        Assert.Equal("1250.5", fields[SeededTables.Amount]!.ToJsonString());
        Assert.Equal("已批准", fields[SeededTables.Status]!.GetValue<string>());
        // Midnight in Shanghai, ten days before the state began.
        Assert.Equal(1_766_678_400_000, fields[SeededTables.Date]!.GetValue<long>());
        Assert.Equal(["id", "name", "en_name", "email", "avatar_url"], fields[SeededTables.Owner]![0]!.AsObject().Select(p => p.Key));
        Assert.Equal(Open("bob"), fields[SeededTables.Owner]![0]!["id"]!.GetValue<string>());
        Assert.False(fields[SeededTables.Invoiced]!.GetValue<bool>());
        Assert.Equal(["办公", "IT"], fields[SeededTables.Tags]!.AsArray().Select(t => t!.GetValue<string>()));
        // Empty and never touched cells are absent.
        var last = found["items"]![9]!["fields"]!.AsObject();
        Assert.False(last.ContainsKey(SeededTables.Tags) || last.ContainsKey(SeededTables.Invoiced));
        Assert.Equal(fields.ToJsonString(), (await FieldsOfAsync(First)).ToJsonString());
    }

    [Fact]
    public async Task The_old_calls_show_text_and_numbers_as_strings()
    {
        var old = await OldFieldsOfAsync(First);
        Assert.Equal("PO-2026-001", old[SeededTables.OrderNo]!.GetValue<string>());
        Assert.Equal("1250.5", old[SeededTables.Amount]!.GetValue<string>());
        Assert.Equal("已批准", old[SeededTables.Status]!.GetValue<string>());
        Assert.Equal("""[{"type":"text","text":"PO-2026-001"}]""",
            (await OldFieldsOfAsync(First, "text_field_as_array=true"))[SeededTables.OrderNo]!.ToJsonString());
        var listed = (await DataAsync(HttpMethod.Get, Records + "?page_size=1"))["items"]![0]!["fields"]!;
        Assert.Equal(old.ToJsonString(), listed.ToJsonString());
    }

    [Fact]
    public async Task Every_writable_type_is_echoed_as_written_and_read_in_its_shape()
    {
        await FieldAsync("Mail", 1, ui: "Email");
        await FieldAsync("Code", 1, ui: "Barcode");
        await FieldAsync("Phone", 13);
        await FieldAsync("Site", 15);
        await FieldAsync("Files", 17);
        await FieldAsync("Place", 22);
        await FieldAsync("Group", 23);
        await FieldAsync("Next", 18, new { table_id = SeededTables.Orders });
        var file = (await Emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/files",
            new { name = "a.pdf", size = 7, type = "application/pdf" }))
            ["file_token"]!.GetValue<string>();
        var written = new JsonObject
        {
            [SeededTables.OrderNo] = "X-1", ["Mail"] = "a@mica.example", ["Code"] = "6901", ["Phone"] = "+8613800000001",
            ["Site"] = new JsonObject { ["link"] = "https://mica.example", ["text"] = "Mica" },
            ["Files"] = new JsonArray(new JsonObject { ["file_token"] = file }), ["Place"] = "121.47,31.23",
            ["Group"] = new JsonArray(new JsonObject { ["id"] = SeededCompany.PurchasingChat }), ["Next"] = new JsonArray(First),
            [SeededTables.Owner] = new JsonArray(new JsonObject { ["id"] = Open("carol") }),
        };
        var made = (await PostAsync(Records, new { fields = written }))["record"]!;
        Assert.Equal(["record_id", "fields"], made.AsObject().Select(p => p.Key));
        Assert.Equal(written.ToJsonString(), made["fields"]!.ToJsonString());

        var id = made["record_id"]!.GetValue<string>();
        var read = await FieldsOfAsync(id);
        Assert.Equal("""[{"type":"url","link":"mailto:a@mica.example","text":"a@mica.example"}]""", read["Mail"]!.ToJsonString());
        Assert.Equal("""[{"type":"text","text":"6901"}]""", read["Code"]!.ToJsonString());
        Assert.Equal("+8613800000001", read["Phone"]!.GetValue<string>());
        Assert.Equal("""{"link":"https://mica.example","text":"Mica"}""", read["Site"]!.ToJsonString());
        Assert.Equal(["file_token", "name", "size", "type", "url", "tmp_url"], read["Files"]![0]!.AsObject().Select(p => p.Key));
        Assert.Equal(7, read["Place"]!.AsObject().Count);
        Assert.Equal("121.47,31.23", read["Place"]!["location"]!.GetValue<string>());
        Assert.Equal("采购协作群", read["Group"]![0]!["name"]!.GetValue<string>());
        Assert.Equal($$"""{"link_record_ids":["{{First}}"]}""", read["Next"]!.ToJsonString());
        // A link is the one empty cell that shows.
        Assert.Equal("{}", (await FieldsOfAsync(First))["Next"]!.ToJsonString());

        var old = await OldFieldsOfAsync(id);
        Assert.Equal(["record_ids", "table_id", "text", "text_arr", "type"], old["Next"]![0]!.AsObject().Select(p => p.Key));
        Assert.Equal("PO-2026-001", old["Next"]![0]!["text"]!.GetValue<string>());
        Assert.False((await OldFieldsOfAsync(First)).ContainsKey("Next"));

        // Addresses of files change with the table.
        await RowAsync(new { });
        var later = await FieldsOfAsync(id);
        Assert.NotEqual(read["Files"]![0]!["url"]!.GetValue<string>(), later["Files"]![0]!["url"]!.GetValue<string>());
        Assert.Equal(file, later["Files"]![0]!["file_token"]!.GetValue<string>());
    }

    [Fact]
    public async Task Null_empties_a_cell_and_what_is_not_named_stays()
    {
        var echo = await DataAsync(HttpMethod.Put, $"{Records}/{First}",
            new { fields = new JsonObject { [SeededTables.Owner] = null, [SeededTables.Amount] = 3 } });
        Assert.Equal($$"""{"{{SeededTables.Amount}}":3}""", JsonNode.Parse(echo["record"]!["fields"]!.ToJsonString())!.AsObject()
            .ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));
        var read = await FieldsOfAsync(First);
        Assert.False(read.ContainsKey(SeededTables.Owner));
        Assert.Equal((3, "已批准"), (read[SeededTables.Amount]!.GetValue<double>(), read[SeededTables.Status]!.GetValue<string>()));
    }

    [Fact]
    public async Task Computed_fields_show_the_row_and_formulas_what_they_refer_to()
    {
        await FieldAsync("Made", 1001);
        await FieldAsync("Changed", 1002);
        await FieldAsync("Maker", 1003);
        await FieldAsync("No", 1005);
        var amount = $"bitable::$table[{SeededTables.Orders}].$field[{SeededTables.FieldId(SeededTables.Amount)}]";
        await FieldAsync("Copy", 20, new { formula_expression = amount });
        await FieldAsync("Sum", 20, new { formula_expression = "1+1" });
        var id = await RowAsync(new JsonObject { [SeededTables.Amount] = 5 });
        var read = await FieldsOfAsync(id);
        Assert.Equal("""{"type":2,"ui_type":"Currency","value":[5]}""", read["Copy"]!.ToJsonString());
        Assert.False(read.ContainsKey("Sum"));
        Assert.Equal("11", read["No"]!.GetValue<string>());
        Assert.Equal(1_767_603_600_000, read["Made"]!.GetValue<long>());
        Assert.Equal("Larkspur Assistant", read["Maker"]![0]!["en_name"]!.GetValue<string>());
        var old = await OldFieldsOfAsync(id);
        Assert.Equal("Larkspur Assistant", old["Maker"]!["en_name"]!.GetValue<string>());
        Assert.Equal("""[{"type":"text","text":"5"}]""", old["Copy"]!.ToJsonString());
        Assert.Equal("\"5\"", (await OldFieldsOfAsync(id, "display_formula_ref=true"))["Copy"]!.ToJsonString());
        foreach (var name in (string[])["Made", "Changed", "Maker", "No", "Copy"])
            Assert.Equal((400, 1254015), await RefusedAsync(new JsonObject { [name] = "x" }));
    }

    [Fact]
    public async Task Automatic_fields_are_told_to_readers_and_not_to_writers()
    {
        await EditAsync(new { @as = "bob", @do = "set_cell", record_id = First, field = SeededTables.Amount, value = 9 });
        await Emulator.AdvanceAsync(TimeSpan.FromMilliseconds(1_500));
        await DataAsync(HttpMethod.Put, $"{Records}/{First}", new { fields = new JsonObject { [SeededTables.Amount] = 8 } });
        var found = (await PostAsync(Records + "/search?page_size=1&user_id_type=user_id", new { automatic_fields = true }))["items"]![0]!;
        Assert.Equal(("alice", "Larkspur Assistant"), (found["created_by"]!["id"]!.GetValue<string>(),
            found["last_modified_by"]!["en_name"]!.GetValue<string>()));
        // Cut to the second.
        Assert.Equal((1_767_603_600_000, 1_767_603_601_000), (found["created_time"]!.GetValue<long>(),
            found["last_modified_time"]!.GetValue<long>()));
        await RulesAsync(new { time_resolution_ms = 1 });
        found = (await PostAsync(Records + "/batch_get", new { record_ids = new[] { First }, automatic_fields = true }))["records"]![0]!;
        Assert.Equal(1_767_603_601_500, found["last_modified_time"]!.GetValue<long>());
    }
}
