using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.WeCom;

/// <summary>Requests from the call that submits them to the last decision.</summary>
public sealed class ApprovalTests : WeComTest
{
    private const string Payment = "3WLarkspurPayment0000000000000000000001";

    private static object[] Filled(string amount = "1280.50") =>
    [
        new { control = "Text", id = "Text-1700000001", value = new { text = "办公椅" } },
        new { control = "Money", id = "Money-1700000002", value = new { new_money = amount } },
    ];

    private static JsonObject Body(object[] contents, object? more = null)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(new
        {
            creator_userid = "alice", template_id = Payment, use_template_approver = 1, apply_data = new { contents }, summary_list = new[] { new { summary_info = new[] { new { text = "办公椅", lang = "zh_CN" } } } },
        })!.AsObject();
        foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(more ?? new { })!.AsObject()) body[name] = value?.DeepClone();
        return body;
    }

    private Task<JsonObject> SubmitAsync(object[] contents, object? more = null) => CallAsync("/cgi-bin/oa/applyevent", Body(contents, more));

    private async Task<string> SubmittedAsync(object? more = null)
    {
        var answer = await SubmitAsync(Filled(), more);
        Assert.True(Code(answer) == 0, answer.ToJsonString());
        return Text(answer, "sp_no");
    }

    private async Task<JsonObject> DetailAsync(string number) => (await CallAsync("/cgi-bin/oa/getapprovaldetail", new { sp_no = number }))["info"]!.AsObject();

    private static object Node(int type, int rule, params string[] userid) => new { type, apv_rel = rule, userid };

    [Fact]
    public async Task A_request_goes_its_way_and_the_application_hears_of_every_step()
    {
        await using var receiver = await WeComReceiver.StartAsync();
        await ActAsync(new { platform = "wecom", @do = "set_callback", url = receiver.Url });
        await receiver.NextAsync();
        var number = await SubmittedAsync();
        var submitted = await receiver.NextAsync();
        Assert.Equal(("sys_approval_change", "sys", "1", "1", number, "alice", "付款申请"), (submitted.Element("Event"), submitted.Element("FromUserName"), submitted.Element("StatuChangeEvent"), submitted.Element("SpStatus"), submitted.Element("SpNoStr"), submitted.Element("UserId"), submitted.Element("SpName")));
        Assert.DoesNotContain("1280.50", submitted.Text, StringComparison.Ordinal);
        Assert.Contains("nothing to decide", await RefusedActionAsync(new { platform = "wecom", @as = "carol", @do = "approve", sp_no = number }), StringComparison.Ordinal);
        var first = await ActAsync(new { platform = "wecom", @as = "bob", @do = "approve", sp_no = number, text = "同意" });
        Assert.Equal((1, "[\"carol\"]"), (first["sp_status"]!.GetValue<int>(), first["deciders"]!.ToJsonString()));
        Assert.Equal(("2", "1"), ((await receiver.NextAsync()) is var agreed ? agreed.Element("StatuChangeEvent") : "", agreed.Element("SpStatus")));
        await ActAsync(new { platform = "wecom", @as = "carol", @do = "approve", sp_no = number });
        Assert.Equal("2", (await receiver.NextAsync()).Element("SpStatus"));
        var detail = await DetailAsync(number);
        Assert.Equal((2, "alice", "2"), (detail["sp_status"]!.GetValue<int>(), Text(detail["applyer"]!.AsObject(), "userid"), Text(detail["applyer"]!.AsObject(), "partyid")));
        Assert.Equal(["1280.50"], detail["apply_data"]!["contents"]!.AsArray().Select(c => c!["value"]!["new_money"]?.GetValue<string>()).OfType<string>());
        Assert.Equal(("bob", "同意", 2), (detail["sp_record"]![0]!["details"]![0]!["approver"]!["userid"]!.GetValue<string>(), detail["sp_record"]![0]!["details"]![0]!["speech"]!.GetValue<string>(), detail["sp_record"]![0]!["sp_status"]!.GetValue<int>()));
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "withdraw", sp_no = number });
        Assert.Equal(("8", "6"), ((await receiver.NextAsync()) is var withdrawn ? withdrawn.Element("StatuChangeEvent") : "", withdrawn.Element("SpStatus")));
    }

    [Fact]
    public async Task All_any_and_in_turn_are_three_ways_to_decide()
    {
        var number = await SubmittedAsync(new { use_template_approver = 0, process = new { node_list = new[] { Node(1, 1, "bob", "carol"), Node(2, 1, "alice"), Node(1, 3, "carol", "bob"), Node(3, 2, "bob", "alice") } } });
        Task<JsonObject> Approve(string who) => ActAsync(new { platform = "wecom", @as = who, @do = "approve", sp_no = number });
        await Approve("carol");
        Assert.Equal("[\"carol\"]", (await Approve("bob"))["deciders"]!.ToJsonString());
        await RefusedActionAsync(new { platform = "wecom", @as = "bob", @do = "approve", sp_no = number });
        Assert.Equal("[\"bob\"]", (await Approve("carol"))["deciders"]!.ToJsonString());
        Assert.Equal("[\"bob\",\"alice\"]", (await Approve("bob"))["deciders"]!.ToJsonString());
        Assert.Equal(2, (await Approve("alice"))["sp_status"]!.GetValue<int>());
        var nodes = (await DetailAsync(number))["process_list"]!["node_list"]!.AsArray();
        Assert.Equal([2, 1, 2, 14], nodes.Select(n => n!["sp_status"]!.GetValue<int>()));
        Assert.Equal([1, 1, 3, 2], nodes.Select(n => n!["apv_rel"]!.GetValue<int>()));
        Assert.Equal(["alice"], (await DetailAsync(number))["notifyer"]!.AsArray().Select(n => n!["userid"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_older_members_count_any_and_all_the_other_way_round()
    {
        var number = await SubmittedAsync(new { use_template_approver = 0, approver = new[] { new { attr = 1, userid = new[] { "bob", "carol" } } }, notifyer = new[] { "alice" }, notify_type = 2 });
        Assert.Equal(2, (await ActAsync(new { platform = "wecom", @as = "carol", @do = "approve", sp_no = number }))["sp_status"]!.GetValue<int>());
        number = await SubmittedAsync(new { use_template_approver = 0, approver = new[] { new { attr = 2, userid = new[] { "bob", "carol" } } } });
        Assert.Equal(1, (await ActAsync(new { platform = "wecom", @as = "carol", @do = "approve", sp_no = number }))["sp_status"]!.GetValue<int>());
    }

    [Fact]
    public async Task Rejected_transferred_urged_and_commented()
    {
        var number = await SubmittedAsync();
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "urge", sp_no = number });
        await ActAsync(new { platform = "wecom", @as = "alice", @do = "comment", sp_no = number, text = "很急" });
        Assert.Equal("[\"carol\"]", (await ActAsync(new { platform = "wecom", @as = "bob", @do = "transfer", sp_no = number, to = "carol", text = "请代我" }))["deciders"]!.ToJsonString());
        Assert.Equal(3, (await ActAsync(new { platform = "wecom", @as = "carol", @do = "reject", sp_no = number, text = "超预算" }))["sp_status"]!.GetValue<int>());
        var detail = await DetailAsync(number);
        Assert.Equal([4, 3], detail["sp_record"]![0]!["details"]!.AsArray().Select(d => d!["sp_status"]!.GetValue<int>()));
        Assert.Equal("很急", detail["comments"]![0]!["commentcontent"]!.GetValue<string>());
        foreach (var action in new[] { "approve", "withdraw", "urge" }) await RefusedActionAsync(new { platform = "wecom", @as = action == "approve" ? "carol" : "alice", @do = action, sp_no = number });
        await RefusedActionAsync(new { platform = "wecom", @as = "bob", @do = "withdraw", sp_no = await SubmittedAsync() });
    }

    [Fact]
    public async Task Numbers_are_listed_by_period_filter_and_page()
    {
        var numbers = new[] { await SubmittedAsync(), await SubmittedAsync(), await SubmittedAsync() };
        await ActAsync(new { platform = "wecom", @as = "bob", @do = "reject", sp_no = numbers[1] });
        var now = Time.GetUtcNow().ToUnixTimeSeconds();
        Task<JsonObject> List(long from, long to, string cursor = "", object[]? filters = null) =>
            CallAsync("/cgi-bin/oa/getapprovalinfo", new { starttime = $"{from}", endtime = $"{to}", new_cursor = cursor, size = 2, filters = filters ?? [] });
        var page = await List(now - 100, now + 100);
        Assert.Equal(numbers[..2], page["sp_no_list"]!.AsArray().Select(n => n!.GetValue<string>()));
        page = await List(now - 100, now + 100, Text(page, "new_next_cursor"));
        Assert.Equal((numbers[2], ""), (page["sp_no_list"]!.AsArray().Single()!.GetValue<string>(), Text(page, "new_next_cursor")));
        var rejected = await List(now - 100, now + 100, "", [new { key = "sp_status", value = "3" }, new { key = "creator", value = "alice" }, new { key = "department", value = "2" }, new { key = "department", value = "3" }]);
        Assert.Equal(numbers[1], rejected["sp_no_list"]!.AsArray().Single()!.GetValue<string>());
        Assert.Empty((await List(now - 200, now - 100))["sp_no_list"]!.AsArray());
        Assert.Equal(0, Code(await List(now - (31 * 86_400), now)));
        Assert.Equal(301025, Code(await List(now - (31 * 86_400) - 1, now)));
        Assert.Equal(301025, Code(await List(now, now - 1)));
        Assert.Equal(301025, Code(await List(now - 100, now, "made-up")));
        Assert.Equal(301025, Code(await List(now - 100, now, "", [new { key = "colour", value = "red" }])));
        Assert.Equal(301025, Code(await List(now - 100, now, "", [new { key = "creator", value = "alice" }, new { key = "creator", value = "bob" }])));
    }

    [Fact]
    public async Task Only_an_application_calls_it_and_600_times_a_minute()
    {
        var book = await TokenAsync(Corp.ContactSecret);
        Assert.Equal(301055, Code(await PostAsync($"/cgi-bin/oa/getapprovaldetail?access_token={book}", new { sp_no = "1" })));
        Assert.Equal(301025, Code(await CallAsync("/cgi-bin/oa/getapprovaldetail", new { sp_no = "1" })));
        for (var i = 0; i < 599; i++) await CallAsync("/cgi-bin/oa/getapprovaldetail", new { sp_no = "1" });
        Assert.Equal(45009, Code(await CallAsync("/cgi-bin/oa/getapprovaldetail", new { sp_no = "1" })));
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(301025, Code(await CallAsync("/cgi-bin/oa/getapprovaldetail", new { sp_no = "1" })));
    }

    [Fact]
    public async Task A_reset_forgets_requests_and_forms_and_keeps_the_seeded_one()
    {
        await SubmittedAsync();
        Assert.Single((await StateAsync())["approvals"]!.AsArray());
        await Emulator.ControlAsync(HttpMethod.Post, "reset");
        var state = await StateAsync();
        Assert.Empty(state["approvals"]!.AsArray());
        Assert.Equal(Payment, state["approval_templates"]!.AsArray().Single()!["template_id"]!.GetValue<string>());
    }
}
