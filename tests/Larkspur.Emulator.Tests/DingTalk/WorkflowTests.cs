using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.DingTalk;

public sealed class WorkflowTests : DingTalkTest
{
    private const string Root = "/v1.0/workflow/";

    [Fact]
    public async Task A_request_goes_step_by_step_and_tells_of_each()
    {
        await using var client = await StreamClient.ConnectAsync(Emulator.Http, ("EVENT", "*"));
        var id = await StartAsync(await FormAsync(), [new { actionType = "NONE", userIds = new[] { "bob" } }, new { actionType = "AND", userIds = new[] { "bob", "carol" } }]);
        Assert.Equal(["bpms_instance_change:start", "bpms_task_change:start"], await EventsAsync(client, 2));
        await DecideAsync(id, "bob", "agree");
        Assert.Equal(["bpms_task_change:finish", "bpms_task_change:start", "bpms_task_change:start"], await EventsAsync(client, 3));
        await ActAsync(new { platform = "dingtalk", @as = "carol", @do = "agree", instance = id });
        Assert.Equal("RUNNING", (await ReadAsync(id))["status"]!.GetValue<string>());
        await DecideAsync(id, "bob", "agree");
        Assert.Equal(["bpms_task_change:finish", "bpms_task_change:finish", "bpms_instance_change:finish"], await EventsAsync(client, 3));
        var read = await ReadAsync(id);
        Assert.Equal(("COMPLETED", "agree", "12"), (read["status"]!.GetValue<string>(), read["result"]!.GetValue<string>(), read["formComponentValues"]![0]!["value"]!.GetValue<string>()));
        Assert.Equal(4, read["operationRecords"]!.AsArray().Count);
    }

    [Fact]
    public async Task One_of_several_is_enough_where_it_says_or_and_one_refusal_ends_it()
    {
        var form = await FormAsync();
        var or = await StartAsync(form, [new { actionType = "OR", userIds = new[] { "bob", "carol" } }]);
        await DecideAsync(or, "carol", "agree");
        var read = await ReadAsync(or);
        Assert.Equal(("COMPLETED", "CANCELED"), (read["status"]!.GetValue<string>(), read["tasks"]![0]!["status"]!.GetValue<string>()));
        var and = await StartAsync(form, [new { actionType = "AND", userIds = new[] { "bob", "carol" } }]);
        await DecideAsync(and, "carol", "refuse");
        Assert.Equal(("COMPLETED", "refuse"), await ReadAsync(and) is var r ? (r["status"]!.GetValue<string>(), r["result"]!.GetValue<string>()) : default);
    }

    [Fact]
    public async Task A_person_refuses_with_a_remark_once()
    {
        var id = await StartAsync(await FormAsync(), [new { actionType = "NONE", userIds = new[] { "bob" } }]);
        object action = new { platform = "dingtalk", @as = "bob", @do = "refuse_approval", instance = id, remark = "too dear" };
        await ActAsync(action);
        var read = await ReadAsync(id);
        Assert.Equal(("COMPLETED", "refuse"), (read["status"]!.GetValue<string>(), read["result"]!.GetValue<string>()));
        Assert.Contains(read["operationRecords"]!.AsArray(), r => r!["remark"]?.GetValue<string>() == "too dear");
        Assert.Equal(400, (await Emulator.TryControlAsync(HttpMethod.Post, "act", action)).Status);
    }

    [Fact]
    public async Task A_request_is_handed_on_commented_and_withdrawn_after_fifteen_seconds()
    {
        var id = await StartAsync(await FormAsync(), [new { actionType = "NONE", userIds = new[] { "bob" } }]);
        var task = (await ReadAsync(id))["tasks"]![0]!["taskId"]!.GetValue<long>();
        Assert.Equal("param.illegal.operator", (await RedirectAsync(task, "alice", "carol")).Code);
        Assert.Equal("param.illegal", (await RedirectAsync(task, "bob", "mallory")).Code);
        Assert.Equal("param.illegal", (await RedirectAsync(1, "bob", "carol")).Code);
        Assert.Equal(200, (await RedirectAsync(task, "bob", "carol")).Status);
        Assert.Equal("task.status.error", (await RedirectAsync(task, "bob", "carol")).Code);
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, Root + "processInstances/comments", new { processInstanceId = id, text = "soon", commentUserId = "alice" })).Status);
        Assert.Equal(1, (await CallAsync(HttpMethod.Get, Root + "processes/todoTasks/numbers?userId=carol")).Json["result"]!.GetValue<int>());
        Assert.Equal(400, (await CallAsync(HttpMethod.Post, Root + "processInstances/terminate", new { processInstanceId = id, operatingUserId = "alice" })).Status);
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(16));
        Assert.Equal(400, (await CallAsync(HttpMethod.Post, Root + "processInstances/terminate", new { processInstanceId = id, operatingUserId = "bob" })).Status);
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, Root + "processInstances/terminate", new { processInstanceId = id, operatingUserId = "alice" })).Status);
        Assert.Equal("TERMINATED", (await ReadAsync(id))["status"]!.GetValue<string>());
        Assert.Equal("instance.status.error", (await RedirectAsync(task, "bob", "carol")).Code);
        Assert.Equal(400, (await CallAsync(HttpMethod.Post, Root + "processInstances/execute", new { processInstanceId = id, taskId = task, actionerUserId = "bob", result = "agree" })).Status);
    }

    [Fact]
    public async Task Ids_are_listed_by_pages_of_a_period()
    {
        var form = await FormAsync();
        for (var i = 0; i < 3; i++) await StartAsync(form, [new { actionType = "NONE", userIds = new[] { "bob" } }]);
        var start = Emulator.State.Clock.GetUtcNow().AddDays(-1).ToUnixTimeMilliseconds();
        var first = (await QueryAsync(new { processCode = form, startTime = start, maxResults = 2 })).Json["result"]!;
        Assert.Equal(2, first["list"]!.AsArray().Count);
        var second = (await QueryAsync(new { processCode = form, startTime = start, maxResults = 2, nextToken = first["nextToken"]!.GetValue<string>() })).Json["result"]!;
        Assert.Single(second["list"]!.AsArray());
        Assert.Null(second["nextToken"]);
        Assert.Equal(400, (await QueryAsync(new { processCode = form, startTime = start - (121L * 86_400_000) })).Status);
        Assert.Equal(400, (await QueryAsync(new { processCode = form, startTime = start, maxResults = 21 })).Status);
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        var form = await FormAsync();
        Assert.Equal(400, (await CallAsync(HttpMethod.Post, Root + "forms", new { name = "x", formComponents = new[] { new { componentType = "Nothing", props = new { label = "l" } } } })).Status);
        Assert.Equal(400, (await StartReplyAsync("PROC-none", [], new { name = "金额", value = "1" })).Status);
        Assert.Equal(400, (await StartReplyAsync(form, [], new { name = "金额", value = "" })).Status);
        Assert.Equal(400, (await StartReplyAsync(form, [], new { name = "金额", value = 12 })).Status);
        Assert.Equal(400, (await StartReplyAsync(form, [], new { name = "unknown", value = "12" })).Status);
        Assert.Equal(400, (await StartReplyAsync(form, [new { actionType = "AND", userIds = new[] { "bob" } }], new { name = "金额", value = "12" })).Status);
        Assert.Equal("金额", (await CallAsync(HttpMethod.Get, $"{Root}forms/schemas/processCodes?processCode={form}")).Json["result"]!["schemaContent"]!["items"]![0]!["props"]!["label"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_template_is_made_changed_and_told_with_what_is_in_its_tables()
    {
        object table = new { componentType = "TableField", props = new { componentId = "t", label = "明细" }, children = new[] { new { componentType = "TextField", props = new { label = "物品" } } } };
        var code = (await CallAsync(HttpMethod.Post, Root + "forms", new { name = "采购", formComponents = new[] { table } })).Json["result"]!["processCode"]!.GetValue<string>();
        Assert.Equal("formName.error", (await CallAsync(HttpMethod.Post, Root + "forms", new { name = "采购", formComponents = new[] { table } })).Code);
        Assert.Equal("processcode.error", (await CallAsync(HttpMethod.Post, Root + "forms", new { processCode = "none", name = "采购2", formComponents = new[] { table } })).Code);
        Assert.Equal("formschema.error", (await CallAsync(HttpMethod.Post, Root + "forms", new { name = new string('长', 201), formComponents = new[] { table } })).Code);
        Assert.Equal(code, (await CallAsync(HttpMethod.Post, Root + "forms", new { processCode = code, name = "采购2", description = "d", formComponents = new[] { table } })).Json["result"]!["processCode"]!.GetValue<string>());
        var schema = (await CallAsync(HttpMethod.Get, $"{Root}forms/schemas/processCodes?processCode={code}")).Json["result"]!;
        Assert.Equal(("采购2", "d", code), (schema["name"]!.GetValue<string>(), schema["memo"]!.GetValue<string>(), schema["formCode"]!.GetValue<string>()));
        var child = schema["schemaContent"]!["items"]![0]!["children"]![0]!;
        Assert.Equal(("TextField", "TextField-0-0"), (child["componentName"]!.GetValue<string>(), child["props"]!["id"]!.GetValue<string>()));
        var page = (await CallAsync(HttpMethod.Get, $"{Root}processes/userVisibilities/templates?userId=alice&maxResults=1&nextToken=0")).Json["result"]!;
        Assert.Equal(code, page["processList"]![0]!["processCode"]!.GetValue<string>());
        Assert.Null(page["nextToken"]);
        Assert.Equal("invalidMaxResults", (await CallAsync(HttpMethod.Get, $"{Root}processes/userVisibilities/templates?maxResults=101&nextToken=0")).Code);
        Assert.Equal("formNotExist", (await CallAsync(HttpMethod.Get, $"{Root}forms/schemas/processCodes?processCode=none")).Code);
    }

    [Fact]
    public async Task A_templates_own_way_is_foretold_and_asks_for_whom_the_originator_chooses()
    {
        var form = await FormAsync();
        Assert.Equal(["bob"], (await RulesAsync(form))[0]!["activityActioners"]!.AsArray().Select(p => p!["userId"]!.GetValue<string>()));
        await ActAsync(new { platform = "dingtalk", @do = "add_approval_step", process_code = form, people = new[] { "bob" }, anew = true });
        var key = (await ActAsync(new { platform = "dingtalk", @do = "add_approval_step", process_code = form, people = new[] { "bob", "carol" }, choose = true, method = "AND" }))["actor_key"]!.GetValue<string>();
        var rules = await RulesAsync(form);
        Assert.Equal(("target_select", key), (rules[1]!["activityType"]!.GetValue<string>(), rules[1]!["workflowActor"]!["actorKey"]!.GetValue<string>()));
        Assert.Equal(["bob", "carol"], rules[1]!["workflowActor"]!["actorSelectionRange"]!["approvals"]!.AsArray().Select(p => p!["workNo"]!.GetValue<string>()));
        Assert.Equal("targetSelectApproverMissing", (await ChooseAsync(form, key)).Code);
        Assert.Equal("targetSelectApproverScopeError", (await ChooseAsync(form, key, "alice")).Code);
        var id = (await ChooseAsync(form, key, "bob", "carol")).Json["instanceId"]!.GetValue<string>();
        await DecideAsync(id, "bob", "agree");
        await DecideAsync(id, "bob", "agree");
        Assert.Equal("RUNNING", (await ReadAsync(id))["status"]!.GetValue<string>());
        await DecideAsync(id, "carol", "agree");
        Assert.Equal("COMPLETED", (await ReadAsync(id))["status"]!.GetValue<string>());
        Assert.Equal("componentIsNull", (await CallAsync(HttpMethod.Post, Root + "processes/forecast", new { processCode = form, deptId = -1, userId = "alice" })).Code);
        Assert.Equal("userNotExist", (await CallAsync(HttpMethod.Post, Root + "processes/forecast", new { processCode = form, deptId = -1, userId = "mallory" })).Code);
    }

    private async Task<JsonArray> RulesAsync(string form) => (await CallAsync(HttpMethod.Post, Root + "processes/forecast", new
    {
        processCode = form, deptId = -1, userId = "alice", formComponentValues = new[] { new { name = "金额", value = "12" } },
    })).Json["result"]!["workflowActivityRules"]!.AsArray();

    private Task<DingTalkReply> ChooseAsync(string form, string key, params string[] people) => CallAsync(HttpMethod.Post, Root + "processInstances", new
    {
        processCode = form, originatorUserId = "alice", deptId = -1, targetSelectActioners = new[] { new { actionerKey = key, actionerUserIds = people } }, formComponentValues = new[] { new { name = "金额", value = "12" } },
    });

    private Task<DingTalkReply> RedirectAsync(long taskId, string by, string to) => CallAsync(HttpMethod.Post, Root + "tasks/redirect", new { taskId, operateUserId = by, toUserId = to });

    private static async Task<string[]> EventsAsync(StreamClient client, int count)
    {
        var seen = new List<string>();
        while (seen.Count < count)
        {
            var frame = await client.NextAsync();
            await client.AckAsync(frame, """{"status":"SUCCESS"}""");
            seen.Add($"{frame.Header("eventType")}:{frame.Data["type"]}");
        }

        return [.. seen];
    }

    private async Task<string> FormAsync() => (await CallAsync(HttpMethod.Post, Root + "forms", new
    {
        name = "付款", description = "d", formComponents = new[] { new { componentType = "MoneyField", props = new { componentId = "MoneyField-1", label = "金额", required = true } } },
    })).Json["result"]!["processCode"]!.GetValue<string>();

    private Task<DingTalkReply> StartReplyAsync(string form, object[] approvers, object value) =>
        CallAsync(HttpMethod.Post, Root + "processInstances", new { processCode = form, originatorUserId = "alice", deptId = -1, approvers, formComponentValues = new[] { value } });

    private async Task<string> StartAsync(string form, object[] approvers) => (await StartReplyAsync(form, approvers, new { name = "金额", value = "12" })).Json["instanceId"]!.GetValue<string>();

    private async Task<JsonNode> ReadAsync(string id) => (await CallAsync(HttpMethod.Get, Root + "processInstances?processInstanceId=" + id)).Json["result"]!;

    private Task<DingTalkReply> QueryAsync(object body) => CallAsync(HttpMethod.Post, Root + "processes/instanceIds/query", body);

    private async Task DecideAsync(string id, string userId, string result)
    {
        var task = (await ReadAsync(id))["tasks"]!.AsArray().Last(t => t!["userId"]!.GetValue<string>() == userId && t["status"]!.GetValue<string>() == "RUNNING")!["taskId"]!.GetValue<long>();
        var reply = await CallAsync(HttpMethod.Post, Root + "processInstances/execute", new { processInstanceId = id, taskId = task, result, actionerUserId = userId, remark = "ok" });
        Assert.Equal(200, reply.Status);
    }
}
