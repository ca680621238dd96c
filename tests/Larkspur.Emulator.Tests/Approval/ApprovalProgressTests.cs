using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.Approval;

/// <summary>How requests move: nodes of each kind, and everything that people do instead of just deciding.</summary>
public sealed class ApprovalProgressTests : ApprovalTest
{
    [Fact]
    public async Task The_submitter_chooses_at_a_free_node_and_an_and_node_waits_for_all()
    {
        Refused(await CreateAsync(PurchaseForm(), code: Purchase), 1390001, "chosen");
        Refused(await CreateAsync(PurchaseForm(), code: Purchase, more: new { node_approver_user_id_list = new[] { new { key = "chosen", value = new[] { "nobody" } } } }), 1390004, "nobody");
        var code = await PurchaseAsync("carol");
        Assert.Equal(["carol:PENDING"], await TasksAsync(code));
        await ActAsync("carol", "approve", code);
        Assert.Equal(["carol:APPROVED", "bob:PENDING", "carol:PENDING"], await TasksAsync(code));
        await ActAsync("carol", "approve", code);
        Assert.Equal("PENDING", await StatusAsync(code));
        await ActAsync("bob", "approve", code);
        Assert.Equal("APPROVED", await StatusAsync(code));
        var form = JsonNode.Parse((await InstanceAsync(code))["form"]!.GetValue<string>())!.AsArray();
        Assert.Equal("数量", form[1]!["value"]![0]![1]!["name"]!.GetValue<string>());
        Assert.Equal("发票", form[2]!["value"]![0]!.GetValue<string>());
    }

    [Fact]
    public async Task An_or_node_takes_the_first_decision()
    {
        var code = await PurchaseAsync("bob", "carol");
        Assert.Equal(["bob:PENDING", "carol:PENDING"], await TasksAsync(code));
        await ActAsync("carol", "approve", code);
        Assert.Equal(["bob:DONE", "carol:APPROVED", "bob:PENDING", "carol:PENDING"], await TasksAsync(code));
        var other = await PurchaseAsync("bob", "carol");
        await ActAsync("bob", "reject", other);
        Assert.Equal(["bob:REJECTED", "carol:DONE"], await TasksAsync(other));
        Assert.Equal("REJECTED", await StatusAsync(other));
    }

    [Fact]
    public async Task A_sequential_node_asks_one_after_the_other()
    {
        var approval = await DefineAsync("SEQUENTIAL", new { type = "Free" }, more: new { approver_chosen_multi = true });
        var code = await CreatedAsync(TextForm(), code: approval, more: new { node_approver_user_id_list = new[] { new { key = "boss", value = new[] { "carol", "bob" } } } });
        Assert.Equal(["carol:PENDING"], await TasksAsync(code));
        await ActAsync("carol", "approve", code);
        Assert.Equal(["carol:APPROVED", "bob:PENDING"], await TasksAsync(code));
        await ActAsync("bob", "approve", code);
        Assert.Equal("APPROVED", await StatusAsync(code));
    }

    [Fact]
    public async Task Supervisors_and_managers_are_found_and_nobody_lets_the_node_pass()
    {
        var code = await CreatedAsync(TextForm(), code: await DefineAsync("OR", new { type = "Supervisor", level = "1" }));
        Assert.Equal(["bob:PENDING"], await TasksAsync(code));
        code = await CreatedAsync(TextForm(), code: await DefineAsync("OR", new { type = "DepartmentManager", level = "1" }));
        Assert.Equal(["bob:PENDING"], await TasksAsync(code));
        code = await CreatedAsync(TextForm(), user: "bob", code: await DefineAsync("OR", new { type = "Supervisor", level = "1" }));
        Assert.Equal("APPROVED", await StatusAsync(code));
        Assert.Equal(["START", "AUTO_PASS"], await TimelineAsync(code));
        code = await CreatedAsync(TextForm(), user: "bob", code: await DefineAsync("OR", new { type = "Personal", user_id = "bob" }, more: new { starter_assignee = "AUTO_PASS" }));
        Assert.Equal("APPROVED", await StatusAsync(code));
    }

    [Fact]
    public async Task Who_approved_once_is_not_asked_again_when_the_definition_says_so()
    {
        await Emulator.ControlAsync(HttpMethod.Patch, "approvals/" + Purchase, new { remove_repeat = true });
        var code = await PurchaseAsync("carol");
        await ActAsync("carol", "approve", code);
        Assert.Equal(["carol:APPROVED", "carol:APPROVED", "bob:PENDING"], await TasksAsync(code));
        Assert.Equal(["START", "PASS", "REMOVE_REPEAT"], await TimelineAsync(code));
        await ActAsync("bob", "approve", code);
        Assert.Equal("APPROVED", await StatusAsync(code));
    }

    [Fact]
    public async Task Named_nodes_pass_by_themselves()
    {
        var code = await CreatedAsync(more: new { node_auto_approval_list = new[] { new { node_id_type = "CUSTOM", node_id = "manager" } } });
        var tasks = (await InstanceAsync(code))["task_list"]!.AsArray();
        Assert.Equal(["AUTO_PASS", "OR"], tasks.Select(t => t!["type"]!.GetValue<string>()));
        Assert.Equal(("", "carol"), (tasks[0]!["user_id"]!.GetValue<string>(), tasks[1]!["user_id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_transferred_task_is_somebody_elses()
    {
        var code = await CreatedAsync();
        Refused(await DecideAsync("transfer", code, "bob", new { transfer_user_id = "nobody" }), 1390004);
        Assert.Equal(0, (await DecideAsync("transfer", code, "bob", new { transfer_user_id = "alice", comment = "你看" })).Code);
        Assert.Equal(["bob:TRANSFERRED", "alice:PENDING"], await TasksAsync(code));
        var action = (await InstanceAsync(code))["timeline"]![1]!;
        Assert.Equal(("TRANSFER", "alice"), (action["type"]!.GetValue<string>(), action["user_id_list"]![0]!.GetValue<string>()));
        await ActAsync("alice", "approve", code);
        Assert.Equal(["bob:TRANSFERRED", "alice:APPROVED", "carol:PENDING"], await TasksAsync(code));
    }

    [Fact]
    public async Task An_approver_added_before_decides_first_and_the_task_comes_back()
    {
        var code = await CreatedAsync();
        Assert.Equal(0, (await AddAsync(code, "bob", 1, 1, "alice")).Code);
        Assert.Equal(["bob:DONE", "alice:PENDING"], await TasksAsync(code));
        await ActAsync("alice", "approve", code);
        Assert.Equal(["bob:DONE", "alice:APPROVED", "bob:PENDING"], await TasksAsync(code));
        await ActAsync("bob", "approve", code);
        Assert.Equal("carol:PENDING", (await TasksAsync(code))[^1]);
        Assert.Equal(["START", "ADD_APPROVER_BEFORE", "PASS", "PASS"], await TimelineAsync(code));
    }

    [Fact]
    public async Task Approvers_added_after_decide_before_the_node_is_over()
    {
        var code = await CreatedAsync();
        Assert.Equal(0, (await AddAsync(code, "bob", 2, 2, "alice", "carol")).Code);
        Assert.Equal(["bob:APPROVED", "alice:PENDING", "carol:PENDING"], await TasksAsync(code));
        await ActAsync("alice", "approve", code);
        Assert.Equal("PENDING", await StatusAsync(code));
        Assert.Equal(3, (await TasksAsync(code)).Length);
        await ActAsync("carol", "approve", code);
        Assert.Equal(["bob:APPROVED", "alice:APPROVED", "carol:APPROVED", "carol:PENDING"], await TasksAsync(code));
    }

    [Fact]
    public async Task An_approver_added_beside_another_decides_as_the_node_does_and_mistakes_are_refused()
    {
        var code = await CreatedAsync();
        Refused(await AddAsync(code, "bob", 1, null, "alice", "carol"), 1390001, "approval_method");
        Refused(await AddAsync(code, "bob", 3, null, "bob"), 1390001);
        Refused(await AddAsync(code, "bob", 3, null, "nobody"), 1390004);
        Assert.Equal(["bob:PENDING"], await TasksAsync(code));
        Assert.Equal(0, (await AddAsync(code, "bob", 3, null, "alice")).Code);
        await ActAsync("alice", "approve", code);
        Assert.Equal(["bob:DONE", "alice:APPROVED", "carol:PENDING"], await TasksAsync(code));
    }

    [Fact]
    public async Task A_rollback_repeats_the_nodes_between()
    {
        var code = await CreatedAsync();
        await ActAsync("bob", "approve", code);
        var passed = (await InstanceAsync(code))["timeline"]!.AsArray().Single(t => t!["type"]!.GetValue<string>() == "PASS")!["node_key"]!.GetValue<string>();
        Refused(await RollBackAsync(code, "carol", "finance"), 1390001, "finance");
        Assert.Equal(0, (await RollBackAsync(code, "carol", passed)).Code);
        Assert.Equal(["bob:APPROVED", "carol:DONE", "bob:PENDING"], await TasksAsync(code));
        Assert.Equal(["START", "PASS", "ROLLBACK_SELECTED"], await TimelineAsync(code));
        await ActAsync("bob", "approve", code);
        await ActAsync("carol", "approve", code);
        Assert.Equal("APPROVED", await StatusAsync(code));
    }

    [Fact]
    public async Task A_request_sent_back_to_its_submitter_is_changed_and_submitted_again()
    {
        var code = await CreatedAsync();
        Refused(await DecideAsync("resubmit", code, "bob", new { form = PaymentForm().ToJsonString() }), 1390001, "came back");
        Assert.Equal(0, (await RollBackAsync(code, "bob", "START")).Code);
        Assert.Equal(["bob:DONE", "alice:PENDING"], await TasksAsync(code));
        Refused(await DecideAsync("approve", code, "alice"), 1390001, "submit it again");
        Refused(await DecideAsync("resubmit", code, "alice", new { form = "[]" }), 1390001, "payee");
        Assert.Equal(0, (await DecideAsync("resubmit", code, "alice", new { form = PaymentForm(amount: 99).ToJsonString() })).Code);
        Assert.Equal(["bob:DONE", "alice:DONE", "bob:PENDING"], await TasksAsync(code));
        Assert.Contains("99", (await InstanceAsync(code))["form"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_can_go_back_to_the_submitter_instead_of_ending()
    {
        await Emulator.ControlAsync(HttpMethod.Patch, "approvals/" + Payment, new { reject_returns = true });
        var code = await CreatedAsync();
        await ActAsync("bob", "reject", code, new { comment = "金额？" });
        Assert.Equal("PENDING", await StatusAsync(code));
        Assert.Equal(["bob:REJECTED", "alice:PENDING"], await TasksAsync(code));
        await ActAsync("alice", "resubmit", code, new { form = PaymentForm() });
        Assert.Equal("bob:PENDING", (await TasksAsync(code))[^1]);
    }

    [Fact]
    public async Task Definitions_of_apps_are_validated_and_overwritten_whole()
    {
        (JsonObject Body, string Naming)[] wrong =
        [
            (Definition("OR", new { type = "Personal", user_id = "bob" }, b => b["approval_name"] = "plain name"), "approval_name"),
            (Definition("OR", new { type = "Personal", user_id = "bob" }, b => b["form"]!["form_content"] = """[{"id":"a","type":"formula","name":"@i18n@text"}]"""), "formula"),
            (Definition("OR", new { type = "Personal", user_id = "bob" }, b => b["form"]!["form_content"] = """[{"id":"a","type":"input","name":"@i18n@nothing"}]"""), "@i18n@nothing"),
            (Definition("OR", new { type = "Personal", user_id = "bob" }, b => b["node_list"]!.AsArray().RemoveAt(0)), "START"),
            (Definition("SEQUENTIAL", new { type = "Personal", user_id = "bob" }), "SEQUENTIAL"), (Definition("OR", new { type = "Supervisor" }), "level"),
        ];
        foreach (var (body, naming) in wrong) Refused(await PostAsync("approvals?user_id_type=user_id", body), 1390001, naming);
        Refused(await PostAsync("approvals?user_id_type=user_id", Definition("OR", new { type = "Personal", user_id = "nobody" })), 1390004, "nobody");
        Refused(await PostAsync("approvals?user_id_type=user_id", Definition("OR", new { type = "Free" }, b => b["approval_code"] = "UNKNOWN")), 1390002);
        Assert.Equal(2, Emulator.State.Approvals.Count);

        var approval = await DefineAsync("OR", new { type = "Personal", user_id = "bob" });
        var code = await CreatedAsync(TextForm(), code: approval);
        var again = await PostAsync("approvals?user_id_type=user_id", Definition("OR", new { type = "Personal", user_id = "carol" }, b => b["approval_code"] = approval));
        Assert.Equal(approval, again.Data["approval_code"]!.GetValue<string>());
        Assert.Equal(["bob:PENDING"], await TasksAsync(code));
        Assert.Equal(["carol:PENDING"], await TasksAsync(await CreatedAsync(TextForm(), code: approval)));
    }

    [Fact]
    public async Task A_preview_shows_the_way_without_making_anything()
    {
        var nodes = (await PostAsync("instances/preview?user_id_type=user_id", new { approval_code = Purchase, user_id = "alice" })).Data["preview_nodes"]!.AsArray();
        Assert.Equal([true, false], nodes.Select(n => n!["is_approver_type_free"]!.GetValue<bool>()));
        Assert.Equal(["bob", "carol"], nodes[1]!["user_id_list"]!.AsArray().Select(u => u!.GetValue<string>()));
        Assert.Empty(Emulator.State.ApprovalInstances);
    }

    private async Task<string> DefineAsync(string nodeType, object approver, object? more = null)
    {
        var reply = await PostAsync("approvals?user_id_type=user_id", Definition(nodeType, approver, b =>
        {
            foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(more ?? new { })!.AsObject()) b["node_list"]![1]![name] = value?.DeepClone();
        }));
        Assert.True(reply.Code == 0, reply.Json.ToJsonString());
        return reply.Data["approval_code"]!.GetValue<string>();
    }

    private static JsonArray TextForm() => JsonNode.Parse("""[{"id":"w1","type":"input","value":"x"}]""")!.AsArray();

    private static JsonObject Definition(string nodeType, object approver, Action<JsonObject>? change = null)
    {
        var body = System.Text.Json.JsonSerializer.SerializeToNode(new
        {
            approval_name = "@i18n@approval_name", viewers = new[] { new { viewer_type = "TENANT" } },
            form = new { form_content = """[{"id":"w1","type":"input","required":true,"name":"@i18n@text"}]""" },
            node_list = new object[] { new { id = "START" }, new { id = "boss", name = "@i18n@boss", node_type = nodeType, approver = new[] { approver } }, new { id = "END" } },
            i18n_resources = new[]
            {
                new { locale = "zh-CN", is_default = true, texts = new[] { new { key = "@i18n@approval_name", value = "用章申请" }, new { key = "@i18n@text", value = "事由" }, new { key = "@i18n@boss", value = "主管" } } },
            },
        })!.AsObject();
        change?.Invoke(body);
        return body;
    }

    private async Task<Larkspur.Testing.ApiReply> AddAsync(string code, string who, int type, int? method, params string[] added) => await PostAsync("instances/add_sign", new
    {
        approval_code = Payment, instance_code = code, user_id = who, task_id = await PendingAsync(code, who), add_sign_user_ids = added, add_sign_type = type, approval_method = method,
    });

    private async Task<Larkspur.Testing.ApiReply> RollBackAsync(string code, string who, string node) =>
        await PostAsync("instances/specified_rollback?user_id_type=user_id", new { user_id = who, task_id = await PendingAsync(code, who), reason = "again", task_def_key_list = new[] { node } });
}
