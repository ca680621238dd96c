using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Tables;

/// <summary>Business systems read and write the records of an open base.</summary>
public sealed class RecordTests : IAsyncLifetime
{
    private const string Number = SeededTables.OrderNo;
    private const string Amount = SeededTables.Amount;
    private const string Status = SeededTables.Status;

    private TableFixture _on = null!;

    private GatewayApp Gateway => _on.Gateway;

    private static string Records => TableFixture.Orders + "/records";

    public async ValueTask InitializeAsync() => _on = await TableFixture.StartAsync();

    public ValueTask DisposeAsync() => _on.DisposeAsync();

    [Fact]
    public async Task Tables_and_fields_are_told_with_their_types_and_options()
    {
        var table = Assert.Single((await Gateway.GetRestAsync("/tables/bases/ledger/tables")).Items);
        Assert.Equal((SeededTables.Orders, "订单 Orders"), (table.GetProperty("id").GetString(), table.GetProperty("name").GetString()));
        var byId = await Gateway.GetRestAsync(TableFixture.Orders + "/fields");
        var byName = await Gateway.GetRestAsync("/tables/bases/ledger/tables/" + Uri.EscapeDataString("订单 Orders") + "/fields");
        Assert.Equal((200, byId.Body.GetRawText()), (byName.Status, byName.Body.GetRawText()));
        Assert.Equal(["text", "text", "number", "single_select", "date", "people", "checkbox", "multi_select"],
            byId.Items.Select(f => f.GetProperty("type").GetString()));
        Assert.Equal(["待审批", "已批准", "已付款"], byId.Items[3].GetProperty("options").EnumerateArray().Select(o => o.GetString()));
        Assert.Equal("Asia/Shanghai", byId.Text("time_zone"));
        Assert.True(byId.Items[0].GetProperty("primary").GetBoolean());

        var unknown = await Gateway.GetRestAsync("/tables/bases/ledger/tables/" + Uri.EscapeDataString("订单 Order") + "/fields");
        Assert.Equal((404, "unknown_table", "/{table}"), (unknown.Status, unknown.Error, unknown.Pointer));
        Assert.Contains("Did you mean \"订单 Orders\"?", unknown.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Records_are_read_in_plain_JSON_page_by_page()
    {
        var first = await Gateway.GetRestAsync(Records + "?limit=4&sort=" + Uri.EscapeDataString(Amount + " desc"));
        Assert.Equal((10, 4), (first.Body.GetProperty("total").GetInt32(), first.Items.Length));
        var seen = first.Items.ToList();
        for (var next = first.Text("next"); next is not null;)
        {
            var page = await Gateway.GetRestAsync($"{Records}?limit=4&sort={Uri.EscapeDataString(Amount + " desc")}&cursor={next}");
            Assert.True(page.Status == 200, page.ToString());
            seen.AddRange(page.Items);
            next = page.Body.TryGetProperty("next", out var further) ? further.GetString() : null;
        }

        Assert.Equal(Enumerable.Range(1, 10).Reverse().Select(n => n * 1250 + 0.5),
            seen.Select(r => r.GetProperty("fields").GetProperty(Amount).GetDouble()));
        var tenth = seen[0].GetProperty("fields");
        Assert.Equal("PO-2026-010", tenth.GetProperty(Number).GetString());
        Assert.Equal("已批准", tenth.GetProperty(Status).GetString());
        Assert.Equal(JsonValueKind.Null, tenth.GetProperty(SeededTables.Tags).ValueKind);
        Assert.False(tenth.GetProperty(SeededTables.Invoiced).GetBoolean());
        Assert.EndsWith("T16:00:00Z", tenth.GetProperty(SeededTables.Date).GetString(), StringComparison.Ordinal);
        Assert.StartsWith("ou_", tenth.GetProperty(SeededTables.Owner)[0].GetProperty("open_id").GetString(), StringComparison.Ordinal);
        var one = await Gateway.GetRestAsync($"{Records}/{seen[0].GetProperty("id").GetString()}");
        Assert.Equal(seen[0].GetRawText(), one.Body.GetRawText());

        var other = await Gateway.GetRestAsync($"{Records}?limit=5&cursor={first.Text("next")}");
        Assert.Equal((400, "bad_cursor", "?cursor"), (other.Status, other.Error, other.Pointer));
        Assert.Equal((404, "unknown_record"), await RefusedAsync(HttpMethod.Get, Records + "/recNobody01"));
    }

    [Theory]
    [InlineData("\"状态 Status\" = 已付款", 3)]
    [InlineData("\"状态 Status\" = 已付款 or \"状态 Status\" = \"已批准\"", 7)]
    [InlineData("\"金额 Amount\" > 5000 and (\"状态 Status\" = 已付款 or \"金额 Amount\" >= 12500.5)", 3)]
    [InlineData("\"标签 Tags\" is empty", 1)]
    [InlineData("\"标签 Tags\" is not empty AND \"已开票 Invoiced\" = true", 4)]
    [InlineData("\"订单号 Order no\" contains 00", 9)]
    [InlineData("\"订单号 Order no\" excludes \"PO-2026-001\"", 9)]
    [InlineData("\"日期 Date\" = yesterday", 1)]
    [InlineData("\"负责人 Owner\" contains alice", 3)]
    public async Task A_filter_finds_what_it_says(string filter, int found)
    {
        var answer = await Gateway.GetRestAsync($"{Records}?filter={Uri.EscapeDataString(filter)}&fields={Uri.EscapeDataString(Number)}");
        Assert.True(answer.Status == 200, answer.ToString());
        Assert.Equal(found, answer.Body.GetProperty("total").GetInt32());
        Assert.All(answer.Items, item => Assert.Equal(Number, Assert.Single(item.GetProperty("fields").EnumerateObject()).Name));
    }

    [Theory]
    [InlineData("filter", "\"状态 Statsu\" = 已付款", 422, "unknown_field", "Did you mean \"状态 Status\"?")]
    [InlineData("filter", "\"状态 Status\" = 已付", 422, "unknown_option", "Did you mean \"已付款\"?")]
    [InlineData("filter", "\"金额 Amount\" > much", 400, "bad_filter", "number")]
    [InlineData("filter", "\"日期 Date\" = soon", 400, "bad_filter", "today")]
    [InlineData("filter", "\"状态 Status\" like x", 400, "bad_filter", "at character 13")]
    [InlineData("filter", "\"状态 Status\" = \"已付款", 400, "bad_filter", "quote is not closed")]
    [InlineData("filter", "(\"状态 Status\" = 已付款", 400, "bad_filter", "parenthesis is missing")]
    [InlineData("filter", "\"负责人 Owner\" contains nobody_here", 422, "unknown_person", "nobody_here")]
    [InlineData("filter", "\"已开票 Invoiced\" != true", 422, "bad_filter", "IsNot")]
    [InlineData("fields", "订单号 Order no, 金额 Amout", 422, "unknown_field", "Did you mean \"金额 Amount\"?")]
    [InlineData("sort", "金额 Amunt desc", 422, "unknown_field", "Did you mean \"金额 Amount\"?")]
    [InlineData("limit", "501", 400, "bad_limit", "500")]
    [InlineData("filtr", "x", 400, "unknown_parameter", "filter")]
    public async Task A_search_that_cannot_be_is_refused_where_it_is_wrong(string name, string value, int status, string word, string said)
    {
        var answer = await Gateway.GetRestAsync($"{Records}?{name}={Uri.EscapeDataString(value)}");
        Assert.True((answer.Status, answer.Error, answer.Pointer) == (status, word, "?" + name), answer.ToString());
        Assert.Contains(said, answer.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rows_are_made_changed_and_deleted()
    {
        var made = await PostAsync(new { rows = new[] { Row("A-1", 12.5m, "待审批"), Row("A-2", 7m, "已付款") } });
        Assert.Equal((200, 2, "created"), (made.Status, made.Body.GetProperty("done").GetInt32(), Outcomes(made)[0]));
        var ids = made.Body.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("id").GetString()!).ToArray();
        var changed = await Gateway.RestAsync(HttpMethod.Patch, Records, new
        {
            rows = new[] { new { id = ids[0], fields = new Dictionary<string, object?> { [Status] = "已批准", [Amount] = null } } },
        });
        Assert.Equal((200, "updated"), (changed.Status, Outcomes(changed)[0]));
        var row = (await Gateway.GetRestAsync($"{Records}/{ids[0]}")).Body.GetProperty("fields");
        Assert.Equal(("已批准", JsonValueKind.Null, "A-1"),
            (row.GetProperty(Status).GetString(), row.GetProperty(Amount).ValueKind, row.GetProperty(Number).GetString()));

        var deleted = await Gateway.RestAsync(HttpMethod.Delete, Records, new { ids = (string[])[.. ids, "recNobody01"] });
        Assert.Equal((200, "deleted deleted deleted"), (deleted.Status, string.Join(' ', Outcomes(deleted))));
        Assert.Equal(10, (await _on.RecordsAsync(SeededTables.Orders)).Length);
    }

    [Fact]
    public async Task A_bad_cell_names_its_row_and_field_and_the_rest_is_written()
    {
        var answer = await PostAsync(new
        {
            rows = new object[]
            {
                Row("B-1", 1m, "待审批"), Row("B-2", 1m, "待审核"),
                    new { fields = new Dictionary<string, object?> { [Number] = "B-3", ["金额 Amuont"] = 1 } },
                new { fields = new Dictionary<string, object?> { [Number] = "B-4", [Amount] = "12", [SeededTables.Date] = "30.11.2026" } },
                new { fields = new Dictionary<string, object?> { [Number] = "B-5", [SeededTables.Owner] = new[] { "ou_nobody" } } },
            },
        });
        Assert.Equal(207, answer.Status);
        Assert.Equal(["created", "refused", "refused", "refused", "refused"], Outcomes(answer));
        Assert.Equal((1, 4), (answer.Body.GetProperty("done").GetInt32(), answer.Body.GetProperty("failed").GetInt32()));
        var option = Problems(answer, 1)[0];
        Assert.Equal(("unknown_option", Status, "/rows/1/fields/" + Status),
            (Text(option, "reason"), Text(option, "field"), Text(option, "pointer")));
        var unknown = Problems(answer, 2)[0];
        Assert.Equal(("unknown_field", "金额 Amuont"), (Text(unknown, "reason"), Text(unknown, "field")));
        Assert.Contains("Did you mean \"金额 Amount\"?", Text(unknown, "message"), StringComparison.Ordinal);
        Assert.Equal(["wrong_type", "bad_time"], Problems(answer, 3).Select(p => Text(p, "reason")));
        // Nobody but the platform knows who this is.
        Assert.Equal(("refused", SeededTables.Owner), (Text(Problems(answer, 4)[0], "reason"), Text(Problems(answer, 4)[0], "field")));
        Assert.Equal(11, (await _on.RecordsAsync(SeededTables.Orders)).Length);
    }

    [Fact]
    public async Task A_repetition_under_one_key_makes_nothing_twice_and_is_answered_the_same()
    {
        var body = new { rows = new[] { Row("C-1", 1m, "待审批"), Row("C-2", 2m, "不存在") } };
        var first = await Gateway.PostRestAsync(Records, body, "batch-1");
        var second = await Gateway.PostRestAsync(Records, body, "batch-1");
        Assert.Equal((207, first.Body.GetRawText()), (second.Status, second.Body.GetRawText()));
        Assert.Equal(11, (await _on.RecordsAsync(SeededTables.Orders)).Length);
        var other = await Gateway.PostRestAsync(Records, new { rows = new[] { Row("C-3", 1m, "待审批") } }, "batch-1");
        Assert.Equal((409, "key_in_use"), (other.Status, other.Error));
    }

    [Fact]
    public async Task Many_repetitions_at_once_make_the_rows_once()
    {
        var body = new { rows = new[] { Row("D-1", 1m, "待审批") } };
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Gateway.PostRestAsync(Records, body, "at-once")));
        Assert.All(answers, a => Assert.True(a.Status == 200 || (a.Status, a.Error) == (409, "being_written"), a.ToString()));
        Assert.Equal(11, (await _on.RecordsAsync(SeededTables.Orders)).Length);
    }

    [Fact]
    public async Task Rows_that_have_a_key_already_are_left_or_brought_up_to_date()
    {
        object rows = new object[] { Row("PO-2026-001", 99m, "已付款"), Row("E-1", 1m, "待审批"), Row("E-1", 2m, "待审批") };
        var left = await PostAsync(new { rows, key_field = Number });
        Assert.Equal((207, "exists created refused"), (left.Status, string.Join(' ', Outcomes(left))));
        Assert.Equal("duplicate_key", Text(Problems(left, 2)[0], "reason"));
        Assert.Equal(SeededTables.RecordId(1), left.Body.GetProperty("rows")[0].GetProperty("id").GetString());
        var brought = await PostAsync(new { rows = new[] { Row("PO-2026-001", 99m, "已付款"), Row("E-1", 1m, "待审批") }, key_field = Number,
            existing = "update" });
        Assert.Equal((200, "updated unchanged"), (brought.Status, string.Join(' ', Outcomes(brought))));
        var first = (await Gateway.GetRestAsync($"{Records}/{SeededTables.RecordId(1)}")).Body.GetProperty("fields");
        Assert.Equal(99, first.GetProperty(Amount).GetInt32());
        Assert.Equal(11, (await _on.RecordsAsync(SeededTables.Orders)).Length);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_and_writes_nothing()
    {
        var before = _on.Emulator.State.Base(TableFixture.Token)!.Table(SeededTables.Orders)!.Revision;
        var made = await PostAsync(new { dry_run = true, key_field = Number, existing = "update",
            rows = new[] { Row("F-1", 1m, "待审批"), Row("PO-2026-002", 1m, "待审批"), Row("F-2", 1m, "?") } });
        Assert.Equal((207, "created updated refused"), (made.Status, string.Join(' ', Outcomes(made))));
        Assert.True(made.Body.GetProperty("dry_run").GetBoolean());
        var changed = await Gateway.RestAsync(HttpMethod.Patch, Records, new
        {
            dry_run = true,
            rows = new[] { new { id = SeededTables.RecordId(1), fields = new Dictionary<string, object?> { [Amount] = 1 } },
                new { id = "recNobody01", fields = new Dictionary<string, object?> { [Amount] = 1 } } },
        });
        Assert.Equal((207, "updated refused"), (changed.Status, string.Join(' ', Outcomes(changed))));
        Assert.Equal(("unknown_record", "/rows/1/id"), (Text(Problems(changed, 1)[0], "reason"), Text(Problems(changed, 1)[0], "pointer")));
        Assert.Equal(200,
            (await Gateway.RestAsync(HttpMethod.Delete, Records, new { dry_run = true, ids = new[] { SeededTables.RecordId(1) } })).Status);
        Assert.Equal(before, _on.Emulator.State.Base(TableFixture.Token)!.Table(SeededTables.Orders)!.Revision);
    }

    [Fact]
    public async Task What_is_read_can_be_written_again_for_every_type_of_field()
    {
        var table = await _on.MakeTableAsync("全部类型", new { field_name = "文本", type = 1 },
            new { field_name = "数字", type = 2 },
                new { field_name = "单选", type = 3, property = new { options = new[] { new { name = "甲" } } } },
            new { field_name = "多选", type = 4, property = new { options = new[] { new { name = "乙" }, new { name = "丙" } } } },
            new { field_name = "日期", type = 5 }, new { field_name = "勾选", type = 7 }, new { field_name = "人员", type = 11 },
            new { field_name = "电话", type = 13 }, new { field_name = "链接", type = 15 }, new { field_name = "附件", type = 17 },
            new { field_name = "关联", type = 18, property = new { table_id = SeededTables.Orders } }, new { field_name = "位置", type = 22 },
            new { field_name = "群", type = 23 }, new { field_name = "创建时间", type = 1001 }, new { field_name = "编号", type = 1005 });
        await _on.AddFieldAsync(table, new { field_name = "邮箱", type = 1, ui_type = "Email" });
        var file = await _on.Emulator.ControlAsync(HttpMethod.Post, $"tables/{TableFixture.Token}/files",
            new { name = "a.pdf", type = "application/pdf", size = 3 });
        var chat = _on.Emulator.CreateGroup("alice", "采购", "bob");
        var records = $"/tables/bases/ledger/tables/{table}/records";
        var values = new JsonObject
        {
            ["文本"] = "行一\n行二", ["邮箱"] = "alice@example.com", ["数字"] = 12.34, ["单选"] = "甲", ["多选"] = new JsonArray("乙", "丙"),
            ["日期"] = "2026-11-30", ["勾选"] = true, ["人员"] = new JsonArray("alice", new JsonObject { ["user_id"] = "bob" }),
                ["电话"] = "+8613800000000",
            ["链接"] = new JsonObject { ["link"] = "https://example.com/a", ["text"] = "说明" },
            ["附件"] = new JsonArray(new JsonObject { ["token"] = file["file_token"]!.DeepClone(), ["name"] = "a.pdf" }),
            ["关联"] = new JsonArray(SeededTables.RecordId(1)), ["位置"] = new JsonObject { ["longitude"] = 121.47, ["latitude"] = 31.23 },
            ["群"] = new JsonArray(chat),
        };
        var made = await Gateway.PostRestAsync(records,
            new JsonObject { ["rows"] = new JsonArray(new JsonObject { ["fields"] = values }) }.ToJsonString());
        Assert.True(made.Status == 200, made.ToString());
        var read = (await _on.RecordsAsync(table)).Single(r =>
            r.GetProperty("fields").GetProperty("文本").ValueKind == JsonValueKind.String).GetProperty("fields");
        Assert.Equal("2026-11-29T16:00:00Z", read.GetProperty("日期").GetString());
        Assert.Equal(2, read.GetProperty("人员").GetArrayLength());
        Assert.Equal("a.pdf", read.GetProperty("附件")[0].GetProperty("name").GetString());
        Assert.Equal(12.34, read.GetProperty("数字").GetDouble());
        Assert.Equal(JsonValueKind.String, read.GetProperty("编号").ValueKind);

        var again = JsonNode.Parse(read.GetRawText())!.AsObject();
        again.Remove("创建时间");
        again.Remove("编号");
        var copied = await Gateway.PostRestAsync(records,
            new JsonObject { ["rows"] = new JsonArray(new JsonObject { ["fields"] = again.DeepClone() }) }.ToJsonString());
        Assert.True(copied.Status == 200, copied.ToString());
        var id = copied.Body.GetProperty("rows")[0].GetProperty("id").GetString();
        var copy = (await Gateway.GetRestAsync($"{records}/{id}")).Body.GetProperty("fields");
        foreach (var (name, value) in again) Assert.True(JsonNode.DeepEquals(value, JsonNode.Parse(copy.GetProperty(name).GetRawText())),
            name + copy);
    }

    [Fact]
    public async Task A_key_of_another_system_finds_no_base_and_a_reader_writes_none()
    {
        Assert.Equal(200, (await Gateway.RestAsync(HttpMethod.Put, "/tables/bases/ledger", new { system = "erp" })).Status);
        var (erp, _) = await Gateway.MakeKeyAsync("erp", ["tables:read"]);
        var (canteen, _) = await Gateway.MakeKeyAsync("canteen", ["tables:read", "tables:write"]);
        var (auditor, _) = await Gateway.MakeKeyAsync("auditor", ["tables:read", "tables:write", "others:read"]);
        foreach (var (method, path, body) in ((HttpMethod, string, object?)[])[(HttpMethod.Get, "/tables/bases/ledger/tables", null),
            (HttpMethod.Get, TableFixture.Orders + "/fields", null), (HttpMethod.Get, Records, null),
            (HttpMethod.Get, Records + "/" + SeededTables.RecordId(1), null),
                (HttpMethod.Post, Records, new { rows = new[] { Row("X", 1m, "待审批") } }),
            (HttpMethod.Patch, Records, new { rows = new[] { new { id = SeededTables.RecordId(1), fields = new { } } } }),
            (HttpMethod.Delete, Records, new { ids = new[] { SeededTables.RecordId(1) } })])
        {
            var other = await Gateway.CallAsync(canteen, method, path, body);
            Assert.Equal((404, "not_found"), (other.Status, other.Error));
            var mine = await Gateway.CallAsync(erp, method, path, body);
            Assert.Equal(method == HttpMethod.Get ? (200, null) : (403, "missing_scope"), (mine.Status, mine.Error));
            var looked = await Gateway.CallAsync(auditor, method, path, body);
            Assert.Equal(method == HttpMethod.Get ? (200, null) : (403, "system_not_held"), (looked.Status, looked.Error));
        }
    }

    [Fact]
    public async Task People_are_named_by_their_mail_addresses_and_nobody_is_guessed()
    {
        var made = await PostAsync(new
        {
            rows = new object[]
            {
                new { fields = new Dictionary<string,
                    object?> { [Number] = "P-1", [SeededTables.Owner] = new[] { "alice@mica.example" } } },
                new { fields = new Dictionary<string,
                    object?> { [Number] = "P-2", [SeededTables.Owner] = new[] { "nobody@mica.example" } } },
                new { fields = new Dictionary<string,
                    object?> { [Number] = "P-3", [SeededTables.Owner] = new[] { "pe_00000000000000000000000000000000" } } },
                new { fields = new Dictionary<string, object?> { [Number] = "P-4", [SeededTables.Owner] = "bob" } },
            },
        });
        Assert.Equal(["created", "refused", "refused", "created"], Outcomes(made));
        Assert.Equal(("unknown_person", "unknown_person"), (Text(Problems(made, 1)[0], "reason"), Text(Problems(made, 2)[0], "reason")));
        var byMail = await Gateway.GetRestAsync($"{Records}/{made.Body.GetProperty("rows")[0].GetProperty("id").GetString()}");
        var seeded = await Gateway.GetRestAsync($"{Records}/{SeededTables.RecordId(3)}");
        Assert.Equal(seeded.Body.GetProperty("fields").GetProperty(SeededTables.Owner).GetRawText(),
            byMail.Body.GetProperty("fields").GetProperty(SeededTables.Owner).GetRawText());
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_looked_for_by_the_key()
    {
        await _on.FaultAsync(new { path = "*/records/batch_create", drop = true, count = 1 });
        var made = await PostAsync(new { rows = new[] { Row("L-1", 1m, "待审批") }, key_field = Number });
        Assert.Equal((200, "created"), (made.Status, Outcomes(made)[0]));
        Assert.Single(await _on.RecordsAsync(SeededTables.Orders, "&filter=" + Uri.EscapeDataString($"\"{Number}\" = L-1")));
    }

    [Fact]
    public async Task What_the_platform_refuses_as_a_whole_is_a_refusal_and_frees_the_key()
    {
        await _on.FaultAsync(new { path = "*/records/batch_create", status = 200, code = 1254302, count = 1 });
        var body = new { rows = new[] { Row("W-1", 1m, "待审批") } };
        var refused = await Gateway.PostRestAsync(Records, body, "whole");
        Assert.Equal((403, "base_not_shared"), (refused.Status, refused.Error));
        Assert.Equal(200, (await Gateway.PostRestAsync(Records, body, "whole")).Status);
    }

    [Fact]
    public async Task A_base_that_is_not_shared_any_more_is_told_in_clear_words()
    {
        await _on.Emulator.ControlAsync(HttpMethod.Patch, "documents/" + TableFixture.Token, new { apps = Array.Empty<string>() });
        var read = await Gateway.GetRestAsync(Records);
        Assert.Equal((403, "base_not_shared"), (read.Status, read.Error));
        Assert.Contains("Add document app", read.Text("message"), StringComparison.Ordinal);
    }

    private Task<RestAnswer> PostAsync(object body) => Gateway.PostRestAsync(Records, body);

    private async Task<(int, string?)> RefusedAsync(HttpMethod method, string path)
    {
        var answer = await Gateway.RestAsync(method, path);
        return (answer.Status, answer.Error);
    }

    private static object Row(string number, decimal amount, string status) =>
        new { fields = new Dictionary<string, object?> { [Number] = number, [Amount] = amount, [Status] = status } };

    private static string[] Outcomes(RestAnswer answer) =>
        [.. answer.Body.GetProperty("rows").EnumerateArray().Select(r => r.GetProperty("outcome").GetString()!)];

    private static JsonElement[] Problems(RestAnswer answer, int row) =>
        [.. answer.Body.GetProperty("rows")[row].GetProperty("problems").EnumerateArray()];

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
