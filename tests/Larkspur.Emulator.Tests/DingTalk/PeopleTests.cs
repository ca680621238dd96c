namespace Larkspur.Emulator.Tests.DingTalk;

public sealed class PeopleTests : DingTalkTest
{
    [Fact]
    public async Task People_are_found_by_each_of_their_names()
    {
        var alice = (await OldAsync("/topapi/v2/user/get", new { userid = "alice" })).Json["result"]!;
        Assert.Equal(("艾丽丝", "13800000001"), (alice["name"]!.GetValue<string>(), alice["mobile"]!.GetValue<string>()));
        Assert.Equal("alice", (await OldAsync("/topapi/user/getbyunionid", new { unionid = alice["unionid"]!.GetValue<string>() })).Json["result"]!["userid"]!.GetValue<string>());
        Assert.Equal("alice", (await OldAsync("/topapi/v2/user/getbymobile", new { mobile = "13800000001" })).Json["result"]!["userid"]!.GetValue<string>());
        Assert.Equal(60121, (await OldAsync("/topapi/v2/user/get", new { userid = "mallory" })).ErrCode);
        Assert.Equal(60121, (await OldAsync("/topapi/user/getbyunionid", new { unionid = "x" })).ErrCode);
        Assert.Equal(40035, (await OldAsync("/topapi/v2/user/get")).ErrCode);
    }

    [Fact]
    public async Task Departments_are_walked_from_the_root()
    {
        var children = (await OldAsync("/topapi/v2/department/listsub")).Json["result"]!.AsArray();
        var purchasing = children.Single(d => d!["name"]!.GetValue<string>() == "采购部")!["dept_id"]!.GetValue<long>();
        Assert.Equal(1, children[0]!["parent_id"]!.GetValue<long>());
        Assert.Equal(["alice", "bob"], (await OldAsync("/topapi/user/listid", new { dept_id = purchasing })).Json["result"]!["userid_list"]!.AsArray().Select(u => u!.GetValue<string>()));
        var page = (await OldAsync("/topapi/v2/user/list", new { dept_id = purchasing, cursor = 0, size = 1 })).Json["result"]!;
        Assert.True(page["has_more"]!.GetValue<bool>());
        Assert.Equal("bob", (await OldAsync("/topapi/v2/user/list", new { dept_id = purchasing, cursor = page["next_cursor"]!.GetValue<int>(), size = 1 })).Json["result"]!["list"]![0]!["userid"]!.GetValue<string>());
        Assert.Equal(60003, (await OldAsync("/topapi/v2/department/get", new { dept_id = 77 })).ErrCode);
        Assert.Equal([purchasing, 1], (await OldAsync("/topapi/v2/department/listparentbydept", new { dept_id = purchasing })).Json["result"]!["parent_id_list"]!.AsArray().Select(d => d!.GetValue<long>()));
        var above = (await OldAsync("/topapi/v2/department/listparentbyuser", new { userid = "alice" })).Json["result"]!["parent_list"]!.AsArray();
        Assert.Equal([purchasing, 1], Assert.Single(above)!["parent_dept_id_list"]!.AsArray().Select(d => d!.GetValue<long>()));
        Assert.Equal(60003, (await OldAsync("/topapi/v2/department/listparentbydept", new { dept_id = 77 })).ErrCode);
        Assert.Equal(2, (await OldAsync("/topapi/v2/department/listsubid", new { dept_id = 1 })).Json["result"]!["dept_id_list"]!.AsArray().Count);
    }
}
