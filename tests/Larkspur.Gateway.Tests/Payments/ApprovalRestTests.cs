using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>The platform's approvals over REST: what a business system asks for arrives there, typed and judged beforehand.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class ApprovalRestTests : IAsyncLifetime
{
    private PaymentFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await PaymentFixture.StartAsync(on: false);

    public async ValueTask DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task A_definition_is_read_with_its_typed_controls_and_steps()
    {
        var read = await _fixture.Gateway.GetRestAsync("/approvals/definitions/" + PaymentFixture.ApprovalCode);
        Assert.True(read.Status == 200, read.ToString());
        var amount = read.Body.GetProperty("form").EnumerateArray().Single(c => c.GetProperty("custom_id").GetString() == "amount");
        Assert.Equal(("amount", true), (amount.GetProperty("type").GetString(), amount.GetProperty("required").GetBoolean()));
        Assert.Contains(read.Body.GetProperty("nodes").EnumerateArray(), n => n.GetProperty("custom_id").GetString() == "finance");
        var unknown = await _fixture.Gateway.GetRestAsync("/approvals/definitions/99999999-0000");
        Assert.Equal((422, "unknown_approval_code"), (unknown.Status, unknown.Error));
    }

    [Fact]
    public async Task An_instance_is_made_once_per_key_listed_and_decided_in_its_approvers_names()
    {
        var made = await _fixture.Gateway.PostRestAsync("/approvals/instances", Submission("Steel Ltd"), "k1");
        Assert.True(made.Status == 201, made.ToString());
        var code = made.Text("instance_code")!;
        var again = await _fixture.Gateway.PostRestAsync("/approvals/instances", Submission("Steel Ltd"), "k1");
        Assert.Equal((code, true), (again.Text("instance_code"), again.Body.GetProperty("was_there").GetBoolean()));
        var other = await _fixture.Gateway.PostRestAsync("/approvals/instances", Submission("Other Ltd"), "k1");
        Assert.Equal((409, "key_in_use"), (other.Status, other.Error));
        Assert.Single(await _fixture.InstancesAsync());

        var listed = await _fixture.Gateway.GetRestAsync($"/approvals/instances?approval_code={PaymentFixture.ApprovalCode}&since={Uri.EscapeDataString(DateTimeOffset.UtcNow.AddHours(-30).ToString("O"))}");
        Assert.Equal([code], listed.Body.GetProperty("instance_codes").EnumerateArray().Select(c => c.GetString()));

        foreach (var who in (string[])["bob", "carol"])
        {
            var instance = (await _fixture.InstancesAsync())[0];
            var task = instance["tasks"]!.AsArray().Single(t => t!["status"]!.GetValue<string>() == "PENDING")!["task_id"]!.GetValue<string>();
            var decided = await _fixture.Gateway.PostRestAsync($"/approvals/tasks/{task}/approve", new { instance = code, user = new { user_id = who }, comment = "fine" });
            Assert.True(decided.Status == 200, decided.ToString());
        }

        var read = await _fixture.Gateway.GetRestAsync("/approvals/instances/" + code);
        Assert.Equal("APPROVED", read.Text("status"));

        // The platform says "bob" and "carol"; which key it was, the audit log says.
        var lines = (await _fixture.Gateway.GetRestAsync("/audit?what=approval_task.approve&subject=" + code)).Items;
        Assert.Equal(2, lines.Length);
        Assert.All(lines, line => Assert.Equal("api", line.GetProperty("who").GetString()));
        Assert.Equal(["bob", "carol"], lines.Select(l => l.GetProperty("detail").GetProperty("in_the_name_of").GetString()!).Order(StringComparer.Ordinal));
        Assert.NotEmpty((await _fixture.Gateway.GetRestAsync("/audit?what=approval_instance.create")).Items);
    }

    [Fact]
    public async Task What_does_not_fit_is_refused_before_the_platform_is_asked_to_do_it()
    {
        var wrong = await _fixture.Gateway.PostRestAsync("/approvals/instances", new
        {
            approval_code = PaymentFixture.ApprovalCode, submitter = new { user_id = "alice" }, form = new { payee = 5, amount = 1 },
        });
        Assert.Equal((422, "wrong_type", "/form/payee"), (wrong.Status, wrong.Error, wrong.Pointer));
        var nobody = await _fixture.Gateway.PostRestAsync("/approvals/tasks/123/approve", new { instance = "x-1", user = new { user_id = "mallory" } });
        Assert.Equal((422, "unknown_person", "/user/user_id"), (nobody.Status, nobody.Error, nobody.Pointer));
        var long_ = await _fixture.Gateway.GetRestAsync($"/approvals/instances?approval_code={PaymentFixture.ApprovalCode}&since=2020-01-01T00:00:00Z");
        Assert.Equal((422, "period_too_long"), (long_.Status, long_.Error));
        var missing = await _fixture.Gateway.GetRestAsync("/approvals/instances/00000000-0000");
        Assert.Equal((404, "unknown_instance"), (missing.Status, missing.Error));
        Assert.Empty(await _fixture.InstancesAsync());
    }

    private static object Submission(string payee) => new { approval_code = PaymentFixture.ApprovalCode, submitter = new { user_id = "alice" }, form = new { payee, amount = 12 } };
}
