using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.Approval;

/// <summary>Approvals with a person's own token: their list, their tasks, their requests.</summary>
public sealed class OwnApprovalTests : ApprovalTest
{
    private string _alice = null!;
    private string _bob = null!;
    private string _carol = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        (_alice, _bob, _carol) = (await TokenAsync("alice"), await TokenAsync("bob"), await TokenAsync("carol"));
    }

    [Fact]
    public async Task A_person_sees_their_tasks_by_topic()
    {
        var code = await CreatedAsync();
        var reply = await ReadAsync("tasks?topic=1&user_id_type=user_id", _bob);
        var task = reply.Data["tasks"]!.AsArray().Single()!;
        Assert.Equal((code, await PendingAsync(code, "bob"), "1", "1"),
            (Text(task, "instance_code"), Text(task, "task_id"), Text(task, "status"), Text(task, "instance_status")));
        Assert.Equal(("bob", "alice", "艾丽丝", "付款申请"),
            (Text(task, "user_id"), Text(task, "initiator"), Text(task, "initiator_name"), Text(task, "definition_name")));
        Assert.Equal([("收款方", "青云科技"), ("金额", "1280.5"), ("付款方式", "银行转账")],
            task["summaries"]!.AsArray().Select(s => (Text(s!, "key"), Text(s!, "value"))));
        Assert.Equal(1, reply.Data["count"]!.GetValue<int>());
        Assert.Empty(await CodesAsync("tasks?topic=1", _carol));
        Assert.Empty(await CodesAsync("tasks?topic=2", _bob));
        Assert.Equal([code], await CodesAsync("tasks?topic=3", _alice));

        await PostAsync("tasks/pass", new { instance_code = code, task_id = Text(task, "task_id") }, _bob);
        Assert.Equal([code], await CodesAsync("tasks?topic=2", _bob));
        Assert.Equal([code], await CodesAsync("tasks?topic=1", _carol));
        Assert.Equal("Payment request",
            Text((await ReadAsync("tasks?topic=1&locale=en-US", _carol)).Data["tasks"]![0]!, "definition_name"));
    }

    [Fact]
    public async Task Lists_are_cut_by_definition_time_and_page()
    {
        var first = await CreatedAsync();
        var seconds = Emulator.State.Clock.GetUtcNow().ToUnixTimeSeconds();
        Time.Advance(TimeSpan.FromHours(1));
        var second = await CreatedAsync();
        var other = await PurchaseAsync("bob");
        _bob = await TokenAsync("bob");
        _alice = await TokenAsync("alice");
        foreach (var (path, token) in ((string, string)[])[("tasks?topic=1", _bob), ("instances/initiated?", _alice)])
        {
            Assert.Equal(3, (await CodesAsync(path, token)).Length);
            Assert.Equal([other], await CodesAsync($"{path}&definition_code={Purchase}", token));
            Assert.Equal([first], await CodesAsync($"{path}&end_timestamp={seconds}", token));
            Assert.DoesNotContain(first, await CodesAsync($"{path}&start_timestamp={seconds + 1}", token));
            Assert.Equal([second], await CodesAsync($"{path}&start_timestamp={seconds + 1}&definition_code={Payment}", token));
            Refused(await ReadAsync(path + "&start_timestamp=x", token), 1390001);
            var page = await ReadAsync(path + "&page_size=2", token);
            Assert.Equal((3, true), (page.Data["count"]!.GetValue<int>(), page.Data["has_more"]!.GetValue<bool>()));
            var next = await ReadAsync($"{path}&page_size=2&page_token={Uri.EscapeDataString(Text(page.Data, "page_token"))}", token);
            Assert.Equal((null, false), (next.Data["count"], next.Data["has_more"]!.GetValue<bool>()));
        }

        Assert.Empty(await CodesAsync("instances/initiated?", _bob));
        Refused(await ReadAsync("tasks?topic=5", _bob), 99992402);
    }

    [Fact]
    public async Task A_person_passes_refuses_and_forwards_their_own_tasks_only()
    {
        var code = await CreatedAsync();
        var task = await PendingAsync(code, "bob");
        foreach (var verb in (string[])["pass", "refuse", "forward"])
        {
            object Body(string instance, string id) => new { instance_code = instance, task_id = id, transfer_user_id = "carol" };
            Refused(await PostAsync($"tasks/{verb}?user_id_type=user_id", Body(code, task), _carol), 1390001, "not the approver");
            Refused(await PostAsync($"tasks/{verb}?user_id_type=user_id", Body(code, "1"), _bob), 1390010);
            Refused(await PostAsync($"tasks/{verb}?user_id_type=user_id", Body("none", task), _bob), 1390003);
            Refused(await PostAsync($"tasks/{verb}?user_id_type=user_id", Body(code, task)), 99991663);
            Refused(await PostAsync($"tasks/{verb}?user_id_type=user_id", new { instance_code = code }, _bob), 99992402);
        }

        Refused(await PostAsync("tasks/forward?user_id_type=user_id",
            new { instance_code = code, task_id = task, transfer_user_id = "nobody" }, _bob), 1390004);
        Refused(await PostAsync("tasks/forward?user_id_type=user_id",
            new { instance_code = code, task_id = task, transfer_user_id = "bob" }, _bob), 1390001);
        Assert.Equal(["bob:PENDING"], await TasksAsync(code));

        await DoneAsync("tasks/forward?user_id_type=user_id",
            new { instance_code = code, task_id = task, transfer_user_id = "alice", comment = "请看" }, _bob);
        Assert.Equal(["bob:TRANSFERRED", "alice:PENDING"], await TasksAsync(code));
        Refused(await PostAsync("tasks/pass", new { instance_code = code, task_id = task }, _bob), 1390001, "not pending");
        await DoneAsync("tasks/pass", new { instance_code = code, task_id = await PendingAsync(code, "alice"), comment = "同意" }, _alice);
        await DoneAsync("tasks/refuse", new { instance_code = code, task_id = await PendingAsync(code, "carol"), comment = "金额不对" },
            _carol);
        Assert.Equal("REJECTED", await StatusAsync(code));
        Assert.Equal(["START", "TRANSFER", "PASS", "REJECT"], await TimelineAsync(code));
    }

    [Fact]
    public async Task A_request_is_shown_in_full_to_those_it_concerns()
    {
        var code = await CreatedAsync();
        await DoneAsync("instances/add_cc?user_id_type=user_id",
            new { instance_code = code, cc_user_ids = new[] { "carol" }, comment = "知悉" }, _alice);
        Assert.Equal([code], await CodesAsync("tasks?topic=17", _carol));
        var shown = (await ReadAsync($"instances/detail?instance_code={code}&user_id_type=user_id", _bob)).Data;
        Assert.Equal((code, Payment, "PENDING", "alice"),
            (Text(shown, "instance_code"), Text(shown, "definition_code"), Text(shown, "status"), Text(shown, "user_id")));
        Assert.Equal("青云科技", Text(JsonNode.Parse(Text(shown, "form"))![0]!, "value"));
        var node = shown["current_nodes"]!.AsArray().Single()!;
        Assert.Equal(("采购经理审批", "bob"), (Text(node, "node_name"), Text(node["approvers"]![0]!, "user_id")));
        Assert.Equal(["START", "CC"], shown["operation_records"]!.AsArray().Select(r => Text(r!, "type")));
        Assert.Equal(["carol"], shown["operation_records"]![1]!["cc_user_ids"]!.AsArray().Select(u => u!.GetValue<string>()));
        Assert.Equal(WireIds.OpenId(EmulatorApp.AppId, "alice"),
            Text((await ReadAsync($"instances/detail?instance_code={code}", _carol)).Data, "user_id"));

        var other = await PurchaseAsync("bob");
        Refused(await ReadAsync($"instances/detail?instance_code={other}", _carol), 1390009);
        Refused(await PostAsync("instances/add_cc?user_id_type=user_id", new { instance_code = other, cc_user_ids = new[] { "carol" } },
            _carol), 1390009);
        Refused(await PostAsync("instances/add_cc?user_id_type=user_id", new { instance_code = other, cc_user_ids = new[] { "nobody" } },
            _alice), 1390004);
        Refused(await ReadAsync("instances/detail?instance_code=none", _bob), 1390003);
    }

    [Fact]
    public async Task The_submitter_recalls_and_reminds()
    {
        var code = await CreatedAsync();
        var task = await PendingAsync(code, "bob");
        Refused(await PostAsync("instances/remind", new { instance_code = code, task_ids = new[] { task } }, _bob), 1390001);
        await DoneAsync("instances/remind", new { instance_code = code, task_ids = new[] { task }, comment = "今天截止" }, _alice);
        Assert.Contains("今天截止", Emulator.State.Messages(Emulator.State.GetOrCreateApprovalBotChat("bob").ChatId)[^1].Rendered,
            StringComparison.Ordinal);
        Refused(await PostAsync("instances/recall", new { instance_code = code }, _bob), 1390001);
        Refused(await PostAsync("instances/recall", new { instance_code = "none" }, _alice), 1390003);
        await DoneAsync("instances/recall", new { instance_code = code }, _alice);
        Assert.Equal("CANCELED", await StatusAsync(code));
        Assert.Equal("4", Text((await ReadAsync("instances/initiated", _alice)).Data["instances"]![0]!, "instance_status"));
        Refused(await PostAsync("instances/recall", new { instance_code = code }, _alice), 1390001);
    }

    [Fact]
    public async Task Each_call_wants_its_own_scope_of_the_person_and_of_the_app()
    {
        var code = await CreatedAsync();
        var task = await PendingAsync(code, "bob");
        var reader = await TokenAsync("bob", "approval:task:read");
        Assert.Equal(200, (await ReadAsync("tasks?topic=1", reader)).Status);
        Refused(await PostAsync("tasks/pass", new { instance_code = code, task_id = task }, reader), 99991679);
        Refused(await ReadAsync($"instances/detail?instance_code={code}", reader), 99991679);
        await Emulator.ControlAsync(HttpMethod.Patch, "apps/" + EmulatorApp.AppId, new { granted_scopes = new[] { "approval:approval" } });
        Refused(await ReadAsync("tasks?topic=1", _bob), 99991672);
        Refused(await PostAsync("tasks/pass", new { instance_code = code, task_id = task }, _bob), 99991672);
    }

    private async Task<string> TokenAsync(string who, params string[] scopes) =>
        Text(await Emulator.ControlAsync(HttpMethod.Post, "tokens", scopes.Length == 0 ? new { @as = who } : new { @as = who, scopes }),
            "user_access_token");

    private Task<ApiReply> ReadAsync(string path, string token) => Emulator.CallAsync(HttpMethod.Get, Base + path, token);

    private async Task<string[]> CodesAsync(string path, string token)
    {
        var reply = await ReadAsync(path, token);
        Assert.True(reply is { Status: 200, Code: 0 }, reply.Json.ToJsonString());
        return [.. (reply.Data["tasks"] ?? reply.Data["instances"])!.AsArray().Select(t => Text(t!, "instance_code"))];
    }

    private async Task DoneAsync(string path, object body, string token)
    {
        var reply = await PostAsync(path, body, token);
        Assert.True(reply is { Status: 200, Code: 0 }, reply.Json.ToJsonString());
    }

    private static string Text(JsonNode of, string name) => of[name]!.GetValue<string>();
}
