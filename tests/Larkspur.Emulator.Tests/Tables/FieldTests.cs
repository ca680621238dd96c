using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Tests.Tables;

/// <summary>Fields: what each type keeps, what a change of one does to its cells, links in both directions, refusals.</summary>
public sealed class FieldTests : TableTest
{
    private static readonly string Status = $"{Orders}/fields/{SeededTables.FieldId(SeededTables.Status)}";

    [Fact]
    public async Task The_list_tells_types_options_and_the_primary_field_by_pages()
    {
        var page = await DataAsync(HttpMethod.Get, Orders + "/fields?page_size=5");
        Assert.Equal((5, true, 8), (page["items"]!.AsArray().Count, page["has_more"]!.GetValue<bool>(), page["total"]!.GetValue<int>()));
        var token = Uri.EscapeDataString(page["page_token"]!.GetValue<string>());
        var next = await DataAsync(HttpMethod.Get, $"{Orders}/fields?page_size=5&page_token={token}");
        Assert.Equal((3, false), (next["items"]!.AsArray().Count, next["has_more"]!.GetValue<bool>()));
        Assert.Null(next["page_token"]);
        var (order, amount, status) = (page["items"]![0]!, page["items"]![2]!, page["items"]![3]!);
        Assert.Equal((true, 1, "Text"), (order["is_primary"]!.GetValue<bool>(), order["type"]!.GetValue<int>(),
            order["ui_type"]!.GetValue<string>()));
        Assert.Equal(("Currency", "CNY"), (amount["ui_type"]!.GetValue<string>(),
            amount["property"]!["currency_code"]!.GetValue<string>()));
        Assert.StartsWith("opt", status["property"]!["options"]![0]!["id"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, "Text", null)]
    [InlineData(1, "Email", null)]
    [InlineData(1, "Barcode", """{"allowed_edit_modes":{"manual":true,"scan":true}}""")]
    [InlineData(2, "Number", """{"formatter":"0.00"}""")]
    [InlineData(2, "Progress", """{"formatter":"0%","min":0,"max":1,"range_customize":true}""")]
    [InlineData(2, "Currency", """{"formatter":"0.00","currency_code":"USD"}""")]
    [InlineData(2, "Rating", """{"formatter":"0","min":1,"max":5,"rating":{"symbol":"star"}}""")]
    [InlineData(3, "SingleSelect", null)]
    [InlineData(4, "MultiSelect", null)]
    [InlineData(5, "DateTime", """{"date_formatter":"yyyy/MM/dd","auto_fill":true}""")]
    [InlineData(7, "Checkbox", null)]
    [InlineData(11, "User", """{"multiple":false}""")]
    [InlineData(13, "Phone", null)]
    [InlineData(15, "Url", null)]
    [InlineData(17, "Attachment", null)]
    [InlineData(20, "Formula", """{"formula_expression":"1+1"}""")]
    [InlineData(22, "Location", """{"location":{"input_type":"not_limit"}}""")]
    [InlineData(23, "GroupChat", """{"multiple":true}""")]
    [InlineData(1001, "CreatedTime", """{"date_formatter":"yyyy/MM/dd"}""")]
    [InlineData(1002, "ModifiedTime", """{"date_formatter":"yyyy/MM/dd"}""")]
    [InlineData(1003, "CreatedUser", null)]
    [InlineData(1004, "ModifiedUser", null)]
    [InlineData(1005, "AutoNumber", null)]
    public async Task Every_type_that_the_api_makes_is_made_with_its_property(int type, string ui, string? property)
    {
        var body = new { field_name = "New", type, ui_type = ui == "Email" || ui == "Barcode" || type == 2 ? ui : null,
            property = property is null ? null : JsonNode.Parse(property) };
        var made = (await PostAsync(Orders + "/fields", body))["field"]!;
        Assert.Equal((type, ui, "New", false), (made["type"]!.GetValue<int>(), made["ui_type"]!.GetValue<string>(),
            made["field_name"]!.GetValue<string>(),
            made["is_primary"]!.GetValue<bool>()));
        foreach (var (name, value) in property is null ? [] : JsonNode.Parse(property)!.AsObject())
            Assert.Equal(value!.ToJsonString(), made["property"]![name]!.ToJsonString());
        Assert.Equal((type == 1 || type == 13 || type == 15 || type == 17 || type == 7 || type is 1003 or 1004 or 1005)
            && property is null, made["property"] is null);
    }

    [Fact]
    public async Task A_field_that_cannot_be_is_refused()
    {
        foreach (var (body, status, code) in ((object, int, long)[])
        [
            (new { field_name = " ", type = 1 }, 400, 1254028), (new { field_name = "a[b", type = 1 }, 400, 1254029),
            (new { field_name = SeededTables.Amount, type = 1 }, 200, 1254014), (new { field_name = "N", type = 19 }, 400, 99992402),
            (new { field_name = "N", type = 2, ui_type = "Text" }, 400, 1254081),
                (new { field_name = "N", type = 2, property = new { formatter = "many" } }, 400, 1254081),
            (new { field_name = "N", type = 2, ui_type = "Currency", property = new { currency_code = "XXX" } }, 400, 99992402),
            (new { field_name = "N", type = 2, ui_type = "Rating", property = new { min = 1, max = 11 } }, 400, 1254081),
            (new { field_name = "N", type = 3, property = new { options = new[] { new { name = "" } } } }, 200, 1254026),
            (new { field_name = "N", type = 4, property = new { options = new[] { new { name = "a" }, new { name = "a" } } } }, 400,
                1254083),
            (new { field_name = "N", type = 18, property = new { table_id = "tblNone" } }, 400, 1254089),
                (new { field_name = "N", type = 21 }, 400, 1254092),
        ])
        {
            Assert.Equal((status, code), await CodeAsync(HttpMethod.Post, Orders + "/fields", body));
        }

        Assert.Equal((400, 1254037), await CodeAsync(HttpMethod.Post, Orders + "/fields?client_token=x",
            new { field_name = "N", type = 1 }));
    }

    [Fact]
    public async Task A_put_replaces_the_property_and_cells_lose_what_was_dropped()
    {
        var options = (await DataAsync(HttpMethod.Get, Orders + "/fields"))["items"]![3]!["property"]!["options"]!.AsArray();
        var kept = options[1]!["id"]!.GetValue<string>();
        var changed = (await DataAsync(HttpMethod.Put, Status, new
        {
            field_name = "Phase", type = 3, property = new { options = new object[] { new { id = kept, name = "Approved" },
                new { name = "New" } } },
        }))["field"]!;
        Assert.Equal([(kept, "Approved")], changed["property"]!["options"]!.AsArray().Take(1).Select(o => (o!["id"]!.GetValue<string>(),
            o["name"]!.GetValue<string>())));
        // Records are keyed by the name, which is another now; the renamed option shows everywhere, the dropped ones nowhere.
        Assert.Equal("Approved", (await FieldsOfAsync(SeededTables.RecordId(1)))["Phase"]!.GetValue<string>());
        Assert.False((await FieldsOfAsync(SeededTables.RecordId(2))).ContainsKey("Phase"));
        Assert.Equal(Numbered(1, 4, 7, 10), string.Join(' ', await FindAsync(Where("Phase", "is", "Approved"))));
        Assert.Equal((200, 1254606), await CodeAsync(HttpMethod.Put, Status,
            new { field_name = "Phase", type = 3, property = changed["property"] }));
        Assert.Equal((400, 1254082), await CodeAsync(HttpMethod.Put, Status,
            new { field_name = "Phase", type = 3, property = new { options = new[] { new { id = "optNone", name = "x" } } } }));
        await DataAsync(HttpMethod.Put, Status, new { field_name = "Phase", type = 3 });
        Assert.Empty(await FindAsync(Where("Phase", "isNotEmpty")));
        await DataAsync(HttpMethod.Put, Status, new { field_name = "Phase", type = 1 });
        await RowAsync(new JsonObject { ["Phase"] = "text now" });
        Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Put, Status, new { type = 1 }));
        Assert.Equal((200, 1254044), await CodeAsync(HttpMethod.Put, Orders + "/fields/fldNone", new { field_name = "x", type = 1 }));
        Assert.Equal((200, 1254009), await CodeAsync(HttpMethod.Put, Orders + "/fields/none", new { field_name = "x", type = 1 }));
    }

    [Fact]
    public async Task Fields_are_deleted_but_the_primary_one()
    {
        var gone = await DataAsync(HttpMethod.Delete, Status);
        Assert.True(gone["deleted"]!.GetValue<bool>());
        Assert.False((await FieldsOfAsync(SeededTables.RecordId(1))).ContainsKey(SeededTables.Status));
        Assert.Equal((200, 1254045), await RefusedAsync(new JsonObject { [SeededTables.Status] = "x" }));
        var primary = $"{Orders}/fields/{SeededTables.FieldId(SeededTables.OrderNo)}";
        Assert.Equal((200, 1254046), await CodeAsync(HttpMethod.Delete, primary));
        Assert.Equal((200, 1254012), await CodeAsync(HttpMethod.Put, primary, new { field_name = "x", type = 7 }));
    }

    [Fact]
    public async Task A_link_in_both_directions_changes_the_rows_on_the_other_side()
    {
        var made = await PostAsync(Ledger + "/tables", new { table = new { name = "Invoices",
            fields = new[] { new { field_name = "No", type = 1 } } } });
        var invoices = $"{Ledger}/tables/{made["table_id"]!.GetValue<string>()}";
        await FieldAsync("Orders", 21, new { table_id = SeededTables.Orders, back_field_name = "Invoices" }, table: invoices);
        var (first, second) = (SeededTables.RecordId(1), SeededTables.RecordId(2));
        var invoice = await RowAsync(new JsonObject { ["No"] = "I-1", ["Orders"] = new JsonArray(first, second) }, invoices);
        string Links(JsonObject fields, string name) => fields[name]!.ToJsonString();
        Assert.Equal($$"""{"link_record_ids":["{{invoice}}"]}""", Links(await FieldsOfAsync(first), "Invoices"));
        await DataAsync(HttpMethod.Put, $"{Records}/{first}", new { fields = new JsonObject { ["Invoices"] = new JsonArray() } });
        Assert.Equal($$"""{"link_record_ids":["{{second}}"]}""", Links(await FieldsOfAsync(invoice, invoices), "Orders"));
        await DataAsync(HttpMethod.Delete, $"{Records}/{second}");
        Assert.Equal("{}", Links(await FieldsOfAsync(invoice, invoices), "Orders"));
        var fields = (await DataAsync(HttpMethod.Get, invoices + "/fields"))["items"]!.AsArray();
        await DataAsync(HttpMethod.Delete, $"{invoices}/fields/{fields[1]!["field_id"]!.GetValue<string>()}");
        Assert.DoesNotContain("Invoices", (await DataAsync(HttpMethod.Get,
            Orders + "/fields"))["items"]!.AsArray().Select(f => f!["field_name"]!.GetValue<string>()));
    }
}
