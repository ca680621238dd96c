using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Tests.Tables;

/// <summary>What the script of a table's page asks and posts: what is typed, who may, what is taken back, what is remembered.</summary>
public sealed class TablePageTests : TableTest
{
    private const string Root = "/ui/tables/" + SeededTables.Ledger + "/";
    private static readonly string First = SeededTables.RecordId(1);
    private static readonly string Second = SeededTables.RecordId(2);
    private static readonly string Page = Root + SeededTables.Orders;

    [Theory]
    [InlineData(2, "Number", "1,234.5", "1234.5")]
    [InlineData(2, "Number", "¥ 1,234", "1234")]
    [InlineData(2, "Currency", "(12.30)", "-12.3")]
    [InlineData(2, "Progress", "12.3%", "0.123")]
    [InlineData(2, "Number", "1e3", "1000")]
    [InlineData(2, "Number", "12,34", "\"12,34\" is not a number")]
    [InlineData(2, "Number", "1e999", "\"1e999\" is not a number")]
    [InlineData(2, "Number", "-", "\"-\" is not a number")]
    [InlineData(5, "DateTime", "2026/3/31", "1774886400000")]
    [InlineData(5, "DateTime", "2026-03-31 09:30", "1774920600000")]
    [InlineData(5, "DateTime", "2026年3月31日", "1774886400000")]
    [InlineData(5, "DateTime", "3/31/2026", "1774886400000")]
    [InlineData(5, "DateTime", "2026-03-31T01:30:00Z", "1774920600000")]
    [InlineData(5, "DateTime", "31/31/2026", "\"31/31/2026\" is not a date. Write it as 2026/03/31 or 2026-03-31 09:30")]
    [InlineData(7, "Checkbox", "yes", "true")]
    [InlineData(7, "Checkbox", "否", "false")]
    [InlineData(7, "Checkbox", "maybe", "\"maybe\" is neither ticked nor not: write true or false")]
    [InlineData(13, "Phone", "+86 138-0000-0000", "\"+8613800000000\"")]
    [InlineData(13, "Phone", "call me", "A phone number is made of digits, with a + in front at most")]
    [InlineData(15, "Url", "www.example.com", """{"link":"https://www.example.com","text":"www.example.com"}""")]
    [InlineData(15, "Url", "[the house](https://example.com/a)", """{"link":"https://example.com/a","text":"the house"}""")]
    [InlineData(15, "Url", "javascript:alert(1)", "\"javascript:alert(1)\" is not a web address")]
    [InlineData(4, "MultiSelect", "a, b，c、a", """["a","b","c"]""")]
    [InlineData(11, "User", "Bob, 卡罗尔", "bob carol")]
    [InlineData(11, "User", "Nobody", "There is no \"Nobody\"")]
    [InlineData(1005, "AutoNumber", "7", "This field cannot be edited")]
    public async Task What_is_typed_is_read_as_its_field_wants_it_or_refused_with_the_reason(int type, string ui, string typed,
        string becomes)
    {
        var field = await FieldAsync("Typed", type, null, ui);
        var answer = await PostPageAsync("write", Written("alice", field, typed));
        if (answer["refused"] is JsonArray { Count: > 0 } refused)
        {
            Assert.Equal(becomes, refused[0]!["say"]!.GetValue<string>());
            Assert.False(Row(First).Cells.ContainsKey(field));
            return;
        }

        var written = (await FieldsOfAsync(First))["Typed"]!;
        var shown = type == 11 ? string.Join(' ', ((IdsCell)Row(First).Cells[field]).Ids) : written.ToJsonString(Relaxed);
        Assert.Equal(becomes, shown);
    }

    [Fact]
    public async Task A_block_is_written_whole_or_not_at_all_and_its_new_rows_with_it()
    {
        var (supplier, amount) = (SeededTables.FieldId(SeededTables.Supplier), SeededTables.FieldId(SeededTables.Amount));
        object Block(string last) => new
        {
            @as = "alice", rows = new[] { First, null }, fields = new[] { supplier, amount },
            cells = new[] { new[] { new { text = "A" }, new { text = "1" } }, [new { text = "B" }, new { text = last }] },
        };
        var answer = await PostPageAsync("write", Block("two"));
        var refused = Assert.Single(answer["refused"]!.AsArray())!.ToJsonString(Relaxed);
        Assert.Equal("""{"row":1,"column":1,"say":"\"two\" is not a number"}""", refused);
        Assert.Equal(("深蓝科技 Deep Blue", 10), (((TextCell)Row(First).Cells[supplier]).Text, Table.Count));
        answer = await PostPageAsync("write", Block("2"));
        var made = answer["rows"]![1]!.GetValue<string>();
        Assert.Equal((new NumberCell(2), 11), (Row(made).Cells[amount], Table.Count));
        Assert.Equal("alice", Row(made).CreatedBy);
        await PostPageAsync("turn", new { @as = "alice" });
        Assert.Equal(("深蓝科技 Deep Blue", 10), (((TextCell)Row(First).Cells[supplier]).Text, Table.Count));
        await PostPageAsync("turn", new { @as = "alice", redo = true });
        Assert.Equal(new NumberCell(2), Row(made).Cells[amount]);
    }

    [Fact]
    public async Task Taking_back_leaves_what_others_changed_since_and_is_each_persons_own()
    {
        Emulator.State.ChangeDocument(SeededTables.Ledger, d => d with { LinkShare = "tenant_editable" });
        var (supplier, amount) = (SeededTables.FieldId(SeededTables.Supplier), SeededTables.FieldId(SeededTables.Amount));
        await PostPageAsync("write", new
        {
            @as = "alice", rows = new[] { First }, fields = new[] { supplier, amount },
            cells = new[] { new[] { new { text = "by Alice" }, new { text = "5" } } },
        });
        await PutAsync(SeededTables.Supplier, "by the app");
        Assert.Equal("Nothing to undo", (await PostPageAsync("turn", new { @as = "bob" }))["say"]!.GetValue<string>());
        var turned = await PostPageAsync("turn", new { @as = "alice" });
        Assert.Equal("One row changed since and was left as it is", turned["say"]!.GetValue<string>());
        Assert.Equal((new TextCell("by the app"), new NumberCell(1250.5)), (Row(First).Cells[supplier], Row(First).Cells[amount]));
    }

    [Fact]
    public async Task A_deleted_row_that_is_linked_from_both_sides_comes_back_on_both()
    {
        var link = await FieldAsync("Link", 21, new { table_id = SeededTables.Orders, back_field_name = "Back" });
        var back = Table.FieldNamed("Back")!.FieldId;
        await PutAsync("Link", new[] { Second });
        await PostPageAsync("delete", new { @as = "alice", rows = new[] { First } });
        Assert.False(Row(Second).Cells.ContainsKey(back));
        var turned = await PostPageAsync("turn", new { @as = "alice" });
        Assert.Null(turned["say"]);
        Assert.Equal(new IdsCell([Second]), Row(First).Cells[link]);
        Assert.Equal(new IdsCell([First]), Row(Second).Cells[back]);
        var again = await PostPageAsync("turn", new { @as = "alice", redo = true });
        Assert.Null(again["say"]);
        Assert.Null(Table.Record(First));
    }

    [Fact]
    public async Task A_copied_row_has_equal_values_under_a_new_id()
    {
        var copied = (await PostPageAsync("copy", new { @as = "alice", rows = new[] { First } }))["rows"]![0]!.GetValue<string>();
        Assert.NotEqual(First, copied);
        Assert.Equal(Row(First).Cells.OrderBy(c => c.Key), Row(copied).Cells.OrderBy(c => c.Key));
    }

    [Fact]
    public async Task Who_may_not_read_finds_nothing_and_who_may_only_read_writes_nothing()
    {
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"{Page}/shape?as=bob"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"{Page}/rows?as=bob"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"{Page}/history/{First}?as=bob"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"{Page}/events?as=bob"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"/tables/{SeededTables.Ledger}/{SeededTables.Orders}?as=bob"));
        Assert.DoesNotContain(SeededTables.Orders, await Emulator.Http.GetStringAsync("/tables?as=bob", Cancel), StringComparison.Ordinal);
        Emulator.State.ChangeDocument(SeededTables.Ledger, d => d with { LinkShare = "tenant_readable" });
        Assert.Equal(HttpStatusCode.OK, await StatusAsync($"{Page}/rows?as=bob"));
        foreach (var (path, body) in new (string, object)[]
        {
            ("write", Written("bob", SeededTables.FieldId(SeededTables.Supplier), "x")),
            ("delete", new { @as = "bob", rows = new[] { First } }), ("field", new { @as = "bob", @do = "add", name = "x", type = "Text" }),
        })
            Assert.Equal("You may read this table only", (await PostPageAsync(path, body))["error"]!.GetValue<string>());
        Assert.Equal((10, 8), (Table.Count, Table.Fields.Length));
    }

    [Fact]
    public async Task Rows_that_are_hidden_from_a_person_are_nowhere_in_the_persons_page()
    {
        await Emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/permissions",
            new { is_advanced = true, who = "alice", hidden = new[] { First } });
        var rows = await GetAsync($"{Page}/rows?as=alice&keep={First}");
        Assert.Equal((9, -1), (rows["total"]!.GetValue<int>(), rows["places"]![First]!.GetValue<int>()));
        Assert.DoesNotContain("PO-2026-001", rows.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"{Page}/row/{First}?as=alice"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync($"{Page}/history/{First}?as=alice"));
        await PostPageAsync("delete", new { @as = "alice", rows = new[] { First } });
        Assert.NotNull(Table.Record(First));
        var refused = await PostPageAsync("write", Written("alice", SeededTables.FieldId(SeededTables.Supplier), "x"));
        Assert.Equal("The row was deleted meanwhile", refused["error"]!.GetValue<string>());
    }

    [Fact]
    public async Task Another_page_s_call_and_an_unknown_member_are_refused()
    {
        var body = new { @as = "alice", rows = new[] { First } };
        using var foreign = await Emulator.Http.PostAsJsonAsync($"{Page}/delete", body, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        using var unknown = await SendPageAsync("delete", new { @as = "alice", rows = new[] { First }, silently = true });
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        object[] bodies = [new { @as = "alice" }, new { @as = "alice", rows = (string[]?)null }, new { rows = new[] { First } }];
        foreach (var broken in bodies)
        {
            using var answer = await SendPageAsync("delete", broken);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        Assert.NotNull(Table.Record(First));
        var filter = $$"""[{"field":"{{SeededTables.FieldId(SeededTables.Amount)}}","operator":"is","value":["x"]}]""";
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync($"{Page}/rows?as=alice&filter={Uri.EscapeDataString(filter)}"));
    }

    [Fact]
    public async Task History_says_who_changed_what_and_a_reset_forgets_it()
    {
        await PutAsync(SeededTables.Amount, 8);
        await Emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/act",
            new { @as = "bob", @do = "rename_field", field = SeededTables.Amount, name = "Sum" });
        await Emulator.ControlAsync(HttpMethod.Post, $"tables/{SeededTables.Ledger}/act",
            new { @as = "bob", @do = "delete_row", record_id = First });
        var told = (await Emulator.Http.GetFromJsonAsync<JsonArray>($"{Page}/history/{First}?as=alice&lang=en", Cancel))!;
        Assert.Equal(["deleted Bob", "edited Larkspur Assistant"], told.Select(t => $"{t!["is"]} {t["who"]!["name"]}"));
        // Told with the field's name of then.
        Assert.Equal($$"""[{"field":"{{SeededTables.Amount}}","before":"¥1,250.50","after":"¥8.00"}]""",
            told[1]!["cells"]!.ToJsonString(Relaxed));
        await Emulator.ControlAsync(HttpMethod.Post, "reset");
        Assert.Empty((await Emulator.Http.GetFromJsonAsync<JsonArray>($"{Page}/history/{First}?as=alice", Cancel))!);
    }

    private static readonly System.Text.Json.JsonSerializerOptions Relaxed = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private DataTable Table => Emulator.State.Base(SeededTables.Ledger)!.Table(SeededTables.Orders)!;

    private TableRecord Row(string id) => Table.Record(id)!;

    private static object Written(string who, string field, string typed) =>
        new { @as = who, rows = new[] { First }, fields = new[] { field }, cells = new[] { new[] { new { text = typed } } } };

    private Task PutAsync(string field, object value) =>
        DataAsync(HttpMethod.Put, $"{Records}/{First}", new { fields = new Dictionary<string, object> { [field] = value } });

    private async Task<HttpResponseMessage> SendPageAsync(string what, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Page}/{what}") { Content = JsonContent.Create(body) };
        request.Headers.Add("X-Larkspur-Client", "1");
        return await Emulator.Http.SendAsync(request, Cancel);
    }

    private async Task<JsonObject> PostPageAsync(string what, object body)
    {
        using var answer = await SendPageAsync(what, body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancel))!;
    }

    private async Task<JsonObject> GetAsync(string path) => (await Emulator.Http.GetFromJsonAsync<JsonObject>(path, Cancel))!;

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await Emulator.Http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, Cancel);
        return answer.StatusCode;
    }
}
