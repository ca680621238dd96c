using System.Text;
using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;
using Larkspur.Feishu.Events;

namespace Larkspur.Approvals.Tests.Events;

public sealed class EventTests : EmulatorTests
{
    private static readonly FeishuOptions Options = new()
    {
        AppId = EmulatorApp.AppId, AppSecret = "x", EncryptKey = EmulatorApp.DefaultApp.EncryptKey, VerificationToken = EmulatorApp.DefaultApp.VerificationToken, EventWindow = TimeSpan.FromDays(10_000),
    };

    [Fact]
    public async Task What_happens_to_a_subscribed_definition_is_heard_typed()
    {
        await using Wire wire = await Wire.StartAsync();
        await Emulator.SetCallbackAsync(wire.Address.AbsoluteUri);
        await Feishu.Approvals.Definitions.SubscribeAsync(Payment, cancellationToken: Stop);
        string code = await Feishu.Approvals.Instances.CreateAsync(await PaymentAsync(), "PAY-1", cancellationToken: Stop);
        await Feishu.Approvals.Tasks.RejectAsync(await OpenAsync(code, Bob), cancellationToken: Stop);

        var receiver = new FeishuEventReceiver(Options, TimeProvider.System);
        List<FeishuDelivery> heard = [];
        // Pushes overtake each other, as the platform's do.
        while (!heard.Any(d => d.EventType == "approval_instance" && d.Read<ApprovalInstance>().State == ApprovalInstanceState.Rejected)
            || !heard.Any(d => d.EventType == "approval_instance" && d.Read<ApprovalInstance>().State == ApprovalInstanceState.Pending)
            || !heard.Any(d => d.EventType == "approval_task" && d.Read<ApprovalTask>() is { State: ApprovalTaskState.Pending } task && task.Person == Bob))
        {
            WireCall call = await wire.NextAsync();
            FeishuReception reception = receiver.Receive(new FeishuDeliveryHeaders
            {
                ContentType = call.Headers["Content-Type"], Timestamp = call.Headers["X-Lark-Request-Timestamp"], Nonce = call.Headers["X-Lark-Request-Nonce"], Signature = call.Headers["X-Lark-Signature"],
            }, call.Bytes);
            heard.Add(reception.Delivery!);
        }

        ApprovalInstance[] instances = [.. heard.Where(d => d.EventType == "approval_instance").Select(d => d.Read<ApprovalInstance>())];
        Assert.Equal([ApprovalInstanceState.Pending, ApprovalInstanceState.Rejected], instances.Select(i => i.State).Order());
        Assert.All(instances, i => Assert.Equal((Payment, code, "PAY-1"), (i.ApprovalCode, i.InstanceCode, i.CreateUuid)));
        Assert.All(instances, i => Assert.NotNull(i.At));
        Assert.Contains(heard.Where(d => d.EventType == "approval_task").Select(d => d.Read<ApprovalTask>()), t => t.State == ApprovalTaskState.Pending && t.Person == Bob);
        Assert.Equal(heard.Count, heard.Select(d => d.EventId).Distinct().Count());
    }

    [Fact]
    public void Undone_comes_with_its_time_as_a_number()
    {
        ApprovalInstance undone = Read<ApprovalInstance>("approval_instance", """{"approval_code":"A","instance_code":"I","status":"REVERTED","operate_time":1666079207003}""");
        Assert.Equal((ApprovalInstanceState.Reverted, DateTimeOffset.FromUnixTimeMilliseconds(1666079207003)), (undone.State, undone.At!.Value));
        Assert.Null(undone.CreateUuid);
        ApprovalInstance text = Read<ApprovalInstance>("approval_instance", """{"status":"OVERTIME_CLOSE","operate_time":"1666079207003","instance_operate_time":"1666079207004","uuid":"u"}""");
        Assert.Equal((ApprovalInstanceState.OvertimeClosed, 1666079207004, "u"), (text.State, text.At!.Value.ToUnixTimeMilliseconds(), text.CreateUuid));
        Assert.Equal(ApprovalInstanceState.Unknown, Read<ApprovalInstance>("approval_instance", """{"status":"SOMETHING_NEW","operate_time":"x"}""").State);
    }

    [Fact]
    public void A_task_says_where_it_was_sent_back_to()
    {
        ApprovalTask back = Read<ApprovalTask>("approval_task", """
            {"open_id":"","user_id":"","status":"ROLLBACK","operate_time":"1502199207","extra":"{\"rollback_node_ids\":[\"n1\"],\"rollback_custom_node_ids\":[\"c1\"]}"}
            """);
        Assert.Equal(ApprovalTaskState.RolledBack, back.State);
        Assert.Equal("n1 c1", $"{back.RolledBackTo.Single()} {back.RolledBackToCustom.Single()}");
        Assert.Null(back.Person);
        Assert.Empty(Read<ApprovalTask>("approval_task", """{"extra":"no json"}""").RolledBackTo);
        Assert.Equal(ApprovalPerson.UserId("bob"), Read<ApprovalTask>("approval_task", """{"user_id":"bob"}""").Person);
    }

    [Fact]
    public void A_changed_definition_is_about_no_instance()
    {
        FeishuDelivery delivery = Frame("""
            {"schema":"2.0","header":{"event_id":"e","event_type":"approval.approval.updated_v4","app_id":"cli_x","create_time":"1700000000000"},
             "event":{"object":{"approval_code":"5B43","approval_id":"1","version_id":"2","timestamp":"1736763698","widget_group_type":0,"process_obj":"{}","extra":""}}}
            """.Replace("cli_x", EmulatorApp.AppId, StringComparison.Ordinal));
        ApprovalApprovalUpdatedV4 changed = delivery.Read<ApprovalApprovalUpdatedV4>();
        Assert.Equal(("5B43", DateTimeOffset.FromUnixTimeSeconds(1736763698)), (changed.DefinitionCode, changed.At!.Value));
    }

    [Fact]
    public void Copies_leave_overtime_and_absence_are_read()
    {
        ApprovalCc copy = Read<ApprovalCc>("approval_cc", """{"instance_code":"I","create_time":1666079207003,"operate":"READ","user_id":"carol"}""");
        Assert.Equal((true, 1666079207003), (copy.IsRead, copy.At!.Value.ToUnixTimeMilliseconds()));
        Assert.Equal(TimeSpan.FromHours(36), Read<LeaveApproval>("leave_approval", """{"leave_interval":129600,"leave_unit":2,"leave_start_time":"2024-09-05 12:00:00","start_time":1589527346}""").Duration);
        Assert.Equal(TimeSpan.FromHours(1), Read<WorkApproval>("work_approval", """{"work_interval":3600,"start_time":1741576408,"employee_id":"x"}""").Duration);
        Assert.Equal(TimeSpan.FromHours(2), Read<OutApproval>("out_approval", """{"out_interval":7200}""").Duration);
    }

    private static T Read<T>(string type, string body)
    {
        string inner = body.Trim();
        return Frame($$"""{"ts":"1502199207.7171419","uuid":"bc44","token":"t","type":"event_callback","event":{"app_id":"{{EmulatorApp.AppId}}","type":"{{type}}",{{inner[1..]}}}""").Read<T>();
    }

    private static FeishuDelivery Frame(string json) => new FeishuEventReceiver(Options, TimeProvider.System).ReceiveFrame(Encoding.UTF8.GetBytes(json)).Delivery!;
}
