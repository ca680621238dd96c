// An order that is placed when it was approved: "order PAYEE AMOUNT" asks for an approval, whose outcome comes back as an event.
using System.Globalization;
using Larkspur;
using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

if (!FeishuOptions.TryFromEnvironment(out _, out _) || args is not [var code])
{
    Console.Error.WriteLine("ApprovalOrder needs FEISHU_APP_ID, FEISHU_APP_SECRET and the APPROVAL_CODE of a payment approval as argument; "
        + "to try it, run ./larkspur emulator, set the variables that it prints, and give it 5A6F1C3E-2B7D-4E90-8C41-7D3A9B0E6F12.");
    return 2;
}

var builder = Host.CreateApplicationBuilder();
builder.Services.AddFeishu(app => app.ReadEnvironment());
builder.Services.AddFeishuLongConnection(services =>
{
    var feishu = services.GetRequiredService<FeishuClient>();
    return new FeishuEventDispatcher()
        .On<ImMessageReceiveV1>(async (e, cancellation) =>
        {
            if (e.Event is not { Message: { MessageId: { } messageId } message, Sender.SenderId.OpenId: { } person }) return;
            var answer = "Write: order PAYEE AMOUNT";
            if (message.ReadContent().PlainText.Split(' ') is ["order", var payee, var sum]
                && decimal.TryParse(sum, CultureInfo.InvariantCulture, out var amount))
            {
                var form = (await feishu.Approvals.Definitions.GetAsync(code, cancellationToken: cancellation)).NewForm();
                var order = new ApprovalSubmission(form.SetText("payee", payee).SetAmount("amount", amount), ApprovalPerson.OpenId(person));
                // The message is the key: delivered twice, it still asks once. And the outcome tells which message it was.
                await feishu.Approvals.Instances.CreateOnceAsync(order, messageId, cancellationToken: cancellation);
                answer = $"Asked for {amount} to {payee}. The order is placed once it is approved.";
            }

            await feishu.Messages.ReplyAsync(messageId, MessageContent.Text(answer), uuid: messageId, cancellationToken: cancellation);
        })
        .On<ApprovalInstance>(async (e, cancellation) =>
        {
            // Requests that were not made here have no message of ours as their key.
            if (e.Event.ApprovalCode != code || e.Event.CreateUuid is not ['o', 'm', '_', ..] asked) return;
            var told = e.Event.State == ApprovalInstanceState.Approved ? "Approved: the order is placed."
                : e.Event.State == ApprovalInstanceState.Rejected ? "Refused: nothing was ordered." : null;
            if (told is null) return;
            await feishu.Messages.ReplyAsync(asked, MessageContent.Text(told), uuid: e.Delivery.EventId, cancellationToken: cancellation);
        });
});
var host = builder.Build();
try { await host.Services.GetRequiredService<FeishuClient>().Approvals.Definitions.SubscribeAsync(code); }
catch (Exception e) when (e is PlatformApiException or PlatformNetworkException)
{
    Console.Error.WriteLine($"The events of approval {code} could not be asked for: {e.Message}");
    return 1;
}

await host.RunAsync();
return 0;
