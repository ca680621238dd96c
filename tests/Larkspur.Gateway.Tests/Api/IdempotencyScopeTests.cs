using System.Text;
using System.Text.Json;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Tests.Notifications;
using Larkspur.Gateway.Tests.Operations;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.Api;

/// <summary>An Idempotency-Key belongs to the API key that uses it: nobody meets another's answers.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class IdempotencyScopeTests : IAsyncLifetime
{
    private NotificationFixture _fixture = null!;
    private string _first = null!;
    private string _second = null!;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NotificationFixture.StartAsync();
        string[] scopes = ["notifications:write", "messages:write", "approvals:write", "payments:write", "people:read"];
        (_first, _) = await _fixture.Gateway.MakeKeyAsync("first", scopes);
        (_second, _) = await _fixture.Gateway.MakeKeyAsync("second", scopes);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Two_callers_with_one_word_make_two_notifications()
    {
        var one = await SendAsync(_first, "/notifications", NotificationFixture.Requisition("PR-1").ToJsonString());
        var two = await SendAsync(_second, "/notifications", NotificationFixture.Requisition("PR-2").ToJsonString());
        var set = await SendAsync(GatewayApp.ApiKey, "/notifications", NotificationFixture.Requisition("PR-3").ToJsonString());
        Assert.Equal(("PR-1", "PR-2", "PR-3"), (one.GetProperty("subject").GetString(), two.GetProperty("subject").GetString(), set.GetProperty("subject").GetString()));
        Assert.Equal(one.GetProperty("id").GetString(), (await SendAsync(_first, "/notifications", NotificationFixture.Requisition("PR-1").ToJsonString())).GetProperty("id").GetString());
    }

    [Fact]
    public async Task Two_callers_with_one_word_send_two_messages()
    {
        var to = new { user_id = "bob" };
        var one = await SendAsync(_first, "/messages", JsonSerializer.Serialize(new { to, text = "one" }));
        var two = await SendAsync(_second, "/messages", JsonSerializer.Serialize(new { to, text = "two" }));
        Assert.NotEqual(one.GetProperty("id").GetInt64(), two.GetProperty("id").GetInt64());
        Assert.Equal(one.GetProperty("id").GetInt64(), (await SendAsync(_first, "/messages", JsonSerializer.Serialize(new { to, text = "one" }))).GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Two_callers_with_one_word_make_two_instances()
    {
        static string Instance(int amount) => JsonSerializer.Serialize(new { approval_code = Payments.PaymentFixture.ApprovalCode, submitter = new { user_id = "alice" }, form = new { payee = "Steel Ltd", amount } });
        var one = await SendAsync(_first, "/approvals/instances", Instance(1));
        var two = await SendAsync(_second, "/approvals/instances", Instance(2));
        Assert.NotEqual(one.GetProperty("instance_code").GetString(), two.GetProperty("instance_code").GetString());
        Assert.Equal(one.GetProperty("instance_code").GetString(), (await SendAsync(_first, "/approvals/instances", Instance(1))).GetProperty("instance_code").GetString());
    }

    [Fact]
    public async Task What_was_stored_before_keys_had_owners_is_found_by_its_caller_and_by_nobody_else()
    {
        var one = await SendAsync(_first, "/notifications", NotificationFixture.Requisition("PR-1").ToJsonString());
        await _fixture.Gateway.DamageAsync("UPDATE notification SET caller_key = 'rest:k-1'");
        Assert.Equal(one.GetProperty("id").GetString(), (await SendAsync(_first, "/notifications", NotificationFixture.Requisition("PR-1").ToJsonString())).GetProperty("id").GetString());
        Assert.Equal("PR-2", (await SendAsync(_second, "/notifications", NotificationFixture.Requisition("PR-2").ToJsonString())).GetProperty("subject").GetString());
    }

    [Fact]
    public async Task Messages_instances_and_payments_from_before_are_found_again_too()
    {
        await _fixture.SetAsync((FeishuIntegration.PaymentWorkflow, "true"), (FeishuIntegration.ApprovalCode, Payments.PaymentFixture.ApprovalCode));
        // As an older version left them: under the caller's mere word.
        await _fixture.Gateway.DamageAsync("UPDATE outbox_unowned SET up_to = 1000000");
        var message = JsonSerializer.Serialize(new { to = new { user_id = "bob" }, text = "hello" });
        var sent = (await SendAsync(GatewayApp.ApiKey, "/messages", message)).GetProperty("id").GetInt64();
        Assert.Equal(sent, (await SendAsync(_first, "/messages", message)).GetProperty("id").GetInt64());
        await _fixture.Gateway.DamageAsync("UPDATE outbox_unowned SET up_to = 0");
        Assert.NotEqual(sent, (await SendAsync(_first, "/messages", message)).GetProperty("id").GetInt64());

        var order = JsonSerializer.Serialize(Payments.PaymentFixture.Order());
        var payment = (await SendAsync(GatewayApp.ApiKey, "/payments", order)).GetProperty("id").GetString();
        await _fixture.Gateway.DamageAsync("UPDATE payment SET requested_by = 'key:first'");
        Assert.Equal(payment, (await SendAsync(_first, "/payments", order)).GetProperty("id").GetString());
        Assert.NotEqual(payment, (await SendAsync(_second, "/payments", order)).GetProperty("id").GetString());

        var instance = JsonSerializer.Serialize(new { approval_code = Payments.PaymentFixture.ApprovalCode, submitter = new { user_id = "alice" }, form = new { payee = "Steel Ltd", amount = 1 } });
        var made = (await SendAsync(GatewayApp.ApiKey, "/approvals/instances", instance)).GetProperty("instance_code").GetString();
        await _fixture.Gateway.DamageAsync("UPDATE approval_request SET unowned = 1");
        Assert.Equal(made, (await SendAsync(_first, "/approvals/instances", instance)).GetProperty("instance_code").GetString());
        await _fixture.Gateway.DamageAsync("UPDATE approval_request SET unowned = 0");
        Assert.NotEqual(made, (await SendAsync(_first, "/approvals/instances", instance)).GetProperty("instance_code").GetString());
    }

    private async Task<JsonElement> SendAsync(string key, string path, string body)
    {
        using var http = new HttpClient { BaseAddress = _fixture.Gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1" + path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Api-Key", key);
        request.Headers.Add("Idempotency-Key", "k-1");
        using var answer = await http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
