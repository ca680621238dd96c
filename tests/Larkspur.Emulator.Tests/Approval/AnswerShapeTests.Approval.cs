using System.Text.Json.Nodes;
using Larkspur.Emulator.State;

namespace Larkspur.Emulator.Tests;

public sealed partial class AnswerShapeTests
{
    private const string Approvals = "/open-apis/approval/v4/";

    private async Task ApprovalsAsync()
    {
        const string payment = SeededCompany.PaymentApprovalCode;
        const string form = """[{"id":"payee","type":"input","value":"x"},{"id":"amount","type":"amount","value":1},{"id":"method","type":"radioV2","value":"cash"}]""";
        var made = await CheckAsync("approval.v4.approval.create", HttpMethod.Post, Approvals + "approvals?user_id_type=user_id", Definition());
        await CheckAsync("approval.v4.approval.get", HttpMethod.Get, $"{Approvals}approvals/{made["data"]!["approval_code"]}?with_admin_id=true");
        await CheckAsync("approval.v4.approval.subscribe", HttpMethod.Post, $"{Approvals}approvals/{payment}/subscribe");
        await CheckAsync("approval.v4.approval.unsubscribe", HttpMethod.Post, $"{Approvals}approvals/{payment}/unsubscribe");

        await CheckAsync("approval.v4.instance.preview", HttpMethod.Post, Approvals + "instances/preview?user_id_type=user_id", new { approval_code = payment, user_id = "alice", form });
        var code = await NewAsync("approval.v4.instance.create");
        var by = "?user_id_type=user_id";
        await CheckAsync("approval.v4.instance.cc", HttpMethod.Post, Approvals + "instances/cc" + by, new { approval_code = payment, instance_code = code, user_id = "alice", cc_user_ids = new[] { "carol" } });
        await CheckAsync("approval.v4.instance.add_sign", HttpMethod.Post, Approvals + "instances/add_sign",
            new { approval_code = payment, instance_code = code, user_id = "bob", task_id = Open(code, "bob"), add_sign_user_ids = new[] { "alice" }, add_sign_type = 1, approval_method = 1 });
        await CheckAsync("approval.v4.task.approve", HttpMethod.Post, Approvals + "tasks/approve" + by, Task(code, "alice", new { }));
        await CheckAsync("approval.v4.task.transfer", HttpMethod.Post, Approvals + "tasks/transfer" + by, Task(code, "bob", new { transfer_user_id = "alice" }));
        await _emulator.CallAsync(HttpMethod.Post, Approvals + "tasks/approve" + by, _token, Task(code, "alice", new { comment = "ok" }));
        await CheckAsync("approval.v4.instance.specified_rollback", HttpMethod.Post, Approvals + "instances/specified_rollback" + by, new { user_id = "carol", task_id = Open(code, "carol"), task_def_key_list = new[] { "START" }, reason = "?" });
        await CheckAsync("approval.v4.task.resubmit", HttpMethod.Post, Approvals + "tasks/resubmit" + by, Task(code, "alice", new { form }));
        var comment = (await CheckAsync("approval.v4.instance.comment.create", HttpMethod.Post, $"{Approvals}instances/{code}/comments{by}&user_id=bob",
            new { content = """{"text":"?"}""", at_info_list = new[] { new { user_id = "alice", name = "Alice", offset = "0" } } }))["data"]!["comment_id"];
        await _emulator.CallAsync(HttpMethod.Post, $"{Approvals}instances/{code}/comments{by}&user_id=alice", _token, new { content = "re", parent_comment_id = $"{comment}" });
        await CheckAsync("approval.v4.instance.comment.list", HttpMethod.Get, $"{Approvals}instances/{code}/comments{by}&user_id=bob");
        await CheckAsync("approval.v4.instance.get", HttpMethod.Get, $"{Approvals}instances/{code}");
        await CheckAsync("approval.v4.instance.comment.delete", HttpMethod.Delete, $"{Approvals}instances/{code}/comments/{comment}{by}&user_id=bob");
        await CheckAsync("approval.v4.instance.comment.remove", HttpMethod.Post, $"{Approvals}instances/{code}/comments/remove{by}&user_id=bob");
        var alice = (await _emulator.ControlAsync(HttpMethod.Post, "tokens", new { @as = "alice" }))["user_access_token"]!.GetValue<string>();
        await CheckAsync("approval.v4.instance.remind", HttpMethod.Post, Approvals + "instances/remind", new { instance_code = code, task_ids = new[] { Open(code, "bob") }, comment = "!" }, alice);
        await OwnApprovalsAsync(alice, await NewAsync("approval.v4.instance.create"));
        await CheckAsync("approval.v4.instance.query", HttpMethod.Post, Approvals + "instances/query" + by, new { approval_code = payment });
        await CheckAsync("approval.v4.task.search", HttpMethod.Post, Approvals + "tasks/search" + by, new { approval_code = payment });
        await CheckAsync("approval.v4.instance.search_cc", HttpMethod.Post, Approvals + "instances/search_cc" + by, new { approval_code = payment });
        await CheckAsync("approval.v4.task.query", HttpMethod.Get, $"{Approvals}tasks/query{by}&user_id=bob&topic=1");
        var now = _emulator.State.Clock.GetUtcNow();
        await CheckAsync("approval.v4.instance.list", HttpMethod.Get, $"{Approvals}instances?approval_code={payment}&start_time={now.AddHours(-1).ToUnixTimeMilliseconds()}&end_time={now.AddHours(1).ToUnixTimeMilliseconds()}");
        await CheckAsync("approval.v4.task.reject", HttpMethod.Post, Approvals + "tasks/reject" + by, Task(code, "bob", new { }));
        await CheckAsync("approval.v4.instance.cancel", HttpMethod.Post, Approvals + "instances/cancel" + by, new { approval_code = payment, instance_code = await NewAsync("approval.v4.instance.create"), user_id = "alice" });

        await ExternalApprovalsAsync();
        using var file = new MultipartFormDataContent { { new StringContent("a.pdf"), "name" }, { new StringContent("attachment"), "type" }, { new ByteArrayContent([1]), "content", "a.pdf" } };
        await CheckAsync("approval_openapi.v2.file.upload.post", HttpMethod.Post, "/approval/openapi/v2/file/upload", file);
        var i18n = new[] { new { locale = "zh-CN", is_default = true, texts = new Dictionary<string, string> { ["@i18n@a"] = "付款" } } };
        var sent = await CheckAsync("approval.v1.message.send.post", HttpMethod.Post, "/open-apis/approval/v1/message/send",
            new { template_id = "1008", user_id = "bob", approval_name = "@i18n@a", content = new { summaries = new[] { new { summary = "x" } } }, actions = Array.Empty<object>(), i18n_resources = i18n });
        await CheckAsync("approval.v1.message.update.post", HttpMethod.Post, "/open-apis/approval/v1/message/update", new { message_id = $"{sent["data"]!["message_id"]}", status = "APPROVED", i18n_resources = i18n });
        await CheckAsync("contact.v3.functional_role.member.list", HttpMethod.Get, $"{Contact}functional_roles/{SeededCompany.FinanceRole}/members");
        await CheckAsync("contact.v3.functional_role.member.get", HttpMethod.Get, $"{Contact}functional_roles/{SeededCompany.FinanceRole}/members/carol?user_id_type=user_id");

        async Task<string> NewAsync(string id) =>
            (await CheckAsync(id, HttpMethod.Post, Approvals + "instances", new { approval_code = payment, user_id = "alice", form }))["data"]!["instance_code"]!.GetValue<string>();

        string Open(string instance, string who) => _emulator.State.ApprovalInstance(instance)!.OpenTasks.Single(t => t.UserId == who).Id;

        JsonObject Task(string instance, string who, object more)
        {
            var body = System.Text.Json.JsonSerializer.SerializeToNode(more)!.AsObject();
            body["approval_code"] = payment;
            body["instance_code"] = instance;
            body["user_id"] = who;
            body["task_id"] = Open(instance, who);
            return body;
        }
    }

    private async Task OwnApprovalsAsync(string alice, string code)
    {
        const string by = "?user_id_type=user_id";
        var (bob, carol) = (await TokenAsync("bob"), await TokenAsync("carol"));
        await CheckAsync("approval.v4.instance.add_cc", HttpMethod.Post, Approvals + "instances/add_cc" + by,
            new { instance_code = code, cc_user_ids = new[] { "carol" } }, alice);
        await CheckAsync("approval.v4.task.list", HttpMethod.Get, Approvals + "tasks" + by + "&topic=1", token: bob);
        await CheckAsync("approval.v4.task.forward", HttpMethod.Post, Approvals + "tasks/forward" + by,
            new { instance_code = code, task_id = Open("bob"), transfer_user_id = "carol" }, bob);
        await CheckAsync("approval.v4.task.pass", HttpMethod.Post, Approvals + "tasks/pass",
            new { instance_code = code, task_id = Open("carol") }, carol);
        await CheckAsync("approval.v4.instance.detail", HttpMethod.Get, $"{Approvals}instances/detail{by}&instance_code={code}",
            token: carol);
        await CheckAsync("approval.v4.instance.initiated", HttpMethod.Get, Approvals + "instances/initiated", token: alice);
        await CheckAsync("approval.v4.task.refuse", HttpMethod.Post, Approvals + "tasks/refuse",
            new { instance_code = code, task_id = Open("carol") }, carol);
        var again = (await _emulator.CallAsync(HttpMethod.Post, Approvals + "instances", _token, new
        {
            approval_code = SeededCompany.PaymentApprovalCode, user_id = "alice",
            form = """[{"id":"payee","type":"input","value":"x"},{"id":"amount","type":"amount","value":1}]""",
        })).Data["instance_code"];
        await CheckAsync("approval.v4.instance.recall", HttpMethod.Post, Approvals + "instances/recall", new { instance_code = $"{again}" },
            alice);

        string Open(string who) => _emulator.State.ApprovalInstance(code)!.OpenTasks.Single(t => t.UserId == who).Id;

        async Task<string> TokenAsync(string who) =>
            (await _emulator.ControlAsync(HttpMethod.Post, "tokens", new { @as = who }))["user_access_token"]!.GetValue<string>();
    }

    private async Task ExternalApprovalsAsync()
    {
        var links = new { pc_link = "https://erp.example/1", mobile_link = "https://erp.example/1" };
        var i18n = new[] { new { locale = "zh-CN", is_default = true, texts = new[] { new { key = "@i18n@name", value = "合同" } } } };
        var code = $"{(await CheckAsync("approval.v4.external_approval.create", HttpMethod.Post, Approvals + "external_approvals", new { approval_name = "@i18n@name", approval_code = "contract", external = new { support_pc = true }, i18n_resources = i18n }))["data"]!["approval_code"]}";
        await CheckAsync("approval.v4.external_approval.get", HttpMethod.Get, Approvals + "external_approvals/" + code);
        await CheckAsync("approval.v4.external_instance.create", HttpMethod.Post, Approvals + "external_instances", new
        {
            approval_code = code, status = "PENDING", instance_id = "c-1", links, user_id = "alice", start_time = "1", end_time = "0", update_time = "5", i18n_resources = i18n,
            task_list = new[] { new { task_id = "t-1", user_id = "bob", links, status = "PENDING", create_time = "1", end_time = "0", update_time = "5" } },
        });
        await CheckAsync("approval.v4.external_instance.check", HttpMethod.Post, Approvals + "external_instances/check", new { instances = new[] { new { instance_id = "c-1", update_time = "4", tasks = new[] { new { task_id = "t-1", update_time = "4" } } } } });
        await CheckAsync("approval.v4.external_task.list", HttpMethod.Get, Approvals + "external_tasks", new { approval_codes = new[] { code } });
    }

    private static object Definition() => new
    {
        approval_name = "@i18n@approval_name", viewers = new[] { new { viewer_type = "TENANT" } },
        form = new { form_content = """[{"id":"w1","type":"input","required":true,"name":"@i18n@text"}]""" },
        node_list = new object[] { new { id = "START" }, new { id = "boss", name = "@i18n@boss", node_type = "OR", approver = new[] { new { type = "Personal", user_id = "bob" } } }, new { id = "END" } },
        settings = new { revert_interval = 0 }, process_manager_ids = new[] { "carol" },
        i18n_resources = new[]
        {
            new
            {
                locale = "zh-CN", is_default = true,
                texts = new[] { new { key = "@i18n@approval_name", value = "用章申请" }, new { key = "@i18n@text", value = "事由" }, new { key = "@i18n@boss", value = "主管" } },
            },
        },
    };
}
