// A bot with a command: /leave shows a form, and the form's answer is checked before it is taken.
using Larkspur.Feishu;
using Larkspur.Feishu.Cards;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

if (!FeishuOptions.TryFromEnvironment(out _, out var missing))
{
    Console.Error.WriteLine($"Commands needs {missing}; to try it, run ./larkspur emulator and set the variables that it prints.");
    return 2;
}

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddFeishu(app => app.ReadEnvironment());
builder.Services.AddFeishuLongConnection(services =>
{
    var feishu = services.GetRequiredService<FeishuClient>();
    return new FeishuEventDispatcher()
        .On<ImMessageReceiveV1>(async (e, cancellation) =>
        {
            if (e.Event.Message is not { MessageId: { } messageId } message) return;
            var answer = message.ReadContent().PlainText.Trim().ToLowerInvariant() switch
            {
                "/leave" => MessageContent.Card(LeaveForm()),
                _ => MessageContent.Text("Write /leave to ask for leave."),
            };
            await feishu.Messages.ReplyAsync(messageId, answer, uuid: messageId, cancellationToken: cancellation);
        })
        .OnCardAction((click, _) => Task.FromResult(click.Action.ValueText("command") switch
        {
            "leave" => TakeLeave(click.Action.Form),
            _ => CardActionResponse.Nothing,
        }));
});
await builder.Build().RunAsync();
return 0;

static CardBuilder LeaveForm() => new CardBuilder().Header("Leave", HeaderTemplate.Blue).Form("leave", form => form
    .Add(new DatePicker { Name = "first", Required = true, Placeholder = "First day" })
    .Add(new DatePicker { Name = "last", Required = true, Placeholder = "Last day" })
    .Add(new Input { Name = "reason", Label = "Reason", MaxLength = 200 })
    .Submit("Send", value: new { command = "leave" }));

// What a form brings has been through other hands: check it again, whatever the card demanded.
static CardActionResponse TakeLeave(CardFormValues form)
{
    if (form.Date("first") is not { } first || form.Date("last") is not { } last || last < first)
        return CardActionResponse.Toast(CardToastType.Error, "The last day must not be before the first.");
    return CardActionResponse.Toast(CardToastType.Success, "Sent").WithCard(new CardBuilder()
        .Header("Leave", HeaderTemplate.Green)
        .Facts(("From", $"{first:yyyy-MM-dd}"), ("To", $"{last:yyyy-MM-dd}"), ("Reason", form.Text("reason") ?? "-")));
}
