using Larkspur.Emulator.State;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Payments;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>Payments, approval instances and definitions are their system's.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OthersPaymentsTests : IAsyncLifetime
{
    private static readonly string[] Scopes = ["payments:read", "payments:write", "approvals:read", "approvals:write", "webhooks:write"];
    private PaymentFixture _fixture = null!;
    private string _erp = null!;
    private string _canteen = null!;

    private GatewayApp Gateway => _fixture.Gateway;

    public async ValueTask InitializeAsync()
    {
        _fixture = await PaymentFixture.StartAsync(settings: new() { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" });
        _erp = await Gateway.KeyOfAsync("erp", Scopes);
        _canteen = await Gateway.KeyOfAsync("canteen", [.. Scopes, "approvals:decide"]);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Nobody_else_sees_cancels_or_reminds_of_a_payment_nor_acts_on_its_instance()
    {
        var id = await SubmitAsync(_erp);
        var instance = await _fixture.InstanceAsync(id);
        await Gateway.NotThereAsync(_canteen, HttpMethod.Get, $"/payments/{id}", "/payments/pay_0");
        await Gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/payments/{id}/cancel", "/payments/pay_0/cancel");
        await Gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/payments/{id}/remind", "/payments/pay_0/remind", new { key = "r" });
        Assert.Empty((await Gateway.CallAsync(_canteen, HttpMethod.Get, "/payments")).Items());
        Assert.Empty((await Gateway.CallAsync(_canteen, HttpMethod.Get, "/payments?number=PAY-1")).Items());
        await NoInstanceAsync(instance);

        Assert.Single((await Gateway.CallAsync(_erp, HttpMethod.Get, "/payments")).Items());
        Assert.Equal(200, (await Gateway.CallAsync(_erp, HttpMethod.Get, $"/approvals/instances/{instance}")).Status);
        var auditor = await Gateway.KeyOfAsync("auditor", ["payments:read", "payments:write", "others:read"]);
        Assert.Equal(200, (await Gateway.CallAsync(auditor, HttpMethod.Get, $"/payments/{id}")).Status);
        Assert.Equal(403, (await Gateway.CallAsync(auditor, HttpMethod.Post, $"/payments/{id}/cancel")).Status);
        Assert.Equal("pending", await _fixture.StateAsync(id));
    }

    [Fact]
    public async Task Who_asks_for_a_payment_does_not_agree_to_it_in_the_approvers_name()
    {
        var id = await SubmitAsync(_erp);
        var instance = await _fixture.InstanceAsync(id);
        var tasks = (await Gateway.CallAsync(_erp, HttpMethod.Get, $"/approvals/instances/{instance}")).Body.GetProperty("task_list");
        var task = tasks[0].GetProperty("id").GetString();
        foreach (var act in (string[])["approve", "reject", "transfer", "rollback", "add-sign", "resubmit"])
        {
            var decided = await Gateway.CallAsync(_erp, HttpMethod.Post, $"/approvals/tasks/{task}/{act}", new { instance, user = new { user_id = "bob" } });
            Assert.Equal((403, "missing_scope"), (decided.Status, decided.Error));
        }

        Assert.Equal("pending", await _fixture.StateAsync(id));
        var desk = await Gateway.KeyOfAsync("erp-desk", [.. Scopes, "approvals:decide"], system: "erp");
        var agreed = await Gateway.CallAsync(desk, HttpMethod.Post, $"/approvals/tasks/{task}/approve", new { instance, user = new { user_id = "bob" } });
        Assert.True(agreed.Status == 200, agreed.ToString());
    }

    [Fact]
    public async Task Nobody_else_reads_decides_or_withdraws_an_instance()
    {
        var made = await Gateway.CallAsync(_erp, HttpMethod.Post, "/approvals/instances",
            new { approval_code = PaymentFixture.ApprovalCode, submitter = new { user_id = "alice" }, form = new { payee = "Steel Ltd", amount = 1 }, key = "i" });
        Assert.True(made.Status == 201, made.Body.ToString());
        var instance = made.Text("instance_code")!;
        await NoInstanceAsync(instance);
        var since = Uri.EscapeDataString(DateTimeOffset.UtcNow.AddDays(-1).ToString("O"));
        var listed = await Gateway.CallAsync(_canteen, HttpMethod.Get, $"/approvals/instances?approval_code={PaymentFixture.ApprovalCode}&since={since}");
        Assert.DoesNotContain(instance, listed.Body.GetRawText(), StringComparison.Ordinal);
        Assert.Contains(instance, (await Gateway.CallAsync(_erp, HttpMethod.Get, $"/approvals/instances?approval_code={PaymentFixture.ApprovalCode}&since={since}")).Body.GetRawText(), StringComparison.Ordinal);

        var replaced = await Gateway.CallAsync(_canteen, HttpMethod.Put, $"/approvals/definitions/{PaymentFixture.ApprovalCode}", new { approval_name = "@i18n@1", form = Array.Empty<object>() });
        Assert.Equal((403, "system_not_held"), (replaced.Status, replaced.Error));

        await _fixture.SetAsync((FeishuIntegration.PaymentWorkflow, "false"));
        var subscription = $"/approvals/{PaymentFixture.ApprovalCode}/subscription";
        Assert.Equal(403, (await Gateway.CallAsync(_canteen, HttpMethod.Delete, subscription)).Status);
        Assert.Equal(200, (await Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Delete, subscription)).Status);
        Assert.Equal(200, (await Gateway.CallAsync(_erp, HttpMethod.Put, subscription)).Status);
        Assert.Equal(403, (await Gateway.CallAsync(_canteen, HttpMethod.Delete, subscription)).Status);
        Assert.Equal(200, (await Gateway.CallAsync(_erp, HttpMethod.Delete, subscription)).Status);

        // Who had it once has no say in the next one; where two count on it neither ends it for the other.
        Assert.Equal(200, (await Gateway.CallAsync(_canteen, HttpMethod.Put, subscription)).Status);
        Assert.Equal(403, (await Gateway.CallAsync(_erp, HttpMethod.Delete, subscription)).Status);
        Assert.Equal(200, (await Gateway.CallAsync(_erp, HttpMethod.Put, subscription)).Status);
        Assert.Equal(403, (await Gateway.CallAsync(_canteen, HttpMethod.Delete, subscription)).Status);
        Assert.Equal(200, (await Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Delete, subscription)).Status);
        Assert.Equal(200, (await Gateway.CallAsync(_erp, HttpMethod.Put, subscription)).Status);
        Assert.Equal(403, (await Gateway.CallAsync(_canteen, HttpMethod.Delete, subscription)).Status);
        Assert.Equal(200, (await Gateway.CallAsync(_erp, HttpMethod.Delete, subscription)).Status);
    }

    [Fact]
    public async Task Nobody_changes_an_external_definition_by_its_makers_own_word_for_it()
    {
        object Definition(string link) => new
        {
            approval_name = "@i18n@name", approval_code = "travel", group_code = "erp", external = new { create_link_pc = link, support_pc = true, support_mobile = false },
            i18n_resources = new[] { new { locale = "zh-CN", is_default = true, texts = new[] { new { key = "@i18n@name", value = "出差" } } } },
        };
        foreach (var maker in (string[])[_erp, GatewayApp.ApiKey])
        {
            var made = await Gateway.CallAsync(maker, HttpMethod.Post, "/approvals/external/definitions", Definition("https://erp.example/new"));
            Assert.True(made.Status == 200, made.ToString());
            var taken = await Gateway.CallAsync(_canteen, HttpMethod.Post, "/approvals/external/definitions", Definition("https://evil.example/"));
            Assert.Equal((403, "system_not_held"), (taken.Status, taken.Error));
            Assert.Equal(200, (await Gateway.CallAsync(maker, HttpMethod.Post, "/approvals/external/definitions", Definition("https://erp.example/newer"))).Status);
        }
    }

    [Fact]
    public async Task A_code_in_small_letters_is_the_same_code()
    {
        var code = PaymentFixture.ApprovalCode.ToLowerInvariant();
        Assert.NotEqual(PaymentFixture.ApprovalCode, code);
        Assert.Equal(409, (await Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Delete, $"/approvals/{code}/subscription")).Status);
        await Gateway.CallAsync(_canteen, HttpMethod.Put, $"/approvals/{code}/subscription");
        Assert.Equal(403, (await Gateway.CallAsync(_canteen, HttpMethod.Delete, $"/approvals/{code}/subscription")).Status);
    }

    [Fact]
    public async Task What_is_written_on_an_instance_in_somebodys_name_is_audited_and_what_people_wrote_stays()
    {
        var instance = await _fixture.InstanceAsync(await SubmitAsync(_erp));
        var made = await Gateway.CallAsync(_erp, HttpMethod.Post, $"/approvals/instances/{instance}/comments", new { user = new { user_id = "alice" }, text = "the invoice follows" });
        Assert.True(made.Status == 201, made.ToString());
        var peoples = await Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, $"/approvals/instances/{instance}/comments", new { user = new { user_id = "bob" }, text = "I object" });
        Assert.True(peoples.Status == 201, peoples.ToString());
        Assert.Equal(403, (await DeleteAsync(peoples.Text("comment_id")!)).Status);
        Assert.Equal(200, (await DeleteAsync(made.Text("comment_id")!)).Status);
        var audit = (await Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Get, "/audit?limit=50")).Body.GetRawText();
        foreach (var what in (string[])["approval_instance.comment\"", "approval_instance.comment_deleted\""]) Assert.Contains(what, audit, StringComparison.Ordinal);

        Task<KeyAnswer> DeleteAsync(string comment) => Gateway.CallAsync(_erp, HttpMethod.Delete, $"/approvals/instances/{instance}/comments/{comment}?user={WireIds.OpenId(EmulatorApp.AppId, "alice")}");
    }

    [Fact]
    public async Task What_proves_decisions_made_elsewhere_is_told_to_no_key()
    {
        const string Token = "very-secret-action-token-123456", Secret = "very-secret-action-key-1234567890";
        await _fixture.SetAsync((ExternalActionSettings.TokenSetting, Token), (ExternalActionSettings.KeySetting, Secret),
            (FeishuIntegration.CallbackDomain, Gateway.Address.GetLeftPart(UriPartial.Authority)));
        var made = await Gateway.CallAsync(_erp, HttpMethod.Post, "/approvals/external/definitions", new
        {
            approval_name = "@i18n@name", approval_code = "contract", group_code = "erp", quick_approval = true, external = new { create_link_pc = "https://erp.example/new", support_pc = true, support_mobile = false },
            i18n_resources = new[] { new { locale = "zh-CN", is_default = true, texts = new[] { new { key = "@i18n@name", value = "合同审批" } } } },
        });
        Assert.True(made.Status == 200, made.ToString());
        foreach (var key in (string[])[_erp, _canteen, GatewayApp.ApiKey])
        {
            var read = await Gateway.CallAsync(key, HttpMethod.Get, $"/approvals/external/definitions/{made.Text("approval_code")}");
            Assert.Equal(200, read.Status);
            Assert.DoesNotContain(Token, read.Body.GetRawText(), StringComparison.Ordinal);
            Assert.DoesNotContain(Secret, read.Body.GetRawText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nobody_takes_an_external_definition_while_the_platform_does_not_say_that_there_is_none()
    {
        object Definition(string code) => new
        {
            approval_name = "@i18n@name", approval_code = code, group_code = "erp", external = new { create_link_pc = "https://erp.example/new", support_pc = true, support_mobile = false },
            i18n_resources = new[] { new { locale = "zh-CN", is_default = true, texts = new[] { new { key = "@i18n@name", value = "合同审批" } } } },
        };
        var made = await Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Post, "/approvals/external/definitions", Definition("contract"));
        Assert.True(made.Status == 200, made.ToString());
        var code = made.Text("approval_code")!;
        Assert.Equal(403, (await Gateway.CallAsync(_canteen, HttpMethod.Post, "/approvals/external/definitions", Definition(code))).Status);
        await _fixture.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = "/open-apis/approval/v4/external_approvals/*", method = "GET", status = 400, code = 99991672 });
        var tried = await Gateway.CallAsync(_canteen, HttpMethod.Post, "/approvals/external/definitions", Definition(code));
        Assert.True(tried.Status is >= 400 and not 500, tried.ToString());
        await _fixture.Emulator.ControlAsync(HttpMethod.Delete, "faults");
        Assert.Equal(403, (await Gateway.CallAsync(_canteen, HttpMethod.Post, "/approvals/external/definitions", Definition(code))).Status);
        // A code that nobody has is free.
        Assert.Equal(200, (await Gateway.CallAsync(_canteen, HttpMethod.Post, "/approvals/external/definitions", Definition("lunch"))).Status);
    }

    [Fact]
    public async Task A_decision_is_told_to_the_payments_own_system_and_to_no_other()
    {
        await using var erp = await WebhookReceiver.StartAsync();
        await using var canteen = await WebhookReceiver.StartAsync();
        foreach (var (key, name, receiver) in ((string, string, WebhookReceiver)[])[(_erp, "erp-hook", erp), (_canteen, "canteen-hook", canteen)])
            Assert.Equal(201, (await Gateway.CallAsync(key, HttpMethod.Put, $"/webhooks/{name}", new { url = receiver.Url, secret = receiver.Secret, events = new[] { "payment.decided" } })).Status);
        var named = PaymentFixture.Order("PAY-2");
        named["webhook"] = "erp-hook";
        named["key"] = "p-2";
        var refused = await Gateway.CallAsync(_canteen, HttpMethod.Post, "/payments", named);
        Assert.Equal((422, "unknown_webhook", "/webhook"), (refused.Status, refused.Error, refused.Text("pointer")));

        var id = await SubmitAsync(_erp);
        await _fixture.ActAsync("bob", "reject", await _fixture.InstanceAsync(id), "no");
        await Gateway.UntilAsync(() => Task.FromResult(!erp.Calls.IsEmpty && !_fixture.Erp.Calls.IsEmpty));
        Assert.Equal("erp", _fixture.Erp.Calls.First().Json.GetProperty("data").GetProperty("system").GetString());
        var deliveries = (await Gateway.CallAsync(_erp, HttpMethod.Get, $"/payments/{id}")).Body.GetProperty("webhooks");
        Assert.DoesNotContain("canteen-hook", deliveries.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(canteen.Calls);
    }

    private async Task NoInstanceAsync(string instance)
    {
        await Gateway.NotThereAsync(_canteen, HttpMethod.Get, $"/approvals/instances/{instance}", "/approvals/instances/none");
        await Gateway.NotThereAsync(_canteen, HttpMethod.Get, $"/approvals/instances/{instance}/comments?user=ou_x", "/approvals/instances/none/comments?user=ou_x");
        await Gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/approvals/instances/{instance}/cancel", "/approvals/instances/none/cancel", new { user = new { user_id = "alice" } });
        await Gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/approvals/instances/{instance}/comments", "/approvals/instances/none/comments", new { user = new { user_id = "alice" }, text = "ok" });
        foreach (var act in (string[])["approve", "reject"])
        {
            var decided = await Gateway.CallAsync(_canteen, HttpMethod.Post, $"/approvals/tasks/1/{act}", new { instance, user = new { user_id = "bob" } });
            Assert.Equal((404, "unknown_instance"), (decided.Status, decided.Error));
        }
    }

    private async Task<string> SubmitAsync(string key)
    {
        var order = PaymentFixture.Order();
        order["key"] = "p-1";
        var sent = await Gateway.CallAsync(key, HttpMethod.Post, "/payments", order);
        Assert.True(sent.Status == 202, sent.Body.ToString());
        return sent.Text("id")!;
    }
}
