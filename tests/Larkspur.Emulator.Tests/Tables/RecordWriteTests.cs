using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Tests.Tables;

/// <summary>Writes of rows: which values are refused with which code, batches whole or not at all, tokens, options, revisions.</summary>
public sealed class RecordWriteTests : TableTest
{
    private static readonly string First = SeededTables.RecordId(1);

    private static readonly string Missing = "rec" + new string('0', 10);

    [Fact]
    public async Task Each_type_refuses_what_it_cannot_hold_with_a_code_of_its_own()
    {
        await FieldAsync("Phone", 13);
        await FieldAsync("Site", 15);
        await FieldAsync("Files", 17);
        await FieldAsync("Place", 22);
        await FieldAsync("Group", 23);
        await FieldAsync("One", 11, new { multiple = false });
        await FieldAsync("Link", 18, new { table_id = SeededTables.Orders });
        await FieldAsync("Both", 21, new { table_id = SeededTables.Orders, back_field_name = "Back" });
        foreach (var (name, value, code, status) in ((string, JsonNode?, long, int)[])
        [
            (SeededTables.OrderNo, 5, 1254060, 200), (SeededTables.Amount, "5", 1254061, 200), (SeededTables.Status, 5, 1254062, 200),
            (SeededTables.Tags, "IT", 1254063, 200), (SeededTables.Date, "2026-01-01", 1254064, 200),
                (SeededTables.Invoiced, "true", 1254065, 200),
            (SeededTables.Owner, Ids("ou_nobody"), 1254066, 200), (SeededTables.Owner, "ou_x", 1254066, 200),
            ("One", new JsonArray(Person("alice"), Person("bob")), 1254066, 200), ("Link", new JsonArray(Missing), 1254067, 200),
            ("Site", "https://mica.example", 1254068, 200), ("Files", new JsonArray("x"), 1254069, 200), ("Phone", "call me", 1254072, 200),
            ("Phone", new string('1', 65), 1254072, 200), ("Both", "rec", 1254074, 400), ("Place", "nowhere", 1254015, 400),
            ("Group", Ids("oc_none"), 1254015, 400), ("Files", new JsonArray(new JsonObject { ["file_token"] = "box1" }), 1254303, 200),
            (SeededTables.OrderNo, new string('x', 100_001), 1254130, 200), ("No such field", 1, 1254045, 200),
        ])
        {
            Assert.Equal((name, status, code), (name, await RefusedAsync(new JsonObject { [name] = value?.DeepClone() })).Flat());
        }

        Assert.Equal(10, (await FindAsync(new { })).Length);
    }

    [Fact]
    public async Task A_cell_holds_so_much_and_no_more()
    {
        await FieldAsync("Link", 18, new { table_id = SeededTables.Orders });
        JsonArray Many(int count, Func<int, JsonNode> one) => new([.. Enumerable.Range(0, count).Select(one)]);
        Assert.Equal((200, 1254130), await RefusedAsync(new JsonObject { [SeededTables.Tags] = Many(1_001, n => $"t{n}") }));
        Assert.Equal((200, 1254130), await RefusedAsync(new JsonObject { [SeededTables.Owner] = Many(1_001, _ => Person("alice")) }));
        Assert.Equal((200, 1254130), await RefusedAsync(new JsonObject { ["Link"] = Many(501, _ => First) }));
        var id = await RowAsync(new JsonObject { ["Link"] = Many(500, _ => First), [SeededTables.OrderNo] = new string('x', 100_000) });
        Assert.Single((await FieldsOfAsync(id))["Link"]!["link_record_ids"]!.AsArray());
    }

    [Fact]
    public async Task A_batch_is_done_whole_or_not_at_all()
    {
        var revision = await RevisionAsync();
        object Rows(int count, object? last = null) => new
        {
            records = Enumerable.Range(1, count).Select(n => new { fields = n == count && last is not null ? last
                : new JsonObject { [SeededTables.OrderNo] = $"B-{n}" } }),
        };
        Assert.Equal((200, 1254061), await CodeAsync(HttpMethod.Post, Records + "/batch_create",
            Rows(3, new JsonObject { [SeededTables.Amount] = "x" })));
        Assert.Equal((200, 1254104), await CodeAsync(HttpMethod.Post, Records + "/batch_create", Rows(1_001)));
        Assert.Equal((200, 1254007), await CodeAsync(HttpMethod.Post, Records + "/batch_create", new { records = Array.Empty<object>() }));
        Assert.Equal((10, revision), ((await FindAsync(new { })).Length, await RevisionAsync()));

        var made = (await PostAsync(Records + "/batch_create", Rows(1_000)))["records"]!.AsArray();
        Assert.Equal((1_000, "B-1000"), (made.Count, made[999]!["fields"]![SeededTables.OrderNo]!.GetValue<string>()));
        // A batch is one change.
        Assert.Equal(revision + 1, await RevisionAsync());
        string[] ids = [.. made.Select(r => r!["record_id"]!.GetValue<string>())];

        object Update(params (string Id, object Value)[] rows) =>
            new { records = rows.Select(r => new { record_id = r.Id, fields = new Dictionary<string,
                object> { [SeededTables.Amount] = r.Value } }) };
        Assert.Equal((200, 1254043), await CodeAsync(HttpMethod.Post, Records + "/batch_update", Update((ids[0], 1), (Missing, 2))));
        Assert.Equal((200, 1254006), await CodeAsync(HttpMethod.Post, Records + "/batch_update", Update((ids[0], 1), ("x", 2))));
        Assert.Equal((200, 1254061), await CodeAsync(HttpMethod.Post, Records + "/batch_update", Update((ids[0], 1), (ids[1], "x"))));
        Assert.False((await FieldsOfAsync(ids[0])).ContainsKey(SeededTables.Amount));
        await PostAsync(Records + "/batch_update", Update((ids[0], 1), (ids[1], 2)));
        Assert.Equal(2, (await FieldsOfAsync(ids[1]))[SeededTables.Amount]!.GetValue<double>());
        Assert.Equal((200, 1254104), await CodeAsync(HttpMethod.Post, Records + "/batch_update",
            Update([.. Enumerable.Repeat((ids[0], (object)1), 1_001)])));

        Assert.Equal((200, 1254043), await CodeAsync(HttpMethod.Post, Records + "/batch_delete",
            new { records = new[] { ids[0], Missing } }));
        Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Post, Records + "/batch_delete", new { records = ids[..501] }));
        var gone = (await PostAsync(Records + "/batch_delete", new { records = ids[..500] }))["records"]!.AsArray();
        Assert.Equal((500, true, ids[0]), (gone.Count, gone[0]!["deleted"]!.GetValue<bool>(), gone[0]!["record_id"]!.GetValue<string>()));
        Assert.Equal(510, (await PostAsync(Records + "/search", new { }))["total"]!.GetValue<int>());

        Assert.Equal((400, 99992402), await CodeAsync(HttpMethod.Post, Records + "/batch_get", new { record_ids = ids[..101] }));
        var read = await PostAsync(Records + "/batch_get", new { record_ids = new[] { ids[0], ids[600] } });
        Assert.Equal((ids[600], ids[0], 0), (read["records"]![0]!["record_id"]!.GetValue<string>(),
            read["absent_record_ids"]![0]!.GetValue<string>(),
            read["forbidden_record_ids"]!.AsArray().Count));
    }

    [Fact]
    public async Task There_is_only_so_much_room()
    {
        var row = new JsonObject();
        for (var n = 0; n < 90; n++)
        {
            await FieldAsync($"F{n}", 1);
            row[$"F{n}"] = new string('x', 90_000);
        }

        for (var n = 0; n < 8; n++) await RowAsync(row.DeepClone());
        Assert.Equal((200, 1254103), await RefusedAsync(row.DeepClone()));
        // A smaller change still fits.
        await DataAsync(HttpMethod.Put, $"{Records}/{First}", new { fields = new JsonObject { [SeededTables.OrderNo] = "fits" } });
        await Emulator.ControlAsync(HttpMethod.Post, "reset");
        Token = await Emulator.TenantTokenAsync();
        await RowAsync(new { });
    }

    [Fact]
    public async Task One_row_is_deleted_and_gone()
    {
        var gone = await DataAsync(HttpMethod.Delete, $"{Records}/{First}");
        Assert.Equal((true, First), (gone["deleted"]!.GetValue<bool>(), gone["record_id"]!.GetValue<string>()));
        Assert.Equal((200, 1254043), await CodeAsync(HttpMethod.Delete, $"{Records}/{First}"));
        Assert.Equal((200, 1254043), await CodeAsync(HttpMethod.Put, $"{Records}/{First}", new { fields = new { } }));
        Assert.Equal((200, 1254043), await CodeAsync(HttpMethod.Get, $"{Records}/{First}"));
    }

    [Fact]
    public async Task An_unknown_option_is_made_and_twice_the_same_new_one_makes_two()
    {
        var id = await RowAsync(new JsonObject { [SeededTables.Status] = "已取消", [SeededTables.Tags] = new JsonArray("新", "新", "IT") });
        Assert.Equal("已取消", (await FieldsOfAsync(id))[SeededTables.Status]!.GetValue<string>());
        Assert.Equal(["新", "新", "IT"], (await FieldsOfAsync(id))[SeededTables.Tags]!.AsArray().Select(t => t!.GetValue<string>()));
        var fields = (await DataAsync(HttpMethod.Get, Orders + "/fields"))["items"]!.AsArray();
        JsonNode Named(string field) => fields.Single(f => f!["field_name"]!.GetValue<string>() == field)!;
        string[] Names(string field) => [.. Named(field)["property"]!["options"]!.AsArray().Select(o => o!["name"]!.GetValue<string>())];
        Assert.Equal(["待审批", "已批准", "已付款", "已取消"], Names(SeededTables.Status));
        Assert.Equal(["办公", "IT", "物流", "加急", "新", "新"], Names(SeededTables.Tags));
        // Known from now on.
        await RowAsync(new JsonObject { [SeededTables.Tags] = new JsonArray("新") });
        fields = (await DataAsync(HttpMethod.Get, Orders + "/fields"))["items"]!.AsArray();
        Assert.Equal(6, Names(SeededTables.Tags).Length);
    }

    [Fact]
    public async Task A_client_token_creates_once_and_gives_the_first_answer_again()
    {
        const string token = "client_token=fe599b60-450f-46ff-b2ef-9f6675625b97";
        var body = new { fields = new JsonObject { [SeededTables.OrderNo] = "T-1" } };
        var first = await PostAsync($"{Records}?{token}", body);
        Assert.Equal(first.ToJsonString(), (await PostAsync($"{Records}?{token}", body)).ToJsonString());
        Assert.Equal(11, (await FindAsync(new { })).Length);
        Assert.Equal((400, 1255006), await CodeAsync(HttpMethod.Post, $"{Records}?{token}",
            new { fields = new JsonObject { [SeededTables.OrderNo] = "T-2" } }));
        foreach (var bad in (string[])["1", "fe599b60-450f-16ff-b2ef-9f6675625b97", "fe599b60450f46ffb2ef9f6675625b97",
            "fe599b60-450f-46ff-b2ef-9f6675625b97%0A"])
            Assert.Equal((400, 1254037), await CodeAsync(HttpMethod.Post, $"{Records}?client_token={bad}", body));

        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(61));
        Token = await Emulator.TenantTokenAsync();
        await PostAsync($"{Records}?{token}", body);
        Assert.Equal(12, (await FindAsync(new { })).Length);
        await RulesAsync(new { client_token_minutes = 0 });
        await PostAsync($"{Records}?{token}", body);
        Assert.Equal(13, (await FindAsync(new { })).Length);
        // Updates know no token.
        Assert.Equal((200, 0), await CodeAsync(HttpMethod.Put, $"{Records}/{First}?client_token=1", body));
    }

    [Fact]
    public async Task Revisions_count_changes_as_the_rules_say()
    {
        async Task<long> RisesAsync(Func<Task> change)
        {
            var before = await RevisionAsync();
            await change();
            return await RevisionAsync() - before;
        }

        Task Edit(int value) =>
            DataAsync(HttpMethod.Put, $"{Records}/{First}", new { fields = new JsonObject { [SeededTables.Amount] = value } });
        Task Two() => PostAsync(Records + "/batch_create", new { records = new[] { new { fields = new { } }, new { fields = new { } } } });
        Assert.Equal((1, 0, 1), (await RisesAsync(() => Edit(7)), await RisesAsync(() => Edit(7)), await RisesAsync(Two)));
        await RulesAsync(new { revision_per_row = true, equal_writes_count = true });
        Assert.Equal((1, 2), (await RisesAsync(() => Edit(7)), await RisesAsync(Two)));
        await RulesAsync(new { cells_raise_revision = false });
        Assert.Equal((0, 2), (await RisesAsync(() => Edit(8)), await RisesAsync(Two)));
        Assert.Equal(1, await RisesAsync(() => FieldAsync("New", 1)));
    }

    [Fact]
    public async Task Writers_meet_and_repeat_themselves_when_the_rules_say_so()
    {
        Task<(int, long)> EditAsync(int value) =>
            CodeAsync(HttpMethod.Put, $"{Records}/{First}", new { fields = new JsonObject { [SeededTables.Amount] = value } });
        Assert.Equal(((200, 0), (200, 0)), (await EditAsync(1), await EditAsync(1)));
        await RulesAsync(new { write_lock_ms = 500 });
        Assert.Equal(((200, 0), (200, 1254291)), (await EditAsync(2), await EditAsync(3)));
        await Emulator.AdvanceAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal((200, 0), await EditAsync(4));
        await RulesAsync(new { write_lock_ms = 0, repeat_seconds = 5 });
        Assert.Equal(((200, 0), (403, 1254608), (200, 0)), (await EditAsync(5), await EditAsync(5), await EditAsync(6)));
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal((200, 0), await EditAsync(5));
    }

    [Fact]
    public async Task Who_was_held_up_or_refused_may_send_the_same_again()
    {
        Task<(int, long)> EditAsync(object value) => CodeAsync(HttpMethod.Put, $"{Records}/{First}",
            new { fields = new JsonObject { [SeededTables.Amount] = JsonValue.Create(value) } });
        await RulesAsync(new { write_lock_ms = 500, repeat_seconds = 5 });
        Assert.Equal(((200, 0), (200, 1254291)), (await EditAsync(1), await EditAsync(2)));
        await Emulator.AdvanceAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal((200, 0), await EditAsync(2));
        // A repetition holds the table for nobody.
        await Emulator.AdvanceAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal(((403, 1254608), (200, 0)), (await EditAsync(2), await EditAsync(3)));
        await RulesAsync(new { write_lock_ms = 0 });
        Assert.Equal(((200, 1254061), (200, 1254061)), (await EditAsync("x"), await EditAsync("x")));
    }

    [Fact]
    public async Task Planned_faults_hit_tables_too()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "*/records", drop = true, count = 1 });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => RowAsync(new JsonObject { [SeededTables.OrderNo] = "dropped" }));
        Assert.Equal(["dropped"], await FindAsync(Where(SeededTables.OrderNo, "is", "dropped")));
        await Emulator.ControlAsync(HttpMethod.Post, "faults",
            new { path = "*/records/batch_update", status = 200, code = 1254607, count = 1 });
        Assert.Equal((200, 1254607), await CodeAsync(HttpMethod.Post, Records + "/batch_update", new { records = Array.Empty<object>() }));
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "*/records/search", status = 429, count = 1 });
        Assert.Equal(429, (await CodeAsync(HttpMethod.Post, Records + "/search", new { })).Status);
    }

    private static JsonArray Ids(string id) => new(new JsonObject { ["id"] = id });

    private static JsonObject Person(string who) => new() { ["id"] = Open(who) };
}

internal static class Pairs
{
    public static (string Name, int Status, long Code) Flat(this (string Name, (int Status, long Code) Answer) pair) =>
        (pair.Name, pair.Answer.Status, pair.Answer.Code);
}
