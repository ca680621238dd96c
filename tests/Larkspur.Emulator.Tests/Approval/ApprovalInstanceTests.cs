using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Approval;

public sealed class ApprovalInstanceTests : ApprovalTest
{
    [Fact]
    public async Task The_seeded_payment_request_shows_form_and_nodes_in_both_languages()
    {
        var definition = (await GetAsync($"approvals/{Payment}?with_admin_id=true&user_id_type=user_id")).Data;
        Assert.Equal(("付款申请", "ACTIVE"), (definition["approval_name"]!.GetValue<string>(), definition["status"]!.GetValue<string>()));
        Assert.Equal(["发起", "采购经理审批", "财务审批", "结束"], definition["node_list"]!.AsArray().Select(n => n!["name"]!.GetValue<string>()));
        Assert.Equal(["carol"], definition["approval_admin_ids"]!.AsArray().Select(n => n!.GetValue<string>()));
        var english = (await GetAsync($"approvals/{Payment}?locale=en-US")).Data;
        var form = JsonNode.Parse(english["form"]!.GetValue<string>())!.AsArray();
        Assert.Equal(["Payee:input", "Amount:amount", "Reason:textarea", "Method:radioV2", "Pay by:date", "Attachments:attachmentV2"], form.Select(c => $"{c!["name"]}:{c["type"]}"));
        Assert.Equal(["transfer", "cheque", "cash"], form[3]!["option"]!.AsArray().Select(o => o!["value"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_request_passes_bob_and_carol_and_is_approved()
    {
        var code = await CreatedAsync(uuid: "pay-42");
        Assert.Matches("^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$", code);
        var made = await InstanceAsync("pay-42");
        Assert.Equal((code, "PENDING", "alice", "0"), (made["instance_code"]!.GetValue<string>(), made["status"]!.GetValue<string>(), made["user_id"]!.GetValue<string>(), made["end_time"]!.GetValue<string>()));
        var form = JsonNode.Parse(made["form"]!.GetValue<string>())!.AsArray();
        Assert.Equal(["收款方", "金额", "付款方式"], form.Select(c => c!["name"]!.GetValue<string>()));
        Assert.Equal(("银行转账", "transfer"), (form[2]!["value"]!.GetValue<string>(), form[2]!["option"]!["key"]!.GetValue<string>()));
        Assert.Equal("CNY", form[1]!["ext"]!["currency"]!.GetValue<string>());

        Assert.Equal(0, (await DecideAsync("approve", code, "bob", new { comment = "可以" })).Code);
        Assert.Equal(["bob:APPROVED", "carol:PENDING"], await TasksAsync(code));
        Assert.Equal(0, (await DecideAsync("approve", code, "carol")).Code);
        var done = await InstanceAsync(code);
        Assert.Equal("APPROVED", done["status"]!.GetValue<string>());
        Assert.NotEqual("0", done["end_time"]!.GetValue<string>());
        Assert.Equal(["START", "PASS", "PASS"], await TimelineAsync(code));
        Assert.Equal("可以", done["timeline"]![1]!["comment"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_rejection_ends_the_request()
    {
        var code = await CreatedAsync();
        await DecideAsync("reject", code, "bob", new { comment = "太贵" });
        Assert.Equal("REJECTED", await StatusAsync(code));
        Assert.Equal(["bob:REJECTED"], await TasksAsync(code));
        Refused(await PostAsync("instances/cancel?user_id_type=user_id", new { approval_code = Payment, instance_code = code, user_id = "alice" }), 1390001, "REJECTED");
    }

    [Fact]
    public async Task Decisions_are_refused_for_wrong_people_tasks_and_states()
    {
        var code = await CreatedAsync();
        var task = await PendingAsync(code, "bob");
        Refused(await DecideAsync("approve", code, "carol", new { task_id = task }), 1390001, "approver");
        Refused(await DecideAsync("approve", code, "bob", new { task_id = "1" }), 1390010);
        Refused(await DecideAsync("approve", code, "nobody", new { task_id = task }), 1390004, "nobody");
        Refused(await DecideAsync("approve", "00000000", "bob", new { task_id = task }), 1390003);
        Refused(await DecideAsync("approve", code, "bob", new { task_id = task }, approval: "00000000"), 1390002);
        Refused(await DecideAsync("approve", code, "bob", new { task_id = task }, approval: Purchase), 1390001, "approval_code");
        Assert.Equal(0, (await DecideAsync("approve", code, "bob", new { task_id = task })).Code);
        Refused(await DecideAsync("approve", code, "bob", new { task_id = task }), 1390001, "APPROVED");
        Refused(await DecideAsync("transfer", code, "carol", new { transfer_user_id = "carol" }), 1390001);
        Assert.Equal(["bob:APPROVED", "carol:PENDING"], await TasksAsync(code));
    }

    [Fact]
    public async Task Nothing_is_made_of_what_does_not_fit_the_form()
    {
        (JsonNode Value, string Naming)[] wrong =
        [
            (Change(0, "id", "收款方"), "收款方"), (Change(0, "type", "textarea"), "payee"), (Change(0, "value", 5), "10001"), (Change(1, "value", "1280"), "10002"),
            (Change(1, "currency", "JPY"), "JPY"), (Change(2, "value", "银行转账"), "10004"), (new JsonArray(PaymentForm()[1]!.DeepClone()), "payee"),
            (With("""{"id":"date","type":"date","value":"2026-04-01"}"""), "10005"), (With("""{"id":"attachment","type":"attachmentV2","value":["nope"]}"""), "10006"),
            (With("""{"id":"payee","type":"input","value":"twice"}"""), "twice"), (new JsonObject { ["payee"] = "x" }, "list"),
        ];
        foreach (var (form, naming) in wrong) Refused(await CreateAsync(form), 1390001, naming);
        Refused(await PostAsync("instances", new { approval_code = Payment, user_id = "alice", form = "[{" }), 1390001, "JSON");
        Assert.Empty(Emulator.State.ApprovalInstances);
        Assert.Equal(0, (await CreateAsync(With("""{"id":"date","type":"date","value":"2026-04-01T00:00:00+08:00"}"""))).Code);
    }

    [Fact]
    public async Task People_definitions_and_uuids_are_checked()
    {
        Refused(await CreateAsync(user: "nobody"), 1390004, "nobody");
        Refused(await PostAsync("instances", new { approval_code = Payment, form = PaymentForm().ToJsonString() }), 1390001, "user_id");
        Refused(await CreateAsync(code: "11111111-1111-1111-1111-111111111111"), 1390002);
        Refused(await CreateAsync(more: new { department_id = SeededCompany.FinanceDepartment }), 1390001, "department");
        Refused(await CreateAsync(more: new { node_approver_user_id_list = new[] { new { key = "nowhere", value = new[] { "bob" } } } }), 1390001, "nowhere");
        var first = await CreatedAsync(uuid: "same");
        Refused(await CreateAsync(uuid: "same"), 60012);
        Assert.Equal(first, (await InstanceAsync("same"))["instance_code"]!.GetValue<string>());
        Refused(await GetAsync("instances/unknown"), 1390003);
        Assert.Equal("alice", (await InstanceAsync(await CreatedByOpenIdAsync()))["user_id"]!.GetValue<string>());

        await Emulator.ControlAsync(HttpMethod.Patch, "approvals/" + Payment, new { status = "INACTIVE" });
        Refused(await CreateAsync(), 1390015);
        await Emulator.ControlAsync(HttpMethod.Patch, "approvals/" + Payment, new { status = "DELETED" });
        Refused(await CreateAsync(), 1390016);
        Refused(await GetAsync("approvals/" + Payment), 1390016);
    }

    [Fact]
    public async Task Codes_are_listed_by_time_within_ten_hours_and_in_pages()
    {
        var start = Time.GetUtcNow();
        List<string> codes = [];
        for (var i = 0; i < 3; i++) codes.Add(await CreatedAsync());
        await PurchaseAsync("bob");
        var window = $"start_time={start.AddHours(-1).ToUnixTimeMilliseconds()}&end_time={start.AddHours(1).ToUnixTimeMilliseconds()}";
        var page = (await GetAsync($"instances?approval_code={Payment}&{window}&page_size=2")).Data;
        Assert.True(page["has_more"]!.GetValue<bool>());
        var rest = (await GetAsync($"instances?approval_code={Payment}&{window}&page_size=2&page_token={Uri.EscapeDataString(page["page_token"]!.GetValue<string>())}")).Data;
        Assert.Equal(codes.Order(), page["instance_code_list"]!.AsArray().Concat(rest["instance_code_list"]!.AsArray()).Select(c => c!.GetValue<string>()).Order());
        Refused(await GetAsync($"instances?approval_code={Payment}&start_time={start.ToUnixTimeMilliseconds()}&end_time={start.AddHours(10).AddMilliseconds(1).ToUnixTimeMilliseconds()}"), 1390001, "10 hours");
        Refused(await GetAsync($"instances?approval_code={Payment}&start_time=yesterday&end_time=1"), 1390001, "start_time");
        var later = $"start_time={start.AddHours(1).ToUnixTimeMilliseconds()}&end_time={start.AddHours(11).ToUnixTimeMilliseconds()}";
        Assert.Empty((await GetAsync($"instances?approval_code={Payment}&{later}")).Data["instance_code_list"]!.AsArray());
    }

    [Fact]
    public async Task Only_the_submitter_withdraws()
    {
        var code = await CreatedAsync();
        Refused(await PostAsync("instances/cancel?user_id_type=user_id", new { approval_code = Payment, instance_code = code, user_id = "bob" }), 1390001, "submitter");
        Assert.Equal(0, (await PostAsync("instances/cancel?user_id_type=user_id", new { approval_code = Payment, instance_code = code, user_id = "alice" })).Code);
        Assert.Equal("CANCELED", await StatusAsync(code));
        Assert.Equal(["bob:DONE"], await TasksAsync(code));
        var fixedOne = await CreatedAsync(more: new { forbid_revoke = true });
        Refused(await PostAsync("instances/cancel?user_id_type=user_id", new { approval_code = Payment, instance_code = fixedOne, user_id = "alice" }), 1390001, "revoked");
    }

    [Fact]
    public async Task An_approved_request_can_be_taken_back_for_31_days()
    {
        var (early, late) = (await CreatedAsync(), await CreatedAsync());
        foreach (var code in new[] { early, late })
        {
            await ActAsync("bob", "approve", code);
            await ActAsync("carol", "approve", code);
        }

        Assert.Equal("REVERTED", (await ActAsync("alice", "cancel_approval", early))["status"]!.GetValue<string>());
        await Emulator.AdvanceAsync(TimeSpan.FromDays(31));
        var (status, answer) = await Emulator.TryControlAsync(HttpMethod.Post, "act", new { @as = "alice", @do = "cancel_approval", instance = late });
        Assert.Equal(400, status);
        Assert.Contains("over", answer["error"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.False(Emulator.State.ApprovalInstance(late)!.Reverted);
        Assert.True(Emulator.State.ApprovalInstance(early)!.Reverted);
    }

    [Fact]
    public async Task An_answer_that_is_lost_leaves_the_instance_made()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/instances", drop = true, count = 1 });
        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync(uuid: "lost"));
        Refused(await CreateAsync(uuid: "lost"), 60012);
        Assert.Equal("PENDING", await StatusAsync("lost"));
    }

    [Fact]
    public async Task The_state_shows_definitions_instances_and_timelines_and_a_reset_forgets_them()
    {
        var code = (await Emulator.ActAsync(new { @as = "alice", @do = "submit_approval", approval = Payment, form = PaymentForm() }))["instance"]!.GetValue<string>();
        await ActAsync("bob", "approve", code, new { comment = "ok" });
        await ActAsync("carol", "comment_approval", code, new { comment = "发票？" });
        var approvals = (await Emulator.StateAsync())["approvals"]!;
        Assert.Equal(2, approvals["definitions"]!.AsArray().Count);
        var shown = approvals["instances"]!.AsArray().Single()!;
        Assert.Equal(["START", "PASS"], shown["timeline"]!.AsArray().Select(t => t!["type"]!.GetValue<string>()));
        Assert.Equal("发票？", shown["comments"]![0]!["content"]!.GetValue<string>());
        Assert.Equal(["bob:APPROVED", "carol:PENDING"], shown["tasks"]!.AsArray().Select(t => $"{t!["user_id"]}:{t["status"]}"));
        await Emulator.ControlAsync(HttpMethod.Post, "reset");
        approvals = (await Emulator.StateAsync())["approvals"]!;
        Assert.Empty(approvals["instances"]!.AsArray());
        Assert.Equal(2, approvals["definitions"]!.AsArray().Count);
    }

    [Fact]
    public async Task Acts_say_what_is_wrong_with_them()
    {
        var code = await CreatedAsync();
        (object Action, string Why)[] wrong =
        [
            (new { @as = "carol", @do = "approve", instance = code }, "no pending task"), (new { @as = "bob", @do = "approve" }, "instance"),
            (new { @as = "bob", @do = "approve", instance = "nowhere" }, "nowhere"), (new { @as = "bob", @do = "transfer", instance = code }, "one person"),
            (new { @as = "bob", @do = "add_sign", instance = code, to = "carol", where = "above" }, "where"), (new { @as = "bob", @do = "approve", instance = code, reason = "x" }, "reason"),
        ];
        foreach (var (action, why) in wrong)
        {
            var (status, answer) = await Emulator.TryControlAsync(HttpMethod.Post, "act", action);
            Assert.Equal(400, status);
            Assert.Contains(why, answer["error"]!.GetValue<string>(), StringComparison.Ordinal);
        }

        Assert.Equal(["bob:PENDING"], await TasksAsync(code));
    }

    private async Task<string> CreatedByOpenIdAsync()
    {
        var reply = await PostAsync("instances", new { approval_code = Payment, open_id = WireIds.OpenId(EmulatorApp.AppId, "alice"), form = PaymentForm().ToJsonString() });
        return reply.Data["instance_code"]!.GetValue<string>();
    }

    private static JsonArray Change(int control, string name, JsonNode value)
    {
        var form = PaymentForm();
        form[control]![name] = value;
        return form;
    }

    private static JsonArray With(string control)
    {
        var form = PaymentForm();
        form.Add(JsonNode.Parse(control));
        return form;
    }
}
