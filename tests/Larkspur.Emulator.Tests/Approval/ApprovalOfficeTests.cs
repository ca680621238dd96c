using System.Text.Json.Nodes;
using Larkspur.Emulator.State;

namespace Larkspur.Emulator.Tests.Approval;

/// <summary>What stands around requests: searches, comments, files, the approval bot, requests of other systems.</summary>
public sealed class ApprovalOfficeTests : ApprovalTest
{
    [Fact]
    public async Task People_find_what_they_have_to_do_and_have_done()
    {
        var (first, second) = (await CreatedAsync(), await CreatedAsync());
        await ActAsync("bob", "approve", first);
        Assert.Equal([second], await TopicAsync("bob", 1));
        Assert.Equal([first], await TopicAsync("bob", 2));
        Assert.Equal(2, (await TopicAsync("alice", 3)).Length);
        await PostAsync("instances/cc?user_id_type=user_id", new { approval_code = Payment, instance_code = first, user_id = "alice", cc_user_ids = new[] { "bob" } });
        Assert.Equal([first], await TopicAsync("bob", 17));
        await ActAsync("bob", "open_approval", first);
        Assert.Equal([first], await TopicAsync("bob", 18));
        Assert.Empty(await TopicAsync("bob", 17));
    }

    [Fact]
    public async Task Searches_filter_and_need_something_to_look_for()
    {
        var (open, rejected, withdrawn) = (await CreatedAsync(), await CreatedAsync(), await CreatedAsync());
        await ActAsync("bob", "reject", rejected);
        await ActAsync("alice", "cancel_approval", withdrawn);
        Refused(await PostAsync("instances/query", new { }), 1390001);
        Refused(await PostAsync("instances/query", new { approval_code = "UNKNOWN" }), 1390002);
        Assert.Equal(new[] { open, rejected }.Order(), (await QueryAsync(new { approval_code = Payment })).Order());
        Assert.Equal([rejected], await QueryAsync(new { approval_code = Payment, instance_status = "REJECT" }));
        Assert.Equal([withdrawn], await QueryAsync(new { approval_code = Payment, instance_status = "RECALL" }));
        var tasks = (await PostAsync("tasks/search?user_id_type=user_id", new { user_id = "bob", task_status = "PENDING" })).Data;
        Assert.Equal(open, Assert.Single(tasks["task_list"]!.AsArray())!["instance"]!["code"]!.GetValue<string>());
        Assert.Equal(1, tasks["count"]!.GetValue<int>());
    }

    [Fact]
    public async Task Comments_are_answered_changed_and_deleted_by_their_authors()
    {
        var code = await CreatedAsync();
        var path = $"instances/{code}/comments?user_id_type=user_id&user_id=";
        var id = $"{(await PostAsync(path + "bob", new { content = """{"text":"发票呢？"}""" })).Data["comment_id"]}";
        Assert.Equal(0, (await PostAsync(path + "alice", new { content = "马上", parent_comment_id = id })).Code);
        Refused(await PostAsync(path + "alice", new { content = "x", parent_comment_id = "1" }), 1390001);
        Refused(await PostAsync(path + "alice", new { content = "x", comment_id = id }), 1390001, "author");
        Refused(await PostAsync(path + "nobody", new { content = "x" }), 1390004);
        Refused(await PostAsync(path + "bob", new { content = "" }), 1390001);
        Assert.Equal(0, (await PostAsync(path + "bob", new { content = "合同呢？", comment_id = id })).Code);
        var shown = (await GetAsync(path + "bob")).Data["comments"]!.AsArray();
        Assert.Equal("合同呢？", Assert.Single(shown)!["content"]!.GetValue<string>());
        Assert.Equal("alice", shown[0]!["replies"]![0]!["commentator"]!.GetValue<string>());
        Assert.Equal(["合同呢？", "马上"], (await InstanceAsync(code))["comment_list"]!.AsArray().Select(c => c!["comment"]!.GetValue<string>()));
        Assert.Equal(0, (await Emulator.CallAsync(HttpMethod.Delete, $"{Base}instances/{code}/comments/{id}?user_id_type=user_id&user_id=bob", Token)).Code);
        Assert.Equal(["马上"], (await InstanceAsync(code))["comment_list"]!.AsArray().Select(c => c!["comment"]!.GetValue<string>()));
        Assert.Equal(0, (await PostAsync($"instances/{code}/comments/remove")).Code);
        Assert.Empty((await InstanceAsync(code))["comment_list"]!.AsArray());
    }

    [Fact]
    public async Task Uploaded_files_stand_in_forms_by_their_code()
    {
        using var upload = new MultipartFormDataContent { { new StringContent("a.pdf"), "name" }, { new StringContent("attachment"), "type" }, { new ByteArrayContent([1, 2]), "content", "a.pdf" } };
        var file = await Emulator.CallAsync(HttpMethod.Post, "/approval/openapi/v2/file/upload", Token, upload);
        var form = PaymentForm();
        form.Add(new JsonObject { ["id"] = "attachment", ["type"] = "attachmentV2", ["value"] = new JsonArray(file.Data["code"]!.DeepClone()) });
        Assert.Equal(0, (await CreateAsync(form)).Code);
        using var wrong = new MultipartFormDataContent { { new StringContent("a.png"), "name" }, { new StringContent("image"), "type" }, { new ByteArrayContent([1, 2]), "content", "a.png" } };
        Refused(await Emulator.CallAsync(HttpMethod.Post, "/approval/openapi/v2/file/upload", Token, wrong), 1390001, "image");
    }

    [Fact]
    public async Task The_approval_bot_writes_what_it_is_told_and_changes_its_to_do_messages()
    {
        var body = JsonNode.Parse("""
            {"template_id":"1008","user_id":"bob","uuid":"once","approval_name":"@i18n@n","content":{"summaries":[{"summary":"青云科技 1280.50"}]},"note":"尽快",
             "actions":[{"action_name":"DETAIL","url":"https://erp.example/1","pc_url":"https://erp.example/1"}],
             "i18n_resources":[{"locale":"zh-CN","is_default":true,"texts":{"@i18n@n":"付款申请"}}]}
            """)!.AsObject();
        var id = $"{(await PostAsync("/open-apis/approval/v1/message/send", body)).Data["message_id"]}";
        Assert.Equal(id, $"{(await PostAsync("/open-apis/approval/v1/message/send", body)).Data["message_id"]}");
        var message = Emulator.State.Message(id)!;
        Assert.Contains("青云科技 1280.50", message.Card!.Json, StringComparison.Ordinal);
        Assert.Contains("付款申请", message.Card.Json, StringComparison.Ordinal);
        Assert.Equal("审批助手", Emulator.State.Chat(message.ChatId)!.Name);
        Assert.Equal(["bob"], Emulator.State.Chat(message.ChatId)!.People);

        var update = new { message_id = id, status = "APPROVED", i18n_resources = Array.Empty<object>() };
        Assert.Equal(0, (await PostAsync("/open-apis/approval/v1/message/update", update)).Code);
        Assert.Contains("已同意", Emulator.State.Message(id)!.Card!.Json, StringComparison.Ordinal);
        Refused(await PostAsync("/open-apis/approval/v1/message/update", new { message_id = "om_none", status = "APPROVED", i18n_resources = Array.Empty<object>() }), 1390001);
        body["template_id"] = "9999";
        Refused(await PostAsync("/open-apis/approval/v1/message/send", body), 1390001, "template_id");
        body["template_id"] = "1013";
        body.Remove("user_id");
        Refused(await PostAsync("/open-apis/approval/v1/message/send", body), 1390001, "user_id");
    }

    [Fact]
    public async Task Only_the_submitter_reminds_those_who_still_have_to_decide()
    {
        var code = await CreatedAsync();
        var task = await PendingAsync(code, "bob");
        var alice = await UserAsync("alice");
        Assert.Equal(0, (await PostAsync("instances/remind", new { instance_code = code, task_ids = new[] { task }, comment = "请尽快" }, alice)).Code);
        var chat = Emulator.State.GetOrCreateApprovalBotChat("bob");
        Assert.Contains("请尽快", Assert.Single(Emulator.State.Messages(chat.ChatId)).Card!.Json, StringComparison.Ordinal);
        Refused(await PostAsync("instances/remind", new { instance_code = code, task_ids = new[] { task } }, await UserAsync("bob")), 1390001, "submitter");
        await ActAsync("bob", "approve", code);
        Refused(await PostAsync("instances/remind", new { instance_code = code, task_ids = new[] { task } }, alice), 1390001, "not pending");
    }

    [Fact]
    public async Task Requests_of_other_systems_are_decided_there_by_a_click_here()
    {
        await using var erp = await EventReceiver.StartAsync();
        var i18n = new[] { new { locale = "zh-CN", is_default = true, texts = new[] { new { key = "@i18n@name", value = "合同审批" } } } };
        var links = new { pc_link = "https://erp.example/1", mobile_link = "https://erp.example/1" };
        var define = new { approval_name = "@i18n@name", approval_code = "contract", external = new { action_callback_url = erp.Url, action_callback_token = "tok" }, i18n_resources = i18n };
        var code = $"{(await PostAsync("external_approvals", define)).Data["approval_code"]}";
        Assert.Equal(code, $"{(await PostAsync("external_approvals", define)).Data["approval_code"]}");
        Task<Larkspur.Testing.ApiReply> SyncAsync(string status, string task, string update) => PostAsync("external_instances", new
        {
            approval_code = code, status, instance_id = "c-1", links, user_id = "alice", start_time = "1770000000000", end_time = "0", update_time = update, i18n_resources = i18n,
            task_list = new[]
            {
                new
                {
                    task_id = "t-1", user_id = "bob", links, status = task, create_time = "1", end_time = "0", update_time = update, action_context = "ctx",
                    action_configs = new[] { new { action_type = "APPROVE", is_reason_required = false }, new { action_type = "REJECT", is_reason_required = true } },
                },
            },
        });
        Assert.Equal(0, (await SyncAsync("PENDING", "PENDING", "10")).Code);
        await ActAsync("bob", "approve", "c-1", new { comment = "ok" });
        var click = (await erp.NextAsync()).Json;
        Assert.Equal(("APPROVE", "ctx", "bob", "t-1", "ok", "tok"), ($"{click["action_type"]}", $"{click["action_context"]}", $"{click["user_id"]}", $"{click["task_id"]}", $"{click["reason"]}", $"{click["token"]}"));
        Assert.Equal(code, $"{click["approval_code"]}");

        await ActAsync("bob", "click_approval", "c-1", new { action = "REJECT", comment = "too dear" });
        click = (await erp.NextAsync()).Json;
        Assert.Equal(("REJECT", "too dear"), ($"{click["action_type"]}", $"{click["reason"]}"));
        await RefusedAsync(new { @as = "bob", @do = "click_approval", instance = "c-1", action = "FORWARD" }, "the system that it comes from");
        await RefusedAsync(new { @as = "bob", @do = "reject", instance = "c-1" }, "reason");
        await RefusedAsync(new { @as = "carol", @do = "approve", instance = "c-1" }, "no pending task");
        erp.Answer = _ => (422, """{"message":"预算不足"}""");
        await RefusedAsync(new { @as = "bob", @do = "approve", instance = "c-1" }, "预算不足");

        Assert.Equal(0, (await SyncAsync("APPROVED", "APPROVED", "20")).Code);
        Assert.Equal(0, (await SyncAsync("PENDING", "PENDING", "15")).Code);
        Assert.Equal("APPROVED", Emulator.State.ExternalInstance(code, "c-1")!.Status);
        var same = await PostAsync("external_instances/check", new { instances = new[] { new { instance_id = "c-1", update_time = "20", tasks = new[] { new { task_id = "t-1", update_time = "20" } } } } });
        Assert.Empty(same.Data["diff_instances"]!.AsArray());
        var other = await PostAsync("external_instances/check", new { instances = new[] { new { instance_id = "c-1", update_time = "15", tasks = Array.Empty<object>() } } });
        Assert.Equal("20", other.Data["diff_instances"]![0]!["update_time"]!.GetValue<string>());
        // The callback's token too (external_approval/get).
        Assert.Contains("\"tok\"", (await GetAsync("external_approvals/" + code)).Json.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_finance_role_has_carol()
    {
        var members = (await GetAsync($"/open-apis/contact/v3/functional_roles/{SeededCompany.FinanceRole}/members?user_id_type=user_id")).Data["members"]!.AsArray();
        Assert.Equal("carol", Assert.Single(members)!["user_id"]!.GetValue<string>());
        Refused(await GetAsync("/open-apis/contact/v3/functional_roles/none/members"), 41202);
        Refused(await GetAsync($"/open-apis/contact/v3/functional_roles/{SeededCompany.FinanceRole}/members/bob?user_id_type=user_id"), 41203);
    }

    private async Task RefusedAsync(object action, string why)
    {
        var (status, answer) = await Emulator.TryControlAsync(HttpMethod.Post, "act", action);
        Assert.Equal(400, status);
        Assert.Contains(why, answer["error"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private async Task<string[]> TopicAsync(string who, int topic) =>
        [.. (await GetAsync($"tasks/query?user_id_type=user_id&user_id={who}&topic={topic}")).Data["tasks"]!.AsArray().Select(t => t!["process_code"]!.GetValue<string>())];

    private async Task<string[]> QueryAsync(object body) =>
        [.. (await PostAsync("instances/query?user_id_type=user_id", body)).Data["instance_list"]!.AsArray().Select(i => i!["instance"]!["code"]!.GetValue<string>())];

    private async Task<string> UserAsync(string who) => (await Emulator.ControlAsync(HttpMethod.Post, "tokens", new { @as = who }))["user_access_token"]!.GetValue<string>();
}
