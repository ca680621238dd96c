using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Tests.Tables;

/// <summary>Search: the filter by type, sorting, projection, pages, views; and the list that it replaced.</summary>
public sealed class SearchTests : TableTest
{
    [Theory]
    [InlineData(SeededTables.OrderNo, "is", "PO-2026-003", "3")]
    [InlineData(SeededTables.OrderNo, "isNot", "PO-2026-003", "1 2 4 5 6 7 8 9 10")]
    [InlineData(SeededTables.Supplier, "contains", "Deep", "1 5 9")]
    [InlineData(SeededTables.Supplier, "doesNotContain", "Deep", "2 3 4 6 7 8 10")]
    [InlineData(SeededTables.Amount, "is", "2500.5", "2")]
    [InlineData(SeededTables.Amount, "isNot", "2500.5", "1 3 4 5 6 7 8 9 10")]
    [InlineData(SeededTables.Amount, "isGreater", "11250.5", "10")]
    [InlineData(SeededTables.Amount, "isGreaterEqual", "11250.5", "9 10")]
    [InlineData(SeededTables.Amount, "isLess", "2500.5", "1")]
    [InlineData(SeededTables.Amount, "isLessEqual", "2500.5", "1 2")]
    [InlineData(SeededTables.Status, "is", "已付款", "2 5 8")]
    [InlineData(SeededTables.Status, "isNot", "已付款", "1 3 4 6 7 9 10")]
    [InlineData(SeededTables.Status, "contains", "已付款,待审批", "2 3 5 6 8 9")]
    [InlineData(SeededTables.Status, "doesNotContain", "已付款,待审批", "1 4 7 10")]
    [InlineData(SeededTables.Tags, "is", "办公", "3 6 9")]
    [InlineData(SeededTables.Tags, "contains", "物流", "2 5 8")]
    [InlineData(SeededTables.Tags, "isEmpty", "", "10")]
    [InlineData(SeededTables.Tags, "isNotEmpty", "", "1 2 3 4 5 6 7 8 9")]
    [InlineData(SeededTables.Invoiced, "is", "true", "2 4 6 8")]
    [InlineData(SeededTables.Invoiced, "is", "false", "1 3 5 7 9 10")]
    [InlineData(SeededTables.Date, "is", "ExactDate,1767500000000", "10")]
    [InlineData(SeededTables.Date, "isGreater", "ExactDate,1767369600000", "10")]
    [InlineData(SeededTables.Date, "isLess", "ExactDate,1766800000000", "1")]
    [InlineData(SeededTables.Date, "is", "Yesterday", "10")]
    [InlineData(SeededTables.Date, "is", "Today", "")]
    [InlineData(SeededTables.Date, "isLess", "Today", "1 2 3 4 5 6 7 8 9 10")]
    [InlineData(SeededTables.Date, "isGreater", "Tomorrow", "")]
    [InlineData(SeededTables.Date, "is", "CurrentWeek", "")]
    [InlineData(SeededTables.Date, "is", "LastWeek", "4 5 6 7 8 9 10")]
    [InlineData(SeededTables.Date, "is", "CurrentMonth", "7 8 9 10")]
    [InlineData(SeededTables.Date, "is", "LastMonth", "1 2 3 4 5 6")]
    [InlineData(SeededTables.Date, "is", "TheLastWeek", "5 6 7 8 9 10")]
    [InlineData(SeededTables.Date, "is", "TheNextWeek", "")]
    [InlineData(SeededTables.Date, "is", "TheLastMonth", "1 2 3 4 5 6 7 8 9 10")]
    [InlineData(SeededTables.Date, "is", "TheNextMonth", "")]
    public async Task A_condition_takes_the_rows_that_it_means(string field, string op, string values, string rows)
    {
        var found = await FindAsync(Where(field, op, values.Length == 0 ? [] : values.Split(',')));
        Assert.Equal(rows.Length == 0 ? "" : Numbered([.. rows.Split(' ').Select(int.Parse)]), string.Join(' ', found));
    }

    [Fact]
    public async Task People_links_and_who_made_it_are_named_by_id()
    {
        await FieldAsync("Link", 18, new { table_id = SeededTables.Orders });
        await FieldAsync("Maker", 1003);
        await RowAsync(new JsonObject { [SeededTables.OrderNo] = "L", ["Link"] = new JsonArray(SeededTables.RecordId(1)) });
        Assert.Equal(Numbered(3, 6, 9), string.Join(' ', await FindAsync(Where(SeededTables.Owner, "is", Open("alice")))));
        Assert.Equal(Numbered(3, 6, 9), string.Join(' ', await FindAsync(Where(SeededTables.Owner, "contains", "alice"),
            "user_id_type=user_id")));
        Assert.Equal(["L"], await FindAsync(Where("Link", "contains", SeededTables.RecordId(1))));
        Assert.Equal(["L"], await FindAsync(Where("Maker", "isNot", Open("alice"))));
        Assert.Equal(["L"], await FindAsync(Where("Link", "isNotEmpty")));
    }

    [Theory]
    [InlineData(SeededTables.OrderNo, "isGreater", "x")]
    [InlineData(SeededTables.OrderNo, "is", "a,b")]
    [InlineData(SeededTables.OrderNo, "is", "")]
    [InlineData(SeededTables.OrderNo, "isEmpty", "x")]
    [InlineData(SeededTables.OrderNo, "like", "x")]
    [InlineData(SeededTables.OrderNo, "in", "x")]
    [InlineData(SeededTables.Amount, "is", "many")]
    [InlineData(SeededTables.Amount, "contains", "1")]
    [InlineData(SeededTables.Status, "is", "a,b")]
    [InlineData(SeededTables.Status, "isGreater", "a")]
    [InlineData(SeededTables.Invoiced, "isNot", "true")]
    [InlineData(SeededTables.Invoiced, "is", "yes")]
    [InlineData(SeededTables.Invoiced, "isEmpty", "")]
    [InlineData(SeededTables.Date, "isNot", "Today")]
    [InlineData(SeededTables.Date, "isGreaterEqual", "Today")]
    [InlineData(SeededTables.Date, "isGreater", "LastWeek")]
    [InlineData(SeededTables.Date, "is", "1767500000000")]
    [InlineData(SeededTables.Date, "is", "ExactDate")]
    [InlineData(SeededTables.Date, "is", "ExactDate,soon")]
    [InlineData("Files", "is", "x")]
    [InlineData("Formula", "is", "x")]
    [InlineData("Formula", "isEmpty", "")]
    public async Task A_condition_that_its_type_does_not_take_is_refused(string field, string op, string values)
    {
        await FieldAsync("Files", 17);
        await FieldAsync("Formula", 20, new { formula_expression = "1" });
        var body = Where(field, op, values.Length == 0 ? [] : values.Split(','));
        Assert.Equal((200, 1254018), await CodeAsync(HttpMethod.Post, Records + "/search", body));
    }

    [Fact]
    public async Task Conditions_are_joined_in_one_level_of_groups_and_are_not_many()
    {
        object Is(string field, string value) => new { field_name = field, @operator = "is", value = new[] { value } };
        Task<(int, long)> CodeOfAsync(object filter) => CodeAsync(HttpMethod.Post, Records + "/search", new { filter });
        var two = new { conjunction = "or", conditions = new[] { Is(SeededTables.OrderNo, "PO-2026-002"),
            Is(SeededTables.OrderNo, "PO-2026-003") } };
        Assert.Equal(Numbered(2, 3), string.Join(' ', await FindAsync(new { filter = two })));
        Assert.Equal(Numbered(2), string.Join(' ', await FindAsync(new
        {
            filter = new { conjunction = "and", conditions = new[] { Is(SeededTables.Invoiced, "true") }, children = new[] { two } },
        })));
        Assert.Equal(Numbered(2, 3), string.Join(' ', await FindAsync(new { filter = new { conjunction = "and",
            children = new[] { two } } })));
        Assert.Equal(10, (await FindAsync(new { filter = new { conjunction = "and", conditions = Array.Empty<object>() } })).Length);

        Assert.Equal((200, 1254018), await CodeOfAsync(new { conditions = new[] { Is(SeededTables.OrderNo, "x") } }));
        Assert.Equal((200, 1254018), await CodeOfAsync(new { conjunction = "and",
            children = new[] { new { conjunction = "and", children = new[] { two } } } }));
        Assert.Equal((200, 1254045), await CodeOfAsync(new { conjunction = "and", conditions = new[] { Is("Nothing", "x") } }));
        object Many(int count) =>
            new { conjunction = "or", conditions = Enumerable.Range(0, count).Select(n => Is(SeededTables.Amount, $"{n}")) };
        Assert.Equal((200, 0), await CodeOfAsync(Many(50)));
        Assert.Equal((400, 99992402), await CodeOfAsync(Many(51)));
        Assert.Equal((200, 1254018), await CodeOfAsync(new { conjunction = "or", children = new[] { Many(26), Many(26) } }));
        Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Post, Records + "/search",
            Where(SeededTables.Status, "contains", [.. Enumerable.Repeat("x", 11)])));
        Assert.Equal((200, 1254107), await CodeAsync(HttpMethod.Post, Records + "/search",
            Where(SeededTables.OrderNo, "is", new string('x', 2_000))));
    }

    [Fact]
    public async Task Rows_are_sorted_and_cut_to_fields_that_exist()
    {
        object Sort(params (string Field, bool Desc)[] by) => new { sort = by.Select(b => new { field_name = b.Field, desc = b.Desc }) };
        Assert.Equal("PO-2026-010", (await FindAsync(Sort((SeededTables.Amount, true))))[0]);
        Assert.Equal(Numbered(3, 6, 9, 1, 4, 7, 10, 2, 5, 8), string.Join(' ', await FindAsync(Sort((SeededTables.Status, false)))));
        Assert.Equal(Numbered(9, 6, 3, 10, 7, 4, 1, 8, 5, 2), string.Join(' ',
            await FindAsync(Sort((SeededTables.Status, false), (SeededTables.Amount, true)))));
        Assert.Equal((200, 1254045), await CodeAsync(HttpMethod.Post, Records + "/search", Sort(("Nothing", false))));
        Assert.Equal((200, 1254016), await CodeAsync(HttpMethod.Post, Records + "/search", new { sort = new[] { new { desc = true } } }));
        Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Post, Records + "/search",
            Sort([.. Enumerable.Repeat((SeededTables.Amount, true), 101)])));
        var cut = await PostAsync(Records + "/search", new { field_names = new[] { SeededTables.Amount } });
        Assert.Equal([SeededTables.Amount], cut["items"]![0]!["fields"]!.AsObject().Select(f => f.Key));
        Assert.Equal((200, 1254045), await CodeAsync(HttpMethod.Post, Records + "/search", new { field_names = new[] { "Nothing" } }));
        Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Post, Records + "/search",
            new { field_names = Enumerable.Repeat(SeededTables.Amount, 201) }));
    }

    [Fact]
    public async Task Pages_are_places_in_a_list_that_moves()
    {
        var first = await PostAsync(Records + "/search?page_size=4", new { });
        var token = Uri.EscapeDataString(first["page_token"]!.GetValue<string>());
        Assert.True(first["has_more"]!.GetValue<bool>());
        Assert.Equal(Numbered(5, 6, 7, 8), string.Join(' ', await FindAsync(new { }, $"page_size=4&page_token={token}")));
        // A row before the place goes, and one is passed over.
        await EditAsync(new { @do = "delete_row", record_id = SeededTables.RecordId(1) });
        Assert.Equal(Numbered(6, 7, 8, 9), string.Join(' ', await FindAsync(new { }, $"page_size=4&page_token={token}")));
        Assert.Equal((400, 1254011), await CodeAsync(HttpMethod.Post, Records + "/search?page_size=0", new { }));
        Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Post, Records + "/search?page_size=501", new { }));
        var before = Uri.EscapeDataString(Convert.ToBase64String("search:-3:1767603600"u8));
        foreach (var bad in (string[])["nonsense", before])
            Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Post, $"{Records}/search?page_token={bad}", new { }));
        // In the body the page's size says nothing.
        Assert.Equal(9, (await PostAsync(Records + "/search", new { page_size = 2 }))["items"]!.AsArray().Count);
        await RulesAsync(new { page_token_seconds = 60 });
        Assert.Equal(4, (await FindAsync(new { }, $"page_size=4&page_token={token}")).Length);
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Post, $"{Records}/search?page_token={token}", new { }));
    }

    [Fact]
    public async Task The_old_list_goes_on_behind_a_row()
    {
        var first = await DataAsync(HttpMethod.Get, Records + "?page_size=4");
        Assert.Equal(SeededTables.RecordId(4), first["page_token"]!.GetValue<string>());
        await EditAsync(new { @do = "delete_row", record_id = SeededTables.RecordId(1) });
        var next = await DataAsync(HttpMethod.Get, $"{Records}?page_size=4&page_token={SeededTables.RecordId(4)}");
        Assert.Equal(SeededTables.RecordId(5), next["items"]![0]!["record_id"]!.GetValue<string>());
        Assert.Equal((200, 1254043), await CodeAsync(HttpMethod.Get, $"{Records}?page_token={SeededTables.RecordId(1)}"));
        var sort = Uri.EscapeDataString($"[\"{SeededTables.Amount} DESC\"]");
        var sorted = await DataAsync(HttpMethod.Get, $"{Records}?sort={sort}&automatic_fields=true");
        Assert.Equal(SeededTables.RecordId(10), sorted["items"]![0]!["record_id"]!.GetValue<string>());
        Assert.NotNull(sorted["items"]![0]!["created_by"]);
        var cut = await DataAsync(HttpMethod.Get, $"{Records}?field_names={Uri.EscapeDataString($"[\"{SeededTables.Amount}\"]")}");
        Assert.Single(cut["items"]![0]!["fields"]!.AsObject());
        Assert.Equal((200, 1254018), await CodeAsync(HttpMethod.Get, Records + "?filter=TODAY()"));
        Assert.Equal((200, 1254024), await CodeAsync(HttpMethod.Get, Records + "?field_names=Amount"));
    }
}
