using System.CommandLine;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Client;

namespace Larkspur.Cli.Messages;

/// <summary><c>larkspur messages send</c> and <c>larkspur messages reply</c>.</summary>
internal static class SendCommand
{
    public static Verb Send()
    {
        var receiver = new ReceiverOptions();
        var content = new ContentOptions();
        var delivery = new DeliveryOptions();
        var verb = new Verb("send", "Send a message: durably queued once this returns, sent once.",
            "larkspur messages send --chat oc_a0… --text \"Order 4711 has arrived\" --wait",
            "larkspur messages send --email bob@example.com --image chart.png --key report-2026-01",
            "larkspur messages send --person ou_84… --card offer.json",
            "larkspur messages send --robot ops --markdown \"**Disk full** on db1\" --wait",
            "larkspur messages send --chat oc_a0… --template AAq… --var customer=\"三一\" --var amount:=12.5");
        receiver.AddTo(verb, robots: true);
        content.AddTo(verb, robots: true);
        delivery.AddTo(verb);
        return verb.Asks(async call =>
        {
            var body = new JsonObject { ["to"] = receiver.Read(call.Parsed) };
            await content.AddAsync(body, call, delivery.App(call.Parsed));
            return await delivery.SendAsync<SendMessage>(call, body, async (client, message, cancellation) =>
                await client.Messages.SendAsync(message, cancellation: cancellation));
        });
    }

    public static Verb Reply()
    {
        var message = Named.Argument("message", "The message: om_…, or the number that sending it gave.");
        var thread = new Option<bool>("--thread") { Description = "In a thread below the message." };
        var content = new ContentOptions();
        var delivery = new DeliveryOptions();
        var verb = new Verb("reply", "Answer a message.", "larkspur messages reply om_dc13… --text \"Seen\" --thread --wait") { message,
            thread };
        content.AddTo(verb);
        delivery.AddTo(verb);
        return verb.Asks(async call =>
        {
            var body = new JsonObject();
            if (call.Parsed.GetValue(thread)) body["in_thread"] = true;
            await content.AddAsync(body, call, delivery.App(call.Parsed));
            return await delivery.SendAsync<ReplyMessage>(call, body, async (client, reply, cancellation) =>
                await client.Messages.ReplyToAsync(call.Parsed.GetValue(message)!, reply, cancellation: cancellation));
        });
    }
}
