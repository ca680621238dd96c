using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.WeCom;

/// <summary>What the address-book secret writes, and what the application hears of it.</summary>
public sealed class AddressBookTests : WeComTest
{
    private string? _book;

    private async Task<JsonObject> BookAsync(string path, object? body = null)
    {
        if (_book is null)
        {
            // As for an address that was trusted before August 2022.
            await Emulator.ControlAsync(HttpMethod.Post, "directory/range", new { platform = "wecom", sync_secret_reads = "details" });
            _book = await TokenAsync(Corp.ContactSecret);
        }

        var address = path + (path.Contains('?', StringComparison.Ordinal) ? '&' : '?') + "access_token=" + _book;
        return body is null ? await GetAsync(address) : await PostAsync(address, body);
    }

    private static object Dave(string mobile = "13800000009", object? department = null) => new { userid = "dave", name = "戴夫", mobile, email = "dave@mica.example", department = department ?? new[] { 2 }, position = "采购员", direct_leader = new[] { "bob" } };

    [Fact]
    public async Task An_application_writes_nothing()
    {
        foreach (var (path, body) in new (string, object?)[]
        {
            ("user/create", Dave()), ("user/update", new { userid = "bob", name = "x" }), ("user/delete?userid=bob", null), ("user/batchdelete", new { useridlist = new[] { "bob" } }), ("department/create", new { name = "x", parentid = 1 }),
            ("department/update", new { id = 2, name = "x" }), ("department/delete?id=2", null), ("tag/create", new { tagname = "x" }), ("tag/update", new { tagid = 1, tagname = "x" }), ("tag/delete?tagid=1", null),
            ("tag/addtagusers", new { tagid = 1, userlist = new[] { "alice" } }), ("tag/deltagusers", new { tagid = 1, userlist = new[] { "bob" } }),
        }) Assert.Equal(48002, Code(await CallAsync("/cgi-bin/" + path, body)));
        Assert.Equal("鲍勃", Text(await CallAsync("/cgi-bin/user/get?userid=bob"), "name"));
    }

    [Fact]
    public async Task A_member_comes_changes_and_goes_and_the_application_hears_what_it_may_read()
    {
        await using var receiver = await WeComReceiver.StartAsync();
        await ActAsync(new { platform = "wecom", @do = "set_callback", url = receiver.Url });
        await receiver.NextAsync();
        Assert.Equal(0, Code(await BookAsync("/cgi-bin/user/create", Dave())));
        var created = await receiver.NextAsync();
        Assert.Equal(("change_contact", "create_user", "dave", "戴夫", "2", "bob"), (created.Element("Event"), created.Element("ChangeType"), created.Element("UserID"), created.Element("Name"), created.Element("Department"), created.Element("DirectLeader")));
        Assert.DoesNotContain("13800000009", created.Text, StringComparison.Ordinal);
        Assert.Equal("13800000009", Text(await BookAsync("/cgi-bin/user/get?userid=DAVE"), "mobile"));
        Assert.Equal("dave", Text(await CallAsync("/cgi-bin/user/getuserid", new { mobile = "13800000009" }), "userid"));

        Assert.Equal(0, Code(await BookAsync("/cgi-bin/user/update", new { userid = "dave", position = "主管", department = new[] { 2, 3 }, is_leader_in_dept = new[] { 0, 1 }, main_department = 3 })));
        var updated = await receiver.NextAsync();
        Assert.Equal(("update_user", "主管", "2,3", "3", "0,1", ""), (updated.Element("ChangeType"), updated.Element("Position"), updated.Element("Department"), updated.Element("MainDepartment"), updated.Element("IsLeaderInDept"), updated.Element("Name")));
        Assert.Equal(0, Code(await BookAsync("/cgi-bin/tag/addtagusers", new { tagid = 1, userlist = new[] { "dave" } })));
        Assert.Equal(("update_tag", "dave"), ((await receiver.NextAsync()) is var tagged ? tagged.Element("ChangeType") : "", tagged.Element("AddUserItems")));

        Assert.Equal(0, Code(await BookAsync("/cgi-bin/user/delete?userid=dave")));
        Assert.Equal(("delete_user", "dave"), ((await receiver.NextAsync()) is var gone ? gone.Element("ChangeType") : "", gone.Element("UserID")));
        Assert.Equal(60111, Code(await BookAsync("/cgi-bin/user/get?userid=dave")));
        Assert.Equal(["bob", "carol"], (await CallAsync("/cgi-bin/tag/get?tagid=1"))["userlist"]!.AsArray().Select(u => u!["userid"]!.GetValue<string>()));
        Assert.Equal(0, Code(await BookAsync("/cgi-bin/user/create", Dave())));
    }

    [Fact]
    public async Task Wrong_members_are_refused_by_what_is_wrong()
    {
        await BookAsync("/cgi-bin/user/create", Dave());
        (int, object)[] wrong =
        [
            (60102, new { userid = "Dave", name = "x", mobile = "1" }), (40003, new { userid = "sp ace", name = "x", mobile = "1" }), (60129, new { userid = "e", name = "x" }), (60112, new { userid = "e", mobile = "1" }),
            (60112, new { userid = "e", name = new string('x', 65), mobile = "1" }), (60103, new { userid = "e", name = "x", mobile = "12a" }), (60104, new { userid = "e", name = "x", mobile = "13800000009" }), (60105, new { userid = "e", name = "x", email = "no mail" }),
            (60106, new { userid = "e", name = "x", email = "Dave@mica.example" }), (60123, new { userid = "e", name = "x", mobile = "1", department = new[] { 99 } }), (60110, new { userid = "e", name = "x", mobile = "1", department = Array.Empty<int>() }),
            (60132, new { userid = "e", name = "x", mobile = "1", department = new[] { 2, 3 }, is_leader_in_dept = new[] { 1 } }), (301012, new { userid = "e", name = "x", mobile = "1", position = new string('x', 129) }), (40058, new { userid = 7 }),
        ];
        foreach (var (code, body) in wrong) Assert.True(Code(await BookAsync("/cgi-bin/user/create", body)) == code, $"{code} {System.Text.Json.JsonSerializer.Serialize(body)}");
        Assert.Equal(60111, Code(await BookAsync("/cgi-bin/user/update", new { userid = "nobody", name = "x" })));
        Assert.Equal(60104, Code(await BookAsync("/cgi-bin/user/update", new { userid = "bob", mobile = "13800000009" })));
        Assert.Equal(40031, Code(await BookAsync("/cgi-bin/user/batchdelete", new { useridlist = new[] { "dave", "nobody" } })));
        Assert.Equal(0, Code(await BookAsync("/cgi-bin/user/get?userid=dave")));
        Assert.Equal(0, Code(await BookAsync("/cgi-bin/user/batchdelete", new { useridlist = new[] { "dave" } })));
    }

    [Fact]
    public async Task Departments_keep_their_numbers_whatever_goes()
    {
        var made = (await BookAsync("/cgi-bin/department/create", new { name = "法务部", parentid = 1 }))["id"]!.GetValue<int>();
        var below = (await BookAsync("/cgi-bin/department/create", new { name = "合同组", parentid = made, id = 77, order = 5 }))["id"]!.GetValue<int>();
        Assert.Equal((4, 77), (made, below));
        foreach (var (code, body) in new (int, object)[]
        {
            (60008, new { name = "法务部", parentid = 1 }), (60008, new { name = "新", parentid = 1, id = 77 }), (60004, new { name = "新", parentid = 99 }), (60001, new { name = new string('x', 65), parentid = 1 }), (60009, new { name = "a|b", parentid = 1 }), (40058, new { parentid = 1 }),
        }) Assert.Equal(code, Code(await BookAsync("/cgi-bin/department/create", body)));
        Assert.Equal(60010, Code(await BookAsync("/cgi-bin/department/update", new { id = made, parentid = below })));
        Assert.Equal(60006, Code(await BookAsync($"/cgi-bin/department/delete?id={made}")));
        Assert.Equal(60005, Code(await BookAsync("/cgi-bin/department/delete?id=2")));
        Assert.Equal(60007, Code(await BookAsync("/cgi-bin/department/delete?id=1")));
        Assert.Equal(60003, Code(await BookAsync("/cgi-bin/department/delete?id=99")));
        Assert.Equal(0, Code(await BookAsync("/cgi-bin/department/update", new { id = below, parentid = 1, name = "合规部" })));
        Assert.Equal(0, Code(await BookAsync($"/cgi-bin/department/delete?id={made}")));
        Assert.Equal([(1, 0), (2, 1), (3, 1), (77, 1)], (await CallAsync("/cgi-bin/department/list"))["department"]!.AsArray().Select(d => (d!["id"]!.GetValue<int>(), d["parentid"]!.GetValue<int>())));
        await Emulator.ControlAsync(HttpMethod.Post, "reset");
        Assert.Equal([1, 2, 3], (await GetAsync($"/cgi-bin/department/list?access_token={await TokenAsync()}"))["department"]!.AsArray().Select(d => d!["id"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Tags_are_made_filled_and_messages_reach_who_has_them()
    {
        var id = (await BookAsync("/cgi-bin/tag/create", new { tagname = "值班" }))["tagid"]!.GetValue<int>();
        Assert.Equal(2, id);
        Assert.Equal(40071, Code(await BookAsync("/cgi-bin/tag/create", new { tagname = "值班" })));
        Assert.Equal(40072, Code(await BookAsync("/cgi-bin/tag/create", new { tagname = new string('x', 33) })));
        Assert.Equal(40068, Code(await BookAsync("/cgi-bin/tag/create", new { tagname = "另", tagid = id })));
        var added = await BookAsync("/cgi-bin/tag/addtagusers", new { tagid = id, userlist = new[] { "alice", "nobody" }, partylist = new[] { 3, 99 } });
        Assert.Equal((0, "nobody", "[99]"), ((int)Code(added), Text(added, "invalidlist"), added["invalidparty"]!.ToJsonString()));
        Assert.Equal(40070, Code(await BookAsync("/cgi-bin/tag/addtagusers", new { tagid = id, userlist = new[] { "nobody" } })));
        Assert.Equal(40068, Code(await BookAsync("/cgi-bin/tag/addtagusers", new { tagid = 99, userlist = new[] { "alice" } })));
        var members = await CallAsync($"/cgi-bin/tag/get?tagid={id}");
        Assert.Equal(("值班", "alice", "[3]"), (Text(members, "tagname"), members["userlist"]!.AsArray().Single()!["userid"]!.GetValue<string>(), members["partylist"]!.ToJsonString()));
        await SendAsync(new { totag = $"{id}", msgtype = "text", agentid = Corp.AgentId, text = new { content = "值班提醒" } });
        Assert.Single(await MessagesAsync(AppChat("alice")));
        Assert.Single(await MessagesAsync(AppChat("carol")));
        Assert.Empty(await MessagesAsync(AppChat("bob")));
        await BookAsync("/cgi-bin/tag/deltagusers", new { tagid = id, partylist = new[] { 3 } });
        Assert.Equal(0, Code(await BookAsync("/cgi-bin/tag/update", new { tagid = id, tagname = "夜班" })));
        Assert.Equal(["审批人", "夜班"], (await CallAsync("/cgi-bin/tag/list"))["taglist"]!.AsArray().Select(t => t!["tagname"]!.GetValue<string>()));
        Assert.Equal(0, Code(await BookAsync($"/cgi-bin/tag/delete?tagid={id}")));
        Assert.Equal(40068, Code(await CallAsync($"/cgi-bin/tag/get?tagid={id}")));
    }
}
