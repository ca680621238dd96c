using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Messages;

/// <summary><c>larkspur messages change</c>, <c>forward</c>, <c>merge-forward</c>, <c>urge</c>, <c>pin</c> and <c>unpin</c>.</summary>
internal static class MessageChanges
{
    public static Verb Change()
    {
        var message = MessageReading.Argument();
        var content = new ContentOptions();
        var delivery = new DeliveryOptions();
        var verb = new Verb("change", "Have a message of the bot's say something else: --text, --post, --card or --template.",
            "larkspur messages change om_dc13… --card done.json --wait") { message };
        content.AddTo(verb);
        delivery.AddTo(verb);
        return verb.Asks(async call =>
        {
            var body = new JsonObject();
            await content.AddAsync(body, call, delivery.App(call.Parsed));
            var path = "messages/" + Uri.EscapeDataString(call.Get(message));
            return await delivery.SendAsync<ChangeMessage>(call, body, async (_, _, cancellation) =>
                (await call.Gateway.CallAsync(HttpMethod.Patch, path, body.ToJsonString(), cancellation)).Deserialize<MessageAnswer>()!);
        });
    }

    public static Verb Forward()
    {
        var message = MessageReading.Argument();
        var receiver = new ReceiverOptions();
        var delivery = new DeliveryOptions();
        var verb = new Verb("forward", "Forward a message.", "larkspur messages forward om_dc13… --chat oc_a0…") { message };
        receiver.AddTo(verb);
        delivery.AddTo(verb);
        return verb.Asks(call => delivery.SendAsync<ForwardMessage>(call, new JsonObject { ["to"] = receiver.Read(call.Parsed) },
            async (client, forward, cancellation) =>
                await client.Messages.ForwardAsync(call.Get(message), forward, cancellation: cancellation)));
    }

    public static Verb MergeForward()
    {
        var messages = new Argument<string[]>("message") { Description = "Messages of one chat: om_…, several.",
            Arity = ArgumentArity.OneOrMore };
        var receiver = new ReceiverOptions();
        var delivery = new DeliveryOptions();
        var verb = new Verb("merge-forward", "Forward several messages of a chat as one.",
            "larkspur messages merge-forward om_1… om_2… --email bob@example.com") { messages };
        receiver.AddTo(verb);
        delivery.AddTo(verb);
        return verb.Asks(call =>
        {
            var body = new JsonObject { ["message_ids"] = new JsonArray([.. call.Get(messages).Select(m => (JsonNode)m)]),
                ["to"] = receiver.Read(call.Parsed) };
            return delivery.SendAsync<MergeForwardMessages>(call, body, async (client, forward, cancellation) =>
                await client.Messages.MergeForwardAsync(forward, cancellation: cancellation));
        });
    }

    public static Verb Urge()
    {
        var message = MessageReading.Argument();
        var people = new Argument<string[]>("person") { Description = "Whom, by open id: ou_…, one or several.",
            Arity = ArgumentArity.OneOrMore };
        var by = new Option<string?>("--by") { Description = "app, sms or phone; default: app." };
        by.AcceptOnlyFromAmong("app", "sms", "phone");
        var app = GatewayOptions.App();
        return new Verb("urge", "Push a message of the bot's to the front of people's screens.",
            "larkspur messages urge om_dc13… ou_84…") { message, people, by, app }.Asks(async call =>
        {
            var urgency = new Urgency { OpenIds = call.Get(people), By = call.Get(by) };
            var urged = await call.AskAsync((client, limited) =>
                client.Messages.UrgeAsync(call.Get(message), urgency, call.Get(app), limited));
            foreach (var nobody in urged.InvalidOpenIds) Fail.Say($"not reached: {nobody}");
            return AnswerView.Say(call, urged,
                $"Urged: {call.Get(people).Length - urged.InvalidOpenIds.Count} of {call.Get(people).Length}");
        });
    }

    public static Verb Pin()
    {
        var message = MessageReading.Argument();
        var app = GatewayOptions.App();
        return new Verb("pin", "Pin a message in its chat.", "larkspur messages pin om_dc13…") { message, app }.Asks(async call =>
            AnswerView.Say(call,
                await call.AskAsync((client, limited) => client.Messages.PinAsync(call.Get(message), call.Get(app), limited)),
                $"Pinned: {call.Get(message)}"));
    }

    public static Verb Unpin()
    {
        var message = MessageReading.Argument();
        var app = GatewayOptions.App();
        return new Verb("unpin", "Take a pin off.", "larkspur messages unpin om_dc13…") { message, app }.Asks(async call =>
            AnswerView.Say(call,
                await call.Gateway.CallAsync(HttpMethod.Delete,
                $"messages/{Uri.EscapeDataString(call.Get(message))}/pin{Query.Of(("app", call.Get(app)))}", null, call.Cancellation),
                $"Unpinned: {call.Get(message)}"));
    }
}
