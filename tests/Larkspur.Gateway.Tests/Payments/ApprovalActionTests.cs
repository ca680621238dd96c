using System.Text.Json;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>What people do with approvals, over REST in their names; and definitions, subscriptions and files.</summary>
public sealed class ApprovalActionTests : IAsyncLifetime
{
    private static readonly string Alice = WireIds.OpenId(GatewayApp.AppId, "alice");
    private static readonly string Bob = WireIds.OpenId(GatewayApp.AppId, "bob");
    private static readonly string Carol = WireIds.OpenId(GatewayApp.AppId, "carol");

    private PaymentFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await PaymentFixture.StartAsync(on: false);

    public async ValueTask DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task People_are_named_by_whatever_the_business_system_knows()
    {
        var code = await MadeAsync(new { email = "Alice@mica.example" });
        Assert.Equal("alice", (await InstanceAsync(code))["user_id"]!.GetValue<string>());
        await DoAsync(await TaskAsync(code, "bob"), "approve", new { instance = code, user = new { employee_no = "M1002" } });
        await DoAsync(await TaskAsync(code, "carol"), "approve", new { instance = code, user = new { union_id = await UnionIdAsync("carol") } });
        Assert.Equal("APPROVED", (await _fixture.Gateway.GetRestAsync("/approvals/instances/" + code)).Text("status"));

        await RefusedAsync("/approvals/instances", Submission(new { employee_no = "M9999" }), 422, "unknown_person", "/submitter/employee_no");
        await RefusedAsync("/approvals/instances", Submission(new { mobile = "+86139" }), 422, "unknown_person", "/submitter/mobile");
        await RefusedAsync("/approvals/instances", Submission(new { open_id = "on_1" }), 422, "wrong_id_type", "/submitter/open_id");
        await RefusedAsync("/approvals/instances", Submission(new { name = "Alice" }), 400, "unknown_field", "/submitter/name");
    }

    [Fact]
    public async Task A_number_of_two_people_is_nobodys()
    {
        _fixture.Emulator.State.Put(_fixture.Emulator.State.Person("carol")! with { EmployeeNo = "M1001" });
        await RefusedAsync("/approvals/instances", Submission(new { employee_no = "M1001" }), 422, "ambiguous_person", "/submitter/employee_no");
        Assert.Empty(await _fixture.InstancesAsync());
    }

    [Fact]
    public async Task A_preview_says_who_would_decide_and_makes_nothing()
    {
        var seen = await _fixture.Gateway.PostRestAsync("/approvals/instances/preview", Submission(new { user_id = "alice" }));
        Assert.True(seen.Status == 200, seen.ToString());
        Assert.Equal([Bob, Carol], seen.Body.GetProperty("steps").EnumerateArray().SelectMany(s => s.GetProperty("approvers").EnumerateArray()).Select(a => a.GetString()));
        await RefusedAsync("/approvals/instances/preview", new { approval_code = "99999999-0000", submitter = new { user_id = "alice" }, form = new { } }, 422, "unknown_approval_code", "/approval_code");
        Assert.Empty(await _fixture.InstancesAsync());
    }

    [Fact]
    public async Task Comments_are_made_answered_listed_and_taken_back()
    {
        var code = await MadeAsync();
        var first = await _fixture.Gateway.PostRestAsync($"/approvals/instances/{code}/comments", new { user = new { user_id = "bob" }, text = "why \"so\" {much}?" });
        Assert.True(first.Status == 201, first.ToString());
        var id = first.Text("comment_id")!;
        Assert.Equal(201, (await _fixture.Gateway.PostRestAsync($"/approvals/instances/{code}/comments", new { user = new { user_id = "alice" }, text = "imported", parent = id })).Status);
        var listed = await _fixture.Gateway.GetRestAsync($"/approvals/instances/{code}/comments?user={Alice}");
        var one = Assert.Single(listed.Body.GetProperty("comments").EnumerateArray());
        Assert.Contains("why", one.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, one.GetProperty("replies").GetArrayLength());

        var others = await _fixture.Gateway.RestAsync(HttpMethod.Delete, $"/approvals/instances/{code}/comments/{id}?user={Alice}");
        Assert.InRange(others.Status, 400, 499);
        var own = await _fixture.Gateway.RestAsync(HttpMethod.Delete, $"/approvals/instances/{code}/comments/{id}?user={Bob}");
        Assert.True(own.Status == 200, own.ToString());
        var missing = await _fixture.Gateway.GetRestAsync($"/approvals/instances/{code}/comments");
        Assert.Equal((400, "missing", "?user"), (missing.Status, missing.Error, missing.Pointer));
        await RefusedAsync($"/approvals/instances/{code}/comments", new { user = new { user_id = "bob" } }, 400, "missing", "/text");
    }

    [Fact]
    public async Task Copies_go_to_people_and_a_withdrawal_ends_it()
    {
        var code = await MadeAsync();
        var copied = await _fixture.Gateway.PostRestAsync($"/approvals/instances/{code}/cc", new { user = new { user_id = "alice" }, people = new object[] { new { email = "carol@mica.example" } }, comment = "fyi" });
        Assert.True(copied.Status == 200, copied.ToString());
        Assert.Contains((await TimelineAsync(code)), l => l.GetProperty("type").GetString() == "CC" && l.GetRawText().Contains(Carol, StringComparison.Ordinal));
        await RefusedAsync($"/approvals/instances/{code}/cc", new { user = new { user_id = "alice" }, people = Array.Empty<object>() }, 400, "wrong_type", "/people");
        await RefusedAsync($"/approvals/instances/{code}/cc", new { user = new { user_id = "alice" }, people = new[] { new { user_id = "mallory" } } }, 422, "unknown_person", "/people/0/user_id");

        Assert.InRange((await _fixture.Gateway.PostRestAsync($"/approvals/instances/{code}/cancel", new { user = new { user_id = "bob" } })).Status, 400, 499);
        Assert.Equal("PENDING", (await InstanceAsync(code))["status"]!.GetValue<string>());
        Assert.Equal(200, (await _fixture.Gateway.PostRestAsync($"/approvals/instances/{code}/cancel", new { user = new { user_id = "alice" } })).Status);
        Assert.Equal("CANCELED", (await InstanceAsync(code))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_task_is_handed_on()
    {
        var code = await MadeAsync();
        var task = await TaskAsync(code, "bob");
        await RefusedAsync($"/approvals/tasks/{task}/transfer", new { instance = code, user = new { user_id = "bob" } }, 400, "missing", "/to");
        await RefusedAsync($"/approvals/tasks/{task}/transfer", new { instance = code, user = new { user_id = "bob" }, to = new { email = "zoe@mica.example" } }, 422, "unknown_person", "/to/email");
        await DoAsync(task, "transfer", new { instance = code, user = new { user_id = "bob" }, to = new { email = "carol@mica.example" }, comment = "yours" });
        await TaskAsync(code, "carol");
    }

    [Fact]
    public async Task It_goes_back_to_a_step_and_to_who_asked_who_hands_it_in_again()
    {
        var code = await MadeAsync();
        await DoAsync(await TaskAsync(code, "bob"), "approve", new { instance = code, user = new { user_id = "bob" } });
        var passed = (await TimelineAsync(code)).Last(l => l.GetProperty("type").GetString() == "PASS").GetProperty("node_key").GetString();
        var carols = await TaskAsync(code, "carol");
        await RefusedAsync($"/approvals/tasks/{carols}/rollback", new { instance = code, user = new { user_id = "carol" } }, 400, "missing", "/nodes");
        await DoAsync(carols, "rollback", new { instance = code, user = new { user_id = "carol" }, nodes = new[] { passed }, comment = "the amount" });
        await DoAsync(await TaskAsync(code, "bob"), "rollback", new { instance = code, user = new { user_id = "bob" }, nodes = new[] { "START" }, comment = "the amount" });

        var again = await TaskAsync(code, "alice");
        await RefusedAsync($"/approvals/tasks/{again}/resubmit", new { instance = code, user = new { user_id = "alice" } }, 400, "wrong_type", "/form");
        await RefusedAsync($"/approvals/tasks/{again}/resubmit", new { instance = code, user = new { user_id = "alice" }, form = new { payee = "Steel Ltd", amount = "much" } }, 422, "wrong_type", "/form/amount");
        await DoAsync(again, "resubmit", new { instance = code, user = new { user_id = "alice" }, form = new { payee = "Steel Ltd", amount = 990 }, comment = "mended" });
        await TaskAsync(code, "bob");
        Assert.Contains("990", (await _fixture.Gateway.GetRestAsync("/approvals/instances/" + code)).Text("form"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_who_holds_a_task_is_somebody_to_decide_it_for()
    {
        var code = await MadeAsync();
        var task = await TaskAsync(code, "bob");
        foreach (var (what, body) in new (string, object)[]
        {
            ("approve", new { instance = code, user = new { user_id = "carol" } }), ("reject", new { instance = code, user = new { email = "alice@mica.example" } }),
            ("transfer", new { instance = code, user = new { user_id = "carol" }, to = new { user_id = "alice" } }), ("add-sign", new { instance = code, user = new { user_id = "carol" }, people = new[] { new { user_id = "alice" } } }),
        })
            await RefusedAsync($"/approvals/tasks/{task}/{what}", body, 403, "not_assigned", "/user");

        await RefusedAsync("/approvals/tasks/99999/approve", new { instance = code, user = new { user_id = "bob" } }, 404, "unknown_task", "/{id}");
        var calls = (await _fixture.Emulator.ControlAsync(HttpMethod.Get, "calls?limit=1000"))["calls"]!.AsArray().Select(c => c!["path"]!.GetValue<string>());
        Assert.DoesNotContain(calls, p => p.Contains("/tasks/", StringComparison.Ordinal));
        var refused = (await _fixture.Gateway.GetRestAsync("/audit?what=approval_task.refused")).Items;
        Assert.Equal(5, refused.Length);
        Assert.Equal("carol", refused[^1].GetProperty("detail").GetProperty("in_the_name_of").GetString());

        await DoAsync(task, "approve", new { instance = code, user = new { user_id = "bob" } });
        await RefusedAsync($"/approvals/tasks/{task}/approve", new { instance = code, user = new { user_id = "bob" } }, 409, "task_not_open", "/{id}");
    }

    [Theory]
    [InlineData("before")]
    [InlineData("after")]
    [InlineData("parallel")]
    public async Task Others_are_asked_to_decide_too(string where)
    {
        var code = await MadeAsync();
        var task = await TaskAsync(code, "bob");
        await RefusedAsync($"/approvals/tasks/{task}/add-sign", new { instance = code, user = new { user_id = "bob" }, people = new[] { new { user_id = "carol" } }, where = "behind" }, 422, "bad_where", "/where");
        await RefusedAsync($"/approvals/tasks/{task}/add-sign", new { instance = code, user = new { user_id = "bob" }, people = new[] { new { user_id = "carol" } }, method = "xor" }, 422, "bad_method", "/method");
        await DoAsync(task, "add-sign", new { instance = code, user = new { employee_no = "M1002" }, people = new[] { new { email = "carol@mica.example" } }, where, method = "or", comment = "look" });
        await TaskAsync(code, "carol");
    }

    [Fact]
    public async Task A_definition_is_made_and_replaced_and_its_kept_copy_with_it()
    {
        var made = await _fixture.Gateway.PostRestAsync("/approvals/definitions", Definition("Payee"));
        Assert.True(made.Status == 201, made.ToString());
        var code = made.Text("approval_code")!;
        Assert.Equal(["Payee"], await ControlsAsync(code));
        var replaced = await _fixture.Gateway.RestAsync(HttpMethod.Put, "/approvals/definitions/" + code, Definition("Receiver"));
        Assert.True(replaced.Status == 200, replaced.ToString());
        Assert.Equal(["Receiver"], await ControlsAsync(code));
        var audit = (await _fixture.Gateway.GetRestAsync("/audit")).Items.Select(i => i.GetProperty("what").GetString()).ToArray();
        Assert.Contains("approval.created", audit);
        Assert.Contains("approval.replaced", audit);
        await RefusedAsync("/approvals/definitions", new { approval_name = "@i18n@name_of_it", form = new { } }, 400, "wrong_type", "/form");
        await RefusedAsync("/approvals/definitions", new { form = Array.Empty<object>(), colour = "red" }, 400, "unknown_field", "/colour");
    }

    [Fact]
    public async Task The_events_of_a_code_are_asked_for_and_given_up_unless_payments_need_them()
    {
        var path = $"/approvals/{PaymentFixture.ApprovalCode}/subscription";
        Assert.Equal("none", (await _fixture.Gateway.GetRestAsync(path)).Text("state"));
        Assert.Equal("active", (await _fixture.Gateway.RestAsync(HttpMethod.Put, path)).Text("state"));
        Assert.Equal("active", (await _fixture.Gateway.RestAsync(HttpMethod.Put, path)).Text("state"));
        Assert.Equal([PaymentFixture.ApprovalCode], await SubscribedAsync());
        Assert.Equal("removed", (await _fixture.Gateway.RestAsync(HttpMethod.Delete, path)).Text("state"));
        Assert.Empty(await SubscribedAsync());
        Assert.Equal("removed", (await _fixture.Gateway.GetRestAsync(path)).Text("state"));

        await _fixture.SwitchOnAsync();
        var needed = await _fixture.Gateway.RestAsync(HttpMethod.Delete, path);
        Assert.Equal((409, "in_use"), (needed.Status, needed.Error));
        Assert.Equal([PaymentFixture.ApprovalCode], await SubscribedAsync());
        Assert.InRange((await _fixture.Gateway.RestAsync(HttpMethod.Put, "/approvals/99999999-0000/subscription")).Status, 400, 499);
    }

    [Fact]
    public async Task An_uploaded_file_is_named_in_a_form_by_its_code()
    {
        using var content = new ByteArrayContent("invoice"u8.ToArray());
        content.Headers.ContentType = new("application/pdf");
        var file = await _fixture.Gateway.PostRestAsync("/approvals/files?file_name=invoice.pdf", content);
        Assert.True(file.Status == 201, file.ToString());
        var made = await _fixture.Gateway.PostRestAsync("/approvals/instances",
            new { approval_code = PaymentFixture.ApprovalCode, submitter = new { user_id = "alice" }, form = new { payee = "Steel Ltd", amount = 12, attachment = new[] { file.Text("code") } } });
        Assert.True(made.Status == 201, made.ToString());
        Assert.Contains(file.Text("code")!, (await _fixture.Gateway.GetRestAsync("/approvals/instances/" + made.Text("instance_code"))).Text("form"), StringComparison.Ordinal);

        using var nameless = new ByteArrayContent([1]);
        nameless.Headers.ContentType = new("application/pdf");
        var refused = await _fixture.Gateway.PostRestAsync("/approvals/files", nameless);
        Assert.Equal((400, "missing", "/file_name"), (refused.Status, refused.Error, refused.Pointer));
        using var odd = new ByteArrayContent([1]);
        odd.Headers.ContentType = new("application/pdf");
        refused = await _fixture.Gateway.PostRestAsync("/approvals/files?file_name=a.pdf&type=video", odd);
        Assert.Equal((422, "bad_type", "/type"), (refused.Status, refused.Error, refused.Pointer));
    }

    private async Task<string> MadeAsync(object? submitter = null)
    {
        var made = await _fixture.Gateway.PostRestAsync("/approvals/instances", Submission(submitter ?? new { user_id = "alice" }));
        Assert.True(made.Status == 201, made.ToString());
        return made.Text("instance_code")!;
    }

    private static object Submission(object submitter) => new { approval_code = PaymentFixture.ApprovalCode, submitter, form = new { payee = "Steel Ltd", amount = 12 } };

    private async Task DoAsync(string task, string what, object body)
    {
        var done = await _fixture.Gateway.PostRestAsync($"/approvals/tasks/{task}/{what}", body);
        Assert.True(done.Status == 200, $"{what}: {done}");
    }

    private async Task RefusedAsync(string path, object body, int status, string word, string pointer)
    {
        var answer = await _fixture.Gateway.PostRestAsync(path, body);
        Assert.True((answer.Status, answer.Error, answer.Pointer) == (status, word, pointer), $"{answer}, wanted {status} {word} {pointer}");
    }

    private async Task<System.Text.Json.Nodes.JsonObject> InstanceAsync(string code) => (await _fixture.InstancesAsync()).Single(i => i["instance_code"]!.GetValue<string>() == code);

    /// <summary>The open task of somebody, who must have exactly one.</summary>
    private async Task<string> TaskAsync(string code, string who)
    {
        var tasks = (await InstanceAsync(code))["tasks"]!.AsArray();
        return Assert.Single(tasks, t => t!["status"]!.GetValue<string>() == "PENDING" && t["user_id"]!.GetValue<string>() == who)!["task_id"]!.GetValue<string>();
    }

    private async Task<JsonElement[]> TimelineAsync(string code) => [.. (await _fixture.Gateway.GetRestAsync("/approvals/instances/" + code)).Body.GetProperty("timeline").EnumerateArray()];

    private async Task<string[]> SubscribedAsync() => [.. (await _fixture.Emulator.StateAsync())["approvals"]!["subscriptions"]!.AsArray().Select(s => s!["approval_code"]!.GetValue<string>())];

    private async Task<string[]> ControlsAsync(string code) =>
        [.. (await _fixture.Gateway.GetRestAsync("/approvals/definitions/" + code)).Body.GetProperty("form").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    private async Task<string?> UnionIdAsync(string who) =>
        (await _fixture.Gateway.PostRestAsync("/people/lookup", new { user_ids = new[] { who } })).Body.GetProperty("found")[0].GetProperty("person").GetProperty("union_id").GetString();

    private static object Definition(string control) => new
    {
        approval_name = "@i18n@name_of_it", viewers = new[] { new { viewer_type = "TENANT" } },
        form = new object[] { new { id = "widget1", name = "@i18n@control_name", type = "input", required = true } },
        node_list = new object[]
        {
            new { id = "START" }, new { id = "manager", name = "@i18n@manager_name", node_type = "AND", approver = new[] { new { type = "Personal", user_id = Bob } } }, new { id = "END" },
        },
        i18n_resources = new object[]
        {
            new
            {
                locale = "zh-CN", is_default = true,
                texts = new[] { new { key = "@i18n@name_of_it", value = "付款" }, new { key = "@i18n@control_name", value = control }, new { key = "@i18n@manager_name", value = "经理" } },
            },
        },
    };
}
