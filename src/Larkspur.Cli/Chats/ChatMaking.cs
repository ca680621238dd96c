using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Chats;

/// <summary><c>larkspur chats create</c>.</summary>
internal static class ChatMaking
{
    public static Verb Create()
    {
        var name = new Argument<string>("name") { Description = "What it is called." };
        var description = new Option<string?>("--description") { Description = "What it is for." };
        var owner = new Option<string?>("--owner") { Description = "Whose it is, by open id; default: the bot's." };
        var people = new Option<string[]>("--person") { Description = "Who is in it, by open id: ou_…; may be given several times.",
            AllowMultipleArgumentsPerToken = true };
        var app = GatewayOptions.App();
        var key = new RepeatKey();
        return new Verb("create", "Make a group with the bot in it.",
            "larkspur chats create \"Order 4711\" --person ou_84… ou_13… --key order-4711") { name, description, owner, people, app,
            key.Option }.Asks(async call =>
        {
            var wanted = new NewChat { Name = call.Get(name), Description = call.Get(description), OwnerId = call.Get(owner),
                OpenIds = call.Get(people) is { Length: > 0 } open ? open : null };
            var made = await key.OnceAsync(call, given =>
                call.AskAsync((client, limited) =>
                client.Chats.CreateAsync(wanted, app: call.Get(app), idempotencyKey: given, cancellation: limited)));
            return AnswerView.Say(call, made, $"Created: {made.ChatId}");
        });
    }
}
