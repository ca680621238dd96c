using System.Text.Json.Nodes;
using Larkspur.Emulator.Tests.DingTalk;

namespace Larkspur.Emulator.Tests.Company;

/// <summary>What a DingTalk application hears and reads when the organisation changes.</summary>
public sealed class DingTalkDirectoryTests : DingTalkTest
{
    [Fact]
    public async Task Changes_are_told_by_userid_and_dept_id()
    {
        var made = await Emulator.ControlAsync(HttpMethod.Post, "departments", new { name = "法务部" });
        await Emulator.ControlAsync(HttpMethod.Post, "people", new { user_id = "dave", name = "戴夫", departments = new[] { "finance" } });
        await Emulator.ControlAsync(HttpMethod.Patch, "people/dave", new { job_title = "会计" });
        await Emulator.ControlAsync(HttpMethod.Delete, "people/dave");
        var pushes = (await PushesAsync(4)).ToDictionary(p => p.EventType, p => JsonNode.Parse(p.PlainBody)!);
        Assert.Equal(made["dingtalk_id"]!.GetValue<long>(), pushes["org_dept_create"]["deptId"]![0]!.GetValue<long>());
        Assert.Equal("dave", pushes["user_add_org"]["userId"]![0]!.GetValue<string>());
        var diff = pushes["user_modify_org"]["diffInfo"]![0]!;
        Assert.Equal(("", "会计", "dave"),
            (diff["prev"]!["title"]!.GetValue<string>(), diff["curr"]!["title"]!.GetValue<string>(), diff["userid"]!.GetValue<string>()));
        Assert.Equal("dave", pushes["user_leave_org"]["userId"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task Leavers_are_listed_with_the_time()
    {
        Assert.Equal(0, (await OldAsync("/topapi/v2/user/delete", new { userid = "carol" })).ErrCode);
        // Who left first is told by the time alone.
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(1));
        await Emulator.ControlAsync(HttpMethod.Delete, "people/alice?silent=true");
        var from = Uri.EscapeDataString(DateTimeOffset.UtcNow.AddDays(-1).ToString("O"));
        var path = $"/v1.0/contact/empLeaveRecords?startTime={from}&maxResults=1&nextToken=";
        var first = (await CallAsync(HttpMethod.Get, path + "0")).Json;
        var record = Assert.Single(first["records"]!.AsArray())!;
        Assert.Equal(("carol", "oapi"), (record["userId"]!.GetValue<string>(), record["leaveReason"]!.GetValue<string>()));
        var second = (await CallAsync(HttpMethod.Get, path + first["nextToken"])).Json;
        Assert.Equal(("alice", null), (second["records"]![0]!["userId"]!.GetValue<string>(), second["nextToken"]));
        Assert.Equal(60121, (await OldAsync("/topapi/v2/user/get", new { userid = "carol" })).ErrCode);
    }

    [Fact]
    public async Task The_range_and_the_fields_can_be_restricted()
    {
        var whole = (await CallAsync(HttpMethod.Get, "/auth/scopes")).Json;
        Assert.Equal("[1]", whole["auth_org_scopes"]!["authed_dept"]!.ToJsonString());
        await Emulator.ControlAsync(HttpMethod.Post, "directory/range",
            new { platform = "dingtalk", departments = new[] { "finance" }, people = new[] { "alice" } });
        await Emulator.ControlAsync(HttpMethod.Post, "directory/range", new { platform = "dingtalk", fields = new[] { "name", "title" } });
        var kept = (await CallAsync(HttpMethod.Get, "/auth/scopes")).Json;
        Assert.Equal(("[\"alice\"]", "[\"name\",\"title\"]"),
            (kept["auth_org_scopes"]!["authed_user"]!.ToJsonString(), kept["auth_user_field"]!.ToJsonString()));
        Assert.Equal(50004, (await OldAsync("/topapi/v2/department/listsub")).ErrCode);
        Assert.Equal(2, (await OldAsync("/topapi/v2/department/listsubid")).Json["result"]!["dept_id_list"]!.AsArray().Count);
        Assert.Equal(50002, (await OldAsync("/topapi/v2/user/get", new { userid = "bob" })).ErrCode);
        var alice = (await OldAsync("/topapi/v2/user/get", new { userid = "alice" })).Json["result"]!.AsObject();
        Assert.Equal(("艾丽丝", false), (alice["name"]!.GetValue<string>(), alice.ContainsKey("mobile")));
    }

    [Fact]
    public async Task Members_and_departments_are_written()
    {
        var made = (await OldAsync("/topapi/v2/department/create", new { name = "法务部", parent_id = 1 }))
            .Json["result"]!["dept_id"]!.GetValue<long>();
        var user = new { userid = "dave", name = "戴夫", mobile = "13800000009", dept_id_list = made.ToString() };
        Assert.Equal("dave", (await OldAsync("/topapi/v2/user/create", user)).Json["result"]!["userid"]!.GetValue<string>());
        Assert.Equal(60102, (await OldAsync("/topapi/v2/user/create", user)).ErrCode);
        Assert.Equal(60005, (await OldAsync("/topapi/v2/department/delete", new { dept_id = made })).ErrCode);
        Assert.Equal(0, (await OldAsync("/topapi/v2/user/update", new { userid = "dave", title = "法务", dept_id_list = "1" })).ErrCode);
        Assert.Equal(0, (await OldAsync("/topapi/v2/department/delete", new { dept_id = made })).ErrCode);
        Assert.Equal(60003, (await OldAsync("/topapi/v2/department/get", new { dept_id = made })).ErrCode);
    }

    [Fact]
    public async Task A_school_and_a_failing_department_stand_in_the_way()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "directory/faults", new { kind = "school" });
        var children = (await OldAsync("/topapi/v2/department/listsub")).Json["result"]!.AsArray()
            .Select(d => d!["dept_id"]!.GetValue<long>()).ToArray();
        Assert.Equal((3, -7), (children.Length, children[^1]));
        Assert.Equal("pupil-1",
            (await OldAsync("/topapi/v2/user/list", new { dept_id = -8, cursor = 0, size = 10 }))
            .Json["result"]!["list"]![0]!["userid"]!.GetValue<string>());
        await Emulator.ControlAsync(HttpMethod.Post, "directory/faults", new { kind = "forbidden", department = "finance", code = 60019 });
        var all = (await OldAsync("/topapi/v2/department/listsub")).Json["result"]!.AsArray();
        var finance = all.Single(d => d!["name"]!.GetValue<string>() == "财务部")!["dept_id"]!.GetValue<long>();
        Assert.Equal(60019, (await OldAsync("/topapi/v2/user/list", new { dept_id = finance, cursor = 0, size = 10 })).ErrCode);
        await Emulator.ControlAsync(HttpMethod.Delete, "directory/faults");
        Assert.Equal(0, (await OldAsync("/topapi/v2/user/list", new { dept_id = finance, cursor = 0, size = 10 })).ErrCode);
    }
}
