using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Approvals.Tests.Docs;

/// <summary>What docs/approvals-sdk.md shows, compiled.</summary>
internal static class ManualSnippets
{
    public static async Task Ask(FeishuClient feishu)
    {
        ApprovalDefinition payment = await feishu.Approvals.Definitions.GetAsync("7C468A54-…");
        ApprovalForm form = payment.NewForm()
            .SetText("reason", "Servers")                       // by custom id, id, or a name that only one control has
            .SetAmount("金额", 88000.50m, "CNY")
            .SetOption("付款方式", "银行转账")                    // by key or by text
            .AddRow("明细", row => row.SetText("品名", "服务器").SetNumber("数量", 2));
        var asked = new ApprovalSubmission(form, ApprovalPerson.OpenId("ou_…"));
        CreatedInstance made = await feishu.Approvals.Instances.CreateOnceAsync(asked, "PAY-2026-0001");
    }

    public static void Wrong(ApprovalForm form)
    {
        try
        {
            form.ToJson();
        }
        catch (ApprovalFormException wrong)
        {
            Console.WriteLine(wrong.For("zh_cn"));   // 控件“金额”（widget3）需要金额：一个数字，可带币种，给的是一段文字。
            foreach (ApprovalFormProblem problem in wrong.Problems) Console.WriteLine($"{problem.Fault} {problem.ControlId} {problem.Row}");
        }
    }

    public static void FromJson(ApprovalDefinition payment)
    {
        using JsonDocument values = JsonDocument.Parse("""{"reason":"Servers","金额":{"value":"88000.50","currency":"CNY"},"付款方式":"银行转账","付款日期":"2026-11-30"}""");
        ApprovalForm form = ApprovalForm.FromJson(payment, values.RootElement);
        if (form.Problems.Count > 0) Console.WriteLine(form.Problems[0].Explanation.English);
    }

    public static async Task Read(FeishuClient feishu, DateTimeOffset monday)
    {
        await foreach (string code in feishu.Approvals.Instances.ListCodesAsync("7C468A54-…", monday, monday.AddDays(7)))
        {
            ApprovalInstanceDetail instance = await feishu.Approvals.Instances.GetAsync(code);
            string amount = instance.Form["金额"] is ApprovalNumberValue money ? $"{money.Number} {money.Currency}" : "?";
            Console.WriteLine($"{instance.SerialNumber} {instance.State} {amount}");
        }
    }

    public static async Task Decide(FeishuClient feishu, string code)
    {
        ApprovalInstanceDetail instance = await feishu.Approvals.Instances.GetAsync(code);
        ApprovalInstanceTask open = instance.Tasks.First(t => t.State == ApprovalTaskState.Pending);
        ApprovalTaskRef task = ApprovalTaskRef.Of(instance, open);
        await feishu.Approvals.Tasks.TransferAsync(task, ApprovalPerson.OpenId("ou_…"), "on leave this week");
    }

    public static async Task Remind(FeishuClient feishu, ApprovalPerson asker, ApprovalPerson approver, ChatMessage card)
    {
        var reminder = ApprovalBotMessage.Reminder(new("付款申请", "Payment request"), new Uri("https://erp.example.com/pay/1"), by: asker);
        await feishu.Approvals.Reminders.SendAsync(reminder, approver, uuid: "PAY-2026-0001/1");
        await feishu.Messages.UrgeAsync(card.MessageId, UrgentWay.App, [approver.Id]);   // a card of one's own, made urgent
    }

    public static async Task Upload(FeishuClient feishu, ApprovalForm form)
    {
        await using FileStream invoice = File.OpenRead("invoice.pdf");
        ApprovalFile file = await feishu.Approvals.Files.AttachmentAsync(invoice, "invoice.pdf");
        form.SetFiles("发票", file.Code);
    }

    public static async Task Listen(FeishuClient feishu, FeishuEventDispatcher dispatcher, Func<string, ApprovalInstanceState, DateTimeOffset?, Task> Settle, Action<string> Forget)
    {
        await feishu.Approvals.Definitions.SubscribeAsync("7C468A54-…");   // once; again is fine
        dispatcher
            .On<ApprovalInstance>((e, _) => Settle(e.Event.InstanceCode!, e.Event.State, e.Event.At))
            .On<ApprovalApprovalUpdatedV4>((e, _) => { Forget(e.Event.DefinitionCode); return Task.CompletedTask; });
    }

    public static async Task Define(FeishuClient feishu)
    {
        var draft = new ApprovalDraft(new("付款申请", "Payment request")) { RefusedGoesBack = true };
        draft.Form
            .TextArea("reason", new("事由", "Reason"), required: true)
            .Amount("amount", new("金额", "Amount"), required: true, "CNY", "USD")
            .Radio("way", new("付款方式", "Way"), required: true, ("transfer", new("银行转账", "Bank transfer")), ("cash", new("现金", "Cash")));
        draft.Step("boss", new("主管", "Superior"), ApprovalStepType.Any, ApprovalDecider.Superior());
        string code = await feishu.Approvals.Definitions.PutAsync(draft);
    }

    public static async Task Foreign(FeishuClient feishu, ExternalInstance request, byte[] body, Func<ExternalApprovalAction, Task> DecideInErp)
    {
        await feishu.Approvals.External.ShowAsync(request);                 // made or changed: what is now
        var receiver = new ExternalApprovalReceiver(token: "…", key: "…");
        ExternalApprovalReception post = receiver.Receive(body);            // what the platform posted to the callback address
        if (post.Action is { } action) await DecideInErp(action);           // answer 200 within 10 s, then show the request again
    }
}
