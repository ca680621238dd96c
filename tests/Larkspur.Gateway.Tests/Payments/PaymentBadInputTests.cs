using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Tests.Messages;

namespace Larkspur.Gateway.Tests.Payments;

/// <summary>What is wrong with a payment is said by a word and the field, and nothing is half done.</summary>
public sealed class PaymentBadInputTests : IAsyncLifetime
{
    private PaymentFixture _fixture = null!;

    public async ValueTask InitializeAsync() => _fixture = await PaymentFixture.StartAsync(on: false);

    public async ValueTask DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task The_workflow_is_off_until_all_three_settings_are_there()
    {
        await RefusedAsync(PaymentFixture.Order(), 409, "integration_off", null);
        await _fixture.SetAsync((FeishuIntegration.Enabled, "true"));
        await RefusedAsync(PaymentFixture.Order(), 409, "payment_workflow_off", null);
        await _fixture.SetAsync((FeishuIntegration.PaymentWorkflow, "true"));
        await RefusedAsync(PaymentFixture.Order(), 409, "no_approval_code", null);
        await _fixture.SetAsync((FeishuIntegration.ApprovalCode, "ABCDEFGH-0000"));
        await RefusedAsync(PaymentFixture.Order(), 422, "unknown_approval_code", null);
        await NothingAsync();
    }

    [Fact]
    public async Task A_wrong_request_names_its_field()
    {
        await _fixture.SwitchOnAsync();
        await RefusedAsync(With("amount", "-5"), 422, "bad_amount", "/amount");
        await RefusedAsync(With("amount", "1e3"), 422, "bad_amount", "/amount");
        await RefusedAsync(With("currency", "yuan"), 422, "bad_currency", "/currency");
        await RefusedAsync(With("number", null), 400, "missing", "/number");
        await RefusedAsync(With("colour", "red"), 400, "unknown_field", "/colour");
        await RefusedAsync(With("webhook", "nobody"), 422, "unknown_webhook", "/webhook");
        await RefusedAsync(With("app", "other"), 404, "unknown_app", "/app");
        await RefusedAsync(With("submitter", new { email = "nobody@example.com" }), 422, "unknown_person", "/submitter/email");
        await RefusedAsync(With("submitter", new { user_id = "mallory" }), 422, "unknown_person", "/submitter/user_id");
        await RefusedAsync(With("submitter", new { user_id = "alice", email = "alice@example.com" }), 400, "several_names", "/submitter");
        await RefusedAsync(With("approvers", new[] { new { user_id = "bob" } }), 422, "no_step_takes_approvers", "/approvers/0");
        await RefusedAsync(With("amount", "12.00"), 422, "amount_differs", "/amount");
        await RefusedAsync(With("currency", "USD"), 422, "amount_differs", "/amount");
        await RefusedAsync(With("payee", "Mallory Ltd"), 422, "payee_differs", "/payee");
        await RefusedAsync(Form("amount", "much"), 422, "wrong_type", "/form/amount");
        await RefusedAsync(Form("method", "gold"), 422, "unknown_option", "/form/method");
        await RefusedAsync(Form("colour", "red"), 422, "unknown_control", "/form/colour");
        var missing = await _fixture.Gateway.PostRestAsync("/payments", Form("payee", null));
        Assert.Equal((422, "missing"), (missing.Status, missing.Error));
        Assert.StartsWith("/form/", missing.Pointer);
        await NothingAsync();
    }

    [Fact]
    public async Task Events_of_codes_and_instances_that_are_not_ours_are_recorded_and_ignored()
    {
        await _fixture.SwitchOnAsync();
        var foreign = await _fixture.PushInstanceAsync("11111111-AAAA", "APPROVED", "some-uuid", "99999999-BBBB");
        Assert.Equal(("ignored", "other_approval_code"), await OutcomeAsync(foreign));
        var unknown = await _fixture.PushInstanceAsync("11111111-AAAA", "APPROVED", "some-uuid");
        Assert.Equal(("ignored", "not_a_payment"), await OutcomeAsync(unknown));
        var empty = await _fixture.PushAsync(new { type = "approval_instance", approval_code = PaymentFixture.ApprovalCode });
        Assert.Equal(("ignored", "incomplete"), await OutcomeAsync(empty));
        Assert.Empty(_fixture.Erp.Calls);
    }

    private async Task<(string?, string?)> OutcomeAsync(string eventId)
    {
        var outcome = await _fixture.Gateway.OutcomeAsync(eventId);
        return (outcome.GetProperty("outcome").GetString(), outcome.GetProperty("reason").GetString());
    }

    private async Task RefusedAsync(object order, int status, string word, string? pointer)
    {
        var answer = await _fixture.Gateway.PostRestAsync("/payments", order);
        Assert.True((answer.Status, answer.Error, answer.Pointer) == (status, word, pointer), $"{answer}, wanted {status} {word} {pointer}");
    }

    private async Task NothingAsync()
    {
        Assert.Empty((await _fixture.Gateway.GetRestAsync("/payments")).Items);
        Assert.Empty((await _fixture.Gateway.GetRestAsync("/outbox")).Items);
        Assert.Empty(await _fixture.InstancesAsync());
    }

    private static Dictionary<string, object?> With(string member, object? value)
    {
        var order = PaymentFixture.Order();
        order[member] = value;
        return order;
    }

    private static Dictionary<string, object?> Form(string control, object? value)
    {
        var order = PaymentFixture.Order();
        var form = (Dictionary<string, object?>)order["form"]!;
        form[control] = value;
        return order;
    }
}
