using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Emulator.State.Tables;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Tables;

/// <summary>Bases, tables and views, and who may do what with them.</summary>
public sealed class BaseTests : TableTest
{
    [Fact]
    public async Task A_base_is_made_read_renamed_and_copied()
    {
        var made = (await PostAsync(Apps, new { name = "Base", time_zone = "Asia/Shanghai" }))["app"]!;
        var path = $"{Apps}/{made["app_token"]!.GetValue<string>()}";
        var table = $"{path}/tables/{made["default_table_id"]!.GetValue<string>()}";
        // A new base's table has empty rows.
        var empty = await PostAsync(table + "/records/search", new { });
        Assert.Equal((5, "{}"), (empty["total"]!.GetValue<int>(), empty["items"]![0]!["fields"]!.ToJsonString()));
        var app = (await DataAsync(HttpMethod.Get, path))["app"]!;
        Assert.Equal(("Base", 1, false, "Asia/Shanghai"), (app["name"]!.GetValue<string>(), app["revision"]!.GetValue<int>(),
            app["is_advanced"]!.GetValue<bool>(),
            app["time_zone"]!.GetValue<string>()));
        await PostAsync(path + "/tables", new { table = new { name = "Two" } });
        await DataAsync(HttpMethod.Put, path, new { name = "Renamed", is_advanced = true });
        app = (await DataAsync(HttpMethod.Get, path))["app"]!;
        Assert.Equal(("Renamed", 3, true), (app["name"]!.GetValue<string>(), app["revision"]!.GetValue<int>(),
            app["is_advanced"]!.GetValue<bool>()));
        Assert.Equal("Renamed", Emulator.State.Document(made["app_token"]!.GetValue<string>())!.Title);

        var copy = (await PostAsync(Ledger + "/copy", new { name = "Copy" }))["app"]!["app_token"]!.GetValue<string>();
        var bare = (await PostAsync(Ledger + "/copy", new { without_content = true }))["app"]!["app_token"]!.GetValue<string>();
        Assert.Equal(10, (await PostAsync($"{Apps}/{copy}/tables/{SeededTables.Orders}/records/search",
            new { }))["total"]!.GetValue<int>());
        Assert.Equal(0, (await PostAsync($"{Apps}/{bare}/tables/{SeededTables.Orders}/records/search", new { }))["total"]!.GetValue<int>());
        Assert.Equal((404, 1254702), await CodeAsync(HttpMethod.Post, Apps, new { folder_token = "fld" }));
        Assert.Equal((400, 1254800), await CodeAsync(HttpMethod.Post, Apps, new { time_zone = "Moon/Sea" }));
        Assert.Equal((400, 1254031), await CodeAsync(HttpMethod.Post, Apps, new { name = new string('x', 256) }));
    }

    [Fact]
    public async Task Tables_come_and_go_but_for_the_last_one()
    {
        var made = await PostAsync(Ledger + "/tables", new
        {
            table = new
            {
                name = "Suppliers", default_view_name = "All",
                fields = new object[]
                {
                    new { field_name = "Name", type = 1 }, new { field_name = "Kind", type = 3,
                        property = new { options = new[] { new { name = "A", color = 3 } } } },
                    new { field_name = "No", type = 1005, property = new { auto_serial = new { type = "custom", options = new[]
                    {
                        new { type = "fixed_text", value = "S-" }, new { type = "system_number", value = "4" },
                    } } } },
                },
            },
        });
        var id = made["table_id"]!.GetValue<string>();
        Assert.Equal(3, made["field_id_list"]!.AsArray().Count);
        var views = await DataAsync(HttpMethod.Get, $"{Ledger}/tables/{id}/views");
        Assert.Equal("All", views["items"]![0]!["view_name"]!.GetValue<string>());
        var row = await RowAsync(new JsonObject { ["Name"] = "x", ["Kind"] = "A" }, $"{Ledger}/tables/{id}");
        Assert.Equal("S-0001", (await FieldsOfAsync(row, $"{Ledger}/tables/{id}"))["No"]!.GetValue<string>());
        Assert.Equal((200, 1254013), await CodeAsync(HttpMethod.Post, Ledger + "/tables", new { table = new { name = "Suppliers" } }));
        Assert.Equal((400, 1254012), await CodeAsync(HttpMethod.Post, Ledger + "/tables",
            new { table = new { name = "T", fields = new[] { new { field_name = "First", type = 7 } } } }));
        Assert.Equal((400, 1254014), await CodeAsync(HttpMethod.Post, Ledger + "/tables",
            new { table = new { name = "T", fields = new[] { new { field_name = "A", type = 1 }, new { field_name = "A", type = 1 } } } }));

        var more = (await PostAsync(Ledger + "/tables/batch_create",
            new { tables = new[] { new { name = "B1" }, new { name = "B2" } } }))["table_ids"]!.AsArray();
        Assert.Equal((400, 1254013), await CodeAsync(HttpMethod.Post, Ledger + "/tables/batch_create",
            new { tables = new[] { new { name = "C" }, new { name = "C" } } }));
        var listed = await DataAsync(HttpMethod.Get, Ledger + "/tables?page_size=3");
        Assert.Equal((4, true), (listed["total"]!.GetValue<int>(), listed["has_more"]!.GetValue<bool>()));
        Assert.Equal("B1!", (await DataAsync(HttpMethod.Patch, $"{Ledger}/tables/{more[0]}",
            new { name = "B1!" }))["name"]!.GetValue<string>());
        Assert.Equal(2, (await DataAsync(HttpMethod.Get, Ledger + "/tables"))["items"]![2]!["revision"]!.GetValue<int>());
        Assert.Equal((400, 1254013), await CodeAsync(HttpMethod.Patch, $"{Ledger}/tables/{more[0]}", new { name = "B2" }));
        Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Patch, $"{Ledger}/tables/{more[0]}", new { name = "a/b" }));
        await DataAsync(HttpMethod.Delete, $"{Ledger}/tables/{id}");
        Assert.Equal((200, 1254041), await CodeAsync(HttpMethod.Delete, $"{Ledger}/tables/{id}"));
        await PostAsync(Ledger + "/tables/batch_delete", new { table_ids = more });
        Assert.Equal((403, 1254034), await CodeAsync(HttpMethod.Delete, Orders));
    }

    [Fact]
    public async Task Views_filter_a_search_that_says_nothing_itself()
    {
        var view = (await PostAsync(Orders + "/views", new { view_name = "Approved",
            view_type = "grid" }))["view"]!["view_id"]!.GetValue<string>();
        var option = Emulator.State.Base(SeededTables.Ledger)!.Table(SeededTables.Orders)!.FieldNamed(SeededTables.Status)!.Options[1].Id;
        var (status, date) = (SeededTables.FieldId(SeededTables.Status), SeededTables.FieldId(SeededTables.Date));
        var changed = await DataAsync(HttpMethod.Patch, $"{Orders}/views/{view}", new
        {
            property = new
            {
                hidden_fields = new[] { date },
                filter_info = new { conjunction = "and", conditions = new[] { new { field_id = status, @operator = "is",
                    value = $"[\"{option}\"]" } } },
            },
        });
        var property = changed["view"]!["property"]!;
        Assert.Equal((3, date), (property["filter_info"]!["conditions"]![0]!["field_type"]!.GetValue<int>(),
            property["hidden_fields"]![0]!.GetValue<string>()));
        Assert.Equal(Numbered(1, 4, 7, 10), string.Join(' ', await FindAsync(new { view_id = view })));
        // A filter or a sort of its own makes the view say nothing.
        Assert.Equal(10, (await FindAsync(new { view_id = view, sort = new[] { new { field_name = SeededTables.Amount } } })).Length);
        Assert.Equal((200, 1254042), await CodeAsync(HttpMethod.Post, Records + "/search", new { view_id = "vewNone" }));
        var fields = (await DataAsync(HttpMethod.Get, $"{Orders}/fields?view_id={view}"))["items"]!.AsArray();
        var hidden = fields.Where(f => f!["is_hidden"]!.GetValue<bool>());
        Assert.Equal([SeededTables.Date], hidden.Select(f => f!["field_name"]!.GetValue<string>()));

        Assert.Equal((200, 1254020), await CodeAsync(HttpMethod.Post, Orders + "/views", new { view_name = "Approved" }));
        Assert.Equal((200, 1254022), await CodeAsync(HttpMethod.Post, Orders + "/views", new { view_name = "a[b" }));
        object Filter(string field, string op, string value) => new
        {
            property = new { filter_info = new { conjunction = "and",
                conditions = new[] { new { field_id = field, @operator = op, value } } } },
        };
        Assert.Equal((404, 1254044), await CodeAsync(HttpMethod.Patch, $"{Orders}/views/{view}", Filter("fldNone", "is", "[\"x\"]")));
        Assert.Equal((400, 1254018), await CodeAsync(HttpMethod.Patch, $"{Orders}/views/{view}", Filter(status, "is", "x")));
        await DataAsync(HttpMethod.Patch, $"{Orders}/views/{view}",
            new { view_name = "Any", property = new { filter_info = (object?)null } });
        Assert.Equal(10, (await FindAsync(new { view_id = view })).Length);
        Assert.Equal("Any", (await DataAsync(HttpMethod.Get, $"{Orders}/views/{view}"))["view"]!["view_name"]!.GetValue<string>());
        await DataAsync(HttpMethod.Delete, $"{Orders}/views/{view}");
        Assert.Equal((200, 1254023), await CodeAsync(HttpMethod.Delete, $"{Orders}/views/{SeededTables.AllOrders}"));
    }

    [Fact]
    public async Task Only_who_was_let_in_reads_and_only_editors_write()
    {
        var (alice, bob) = (await UserTokenAsync("alice"), await UserTokenAsync("bob"));
        Assert.Equal((200, 0), await CodeAsync(HttpMethod.Get, Ledger, token: alice));
        Assert.Equal(1254302, (await CodeAsync(HttpMethod.Get, Ledger, token: bob)).Code);
        Assert.Equal((200, 1254302), await CodeAsync(HttpMethod.Post, Records + "/search", new { }, bob));
        object Member(string perm) => new { member_type = "userid", member_id = "bob", perm };
        var members = $"/open-apis/drive/v1/permissions/{SeededTables.Ledger}/members?type=bitable";
        await PostAsync(members, Member("view"));
        Assert.Equal(10, (await PostAsync(Records + "/search", new { }, bob))["total"]!.GetValue<int>());
        Assert.Equal((403, 1254302), await CodeAsync(HttpMethod.Post, Records, new { fields = new { } }, bob));
        await PostAsync(members, Member("edit"));
        Assert.Equal((200, 0), await CodeAsync(HttpMethod.Post, Records, new { fields = new { } }, bob));

        Assert.Equal((200, 1254003), await CodeAsync(HttpMethod.Get, Apps + "/x-y"));
        Assert.Equal((200, 1254040), await CodeAsync(HttpMethod.Get, Apps + "/LkNothingHereAtAllMica00001"));
        Assert.Equal((200, 1254004), await CodeAsync(HttpMethod.Post, Ledger + "/tables/x/records/search", new { }));
        Assert.Equal((200, 1254041), await CodeAsync(HttpMethod.Post, Ledger + "/tables/tblNone/records/search", new { }));
        await Emulator.ControlAsync(HttpMethod.Patch, "documents/" + SeededTables.Ledger, new { deleted = true });
        Assert.Equal((200, 1254040), await CodeAsync(HttpMethod.Get, Ledger));
    }

    [Fact]
    public async Task Advanced_permissions_hide_rows_and_only_batch_get_tells()
    {
        var (first, second) = (SeededTables.RecordId(1), SeededTables.RecordId(2));
        await Emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/permissions",
            new { is_advanced = true, hidden = new[] { first } });
        Assert.True((await DataAsync(HttpMethod.Get, Ledger))["app"]!["is_advanced"]!.GetValue<bool>());
        Assert.Equal(9, (await PostAsync(Records + "/search", new { }))["total"]!.GetValue<int>());
        var read = await PostAsync(Records + "/batch_get", new { record_ids = new[] { first, second, "recGone" } });
        Assert.Equal((second, first, "recGone"), (read["records"]![0]!["record_id"]!.GetValue<string>(),
            read["forbidden_record_ids"]![0]!.GetValue<string>(),
            read["absent_record_ids"]![0]!.GetValue<string>()));
        Assert.Equal((403, 1254302), await CodeAsync(HttpMethod.Put, $"{Records}/{first}", new { fields = new { } }));
        Assert.Equal((200, 1254302), await CodeAsync(HttpMethod.Get, $"{Records}/{first}"));
        var copy = (await PostAsync($"{Ledger}/copy", new { name = "Copy" }))["app"]!["app_token"]!.GetValue<string>();
        var copied = Emulator.State.Base(copy)!.Table(SeededTables.Orders)!;
        Assert.Equal((9, null), (copied.Count, copied.Record(first)));
        // Others see it; and all of it can vanish without an error.
        Assert.Equal(10, (await PostAsync(Records + "/search", new { }, await UserTokenAsync("alice")))["total"]!.GetValue<int>());
        await Emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/permissions",
            new { who = EmulatorApp.AppId, hidden = new[] { "*" } });
        Assert.Equal(0, (await PostAsync(Records + "/search", new { }))["total"]!.GetValue<int>());
        Assert.Equal(0, (await DataAsync(HttpMethod.Get, Records))["total"]!.GetValue<int>());
        await Emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/permissions", new { is_advanced = false });
        Assert.Equal(10, (await PostAsync(Records + "/search", new { }))["total"]!.GetValue<int>());
    }

    [Fact]
    public async Task The_state_shows_bases_and_a_reset_brings_the_ledger_back()
    {
        await RowAsync(new JsonObject { [SeededTables.OrderNo] = "extra" });
        await PostAsync(Apps, new { name = "Other" });
        await RulesAsync(new { write_lock_ms = 500 });
        var bases = (await Emulator.StateAsync())["bases"]!.AsArray();
        var ledger = bases.Single(b => b!["app_token"]!.GetValue<string>() == SeededTables.Ledger)!;
        Assert.Equal((2, "采购台账 Purchase ledger", "alice", 11, 8),
            (bases.Count, ledger["name"]!.GetValue<string>(), ledger["owner"]!.GetValue<string>(),
            ledger["tables"]![0]!["total"]!.GetValue<int>(), ledger["tables"]![0]!["fields"]!.AsArray().Count));
        await Emulator.ControlAsync(HttpMethod.Post, "reset");
        bases = (await Emulator.StateAsync())["bases"]!.AsArray();
        Assert.Equal((1, 10), (bases.Count, bases[0]!["tables"]![0]!["records"]!.AsArray().Count));
        Assert.Equal(0, (await Emulator.ControlAsync(HttpMethod.Get, "tables/rules"))["write_lock_ms"]!.GetValue<int>());
    }
}
