using System.Text.Json.Nodes;

namespace Larkspur.Emulator.Tests.DingTalk;

public sealed class ProcessCentreTests : DingTalkTest
{
    private const string Root = "/v1.0/workflow/processCentres/";

    [Fact]
    public async Task An_approval_of_another_system_is_shown_its_tasks_end_and_it_ends()
    {
        var code = await TemplateAsync("报销");
        Assert.Equal(code, Result(await CallAsync(HttpMethod.Get, Root + "schemaNames/processCodes?name=报销"))["processCode"]!.GetValue<string>());
        var id = await StartAsync(code);
        var tasks = (await CallAsync(HttpMethod.Post, Root + "tasks", new { processInstanceId = id, activityId = "first", tasks = new[] { new { userId = "bob", url = "https://erp.example/1" }, new { userId = "carol", url = "https://erp.example/1" } } })).Json["result"]!.AsArray();
        Assert.Equal(["bob", "carol"], tasks.Select(t => t!["userId"]!.GetValue<string>()));
        Assert.Equal("RUNNING", (await ToDoAsync("bob"))[0]!["status"]!.GetValue<string>());
        Assert.Equal(200, (await CallAsync(HttpMethod.Put, Root + "tasks", new { processInstanceId = id, tasks = new[] { new { taskId = tasks[0]!["taskId"]!.GetValue<long>(), status = "COMPLETED", result = "AGREE" } } })).Status);
        Assert.Empty(await ToDoAsync("bob"));
        Assert.Equal(200, (await CallAsync(HttpMethod.Post, Root + "tasks/cancel", new { processInstanceId = id, activityId = "first" })).Status);
        Assert.Empty(await ToDoAsync("carol"));
        Assert.Equal(200, (await CallAsync(HttpMethod.Put, Root + "instances", new { processInstanceId = id, status = "COMPLETED", result = "agree" })).Status);
        Assert.Equal("integrated.state.invalid", (await CallAsync(HttpMethod.Post, Root + "tasks", new { processInstanceId = id, tasks = new[] { new { userId = "bob", url = "" } } })).Code);
        var shown = (await StateAsync())["process_centre"]!;
        Assert.Equal(("COMPLETED", "agree"), (shown["instances"]![0]!["status"]!.GetValue<string>(), shown["instances"]![0]!["result"]!.GetValue<string>()));
        Assert.Equal(["AGREE", ""], shown["tasks"]!.AsArray().Select(t => t!["result"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Many_end_together_or_none()
    {
        var code = await TemplateAsync("采购");
        var (first, second) = (await StartAsync(code), await StartAsync(code));
        Assert.Equal("process.inst.notExist", (await EndManyAsync(first, "none")).Code);
        Assert.Equal(["RUNNING", "RUNNING"], await StatusesAsync());
        Assert.Equal(200, (await EndManyAsync(first, second)).Status);
        Assert.Equal(["TERMINATED", "TERMINATED"], await StatusesAsync());
        Assert.Equal("updateOverSize", (await EndManyAsync([.. Enumerable.Repeat(first, 51)])).Code);
    }

    [Fact]
    public async Task A_template_goes_and_its_tasks_only_when_asked_for()
    {
        var code = await TemplateAsync("用章");
        var id = await StartAsync(code);
        await CallAsync(HttpMethod.Post, Root + "tasks", new { processInstanceId = id, tasks = new[] { new { userId = "bob", url = "https://erp.example/1" } } });
        Assert.Equal("formName.error", (await CallAsync(HttpMethod.Post, Root + "schemas", Template("用章"))).Code);
        Assert.Equal(200, (await CallAsync(HttpMethod.Delete, $"{Root}schemas?processCode={code}")).Status);
        Assert.Single(await ToDoAsync("bob"));
        Assert.Equal("processNotExist", (await CallAsync(HttpMethod.Delete, $"{Root}schemas?processCode={code}")).Code);
        Assert.Equal("process.error", (await CallAsync(HttpMethod.Get, Root + "schemaNames/processCodes?name=用章")).Code);
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        var code = await TemplateAsync("请假");
        var id = await StartAsync(code);
        Assert.Equal("process.error", (await CallAsync(HttpMethod.Post, Root + "instances", new { processCode = "none", originatorUserId = "alice", url = "https://erp.example" })).Code);
        Assert.Equal("userNotExist", (await CallAsync(HttpMethod.Post, Root + "instances", new { processCode = code, originatorUserId = "mallory", url = "https://erp.example" })).Code);
        Assert.Equal("parameter.invalid", (await CallAsync(HttpMethod.Post, Root + "instances", new { processCode = code, originatorUserId = "alice" })).Code);
        Assert.Equal("tasks.is.null", (await CallAsync(HttpMethod.Post, Root + "tasks", new { processInstanceId = id, tasks = Array.Empty<object>() })).Code);
        Assert.Equal("task.dueTime.error", (await CallAsync(HttpMethod.Post, Root + "tasks", new { processInstanceId = id, tasks = new[] { new { userId = "bob", url = "https://erp.example", dueTimestamp = 1 } } })).Code);
        Assert.Equal(400, (await CallAsync(HttpMethod.Put, Root + "tasks", new { processInstanceId = id, tasks = new[] { new { taskId = 1, status = "COMPLETED" } } })).Status);
        Assert.Equal("integrated.state.invalid", (await CallAsync(HttpMethod.Put, Root + "tasks", new { processInstanceId = id, tasks = new[] { new { taskId = 1, status = "CANCELED" } } })).Code);
        Assert.Equal(400, (await CallAsync(HttpMethod.Put, Root + "instances", new { processInstanceId = id, status = "RUNNING", result = "agree" })).Status);
        Assert.Equal("integrated.params.error", (await CallAsync(HttpMethod.Get, Root + "todoTasks?userId=bob&pageSize=41&pageNumber=1")).Code);
    }

    private static JsonNode Result(DingTalkReply reply) => reply.Json["result"]!;

    private static object Template(string name) => new { name, formComponents = new[] { new { componentType = "TextField", props = new { componentId = "t1", label = "事由", required = true } } } };

    private async Task<string> TemplateAsync(string name) => Result(await CallAsync(HttpMethod.Post, Root + "schemas", Template(name)))["processCode"]!.GetValue<string>();

    private async Task<string> StartAsync(string code) => Result(await CallAsync(HttpMethod.Post, Root + "instances", new
    {
        processCode = code, originatorUserId = "alice", url = "https://erp.example/1", title = "t", formComponentValueList = new[] { new { name = "事由", value = "x" } },
    }))["processInstanceId"]!.GetValue<string>();

    private async Task<JsonArray> ToDoAsync(string userId) => (await CallAsync(HttpMethod.Get, $"{Root}todoTasks?userId={userId}&pageSize=40&pageNumber=1")).Json["taskPage"]!["list"]!.AsArray();

    private Task<DingTalkReply> EndManyAsync(params string[] ids) =>
        CallAsync(HttpMethod.Put, Root + "instances/batch", new { updateProcessInstanceRequests = ids.Select(i => new { processInstanceId = i, status = "TERMINATED", result = "refuse" }).ToArray() });

    private async Task<string[]> StatusesAsync() => [.. (await StateAsync())["process_centre"]!["instances"]!.AsArray().Select(i => i!["status"]!.GetValue<string>())];
}
