// Repeats what people write to the bot. It receives over the long connection, so it needs no public address.
using Larkspur.Feishu;
using Larkspur.Feishu.Events;
using Larkspur.Feishu.Messaging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

if (!FeishuOptions.TryFromEnvironment(out _, out var missing))
{
    Console.Error.WriteLine($"EchoBot needs {missing}; to try it, run ./larkspur emulator and set the variables that it prints.");
    return 2;
}

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddFeishu(app => app.ReadEnvironment());
builder.Services.AddFeishuLongConnection(services =>
{
    var feishu = services.GetRequiredService<FeishuClient>();
    return new FeishuEventDispatcher().On<ImMessageReceiveV1>(async (e, cancellation) =>
    {
        if (e.Event.Message is not { MessageId: { } messageId } message) return;
        var words = message.ReadContent() is ReceivedText { PlainText: { Length: > 0 } said } ? said : "I can only repeat words.";
        // An event may be delivered twice. The platform shows one answer per uuid, so one answer it is.
        await feishu.Messages.ReplyAsync(messageId, MessageContent.Text(words), uuid: messageId, cancellationToken: cancellation);
    });
});
await builder.Build().RunAsync();
return 0;
