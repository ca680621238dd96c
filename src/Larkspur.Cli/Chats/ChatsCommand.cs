using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Chats;

/// <summary><c>larkspur chats</c>: the groups that the bot is in, one of them, its people.</summary>
internal static class ChatsCommand
{
    private const int LargestPage = 100;

    public static Command Create()
    {
        var app = GatewayOptions.App();
        var limit = Limit.Option(200, "How many at most.");
        var order = new Option<string>("--order") { Description = "created: the oldest first; active: the liveliest first.", DefaultValueFactory = _ => "created" };
        order.AcceptOnlyFromAmong("created", "active");
        var verb = new Verb("chats", "The groups that the bot is in.", "larkspur chats --order active", "larkspur chats members oc_a0… --json | jq -r .items[].open_id") { app, limit, order };
        verb.Asks(call => ListView.PrintAsync(call, new PagedList<ChatView, string>(call.Get(limit), LargestPage, async (token, size) =>
        {
            var page = await call.AskAsync((client, limited) => client.Chats.ListAsync(call.Get(app), size, token, call.Get(order), limited));
            return (page.Items, page.HasMore ? page.PageToken : null);
        }), new("Chat", c => c.ChatId), new("Name", c => c.Name), new("Owner", c => c.OwnerId), new("Status", c => c.Status)));
        verb.Add(Show());
        verb.Add(Members());
        return verb;
    }

    private static Verb Show()
    {
        var chat = Named.Argument("chat", "The chat: oc_…");
        var app = GatewayOptions.App();
        return new Verb("show", "A chat.", "larkspur chats show oc_a0…") { chat, app }.Asks(async call =>
        {
            var answer = await call.AskAsync((client, limited) => client.Chats.GetAsync(call.Get(chat), call.Get(app), limited));
            if (call.Json) JsonOut.Write(answer);
            else DetailView.Print(("chat id", answer.ChatId), ("name", answer.Name), ("description", answer.Description), ("owner id", answer.OwnerId), ("external", answer.External is true ? "yes" : null), ("status", answer.Status),
                ("people", answer.People?.ToString(CultureInfo.InvariantCulture)), ("bots", answer.Bots?.ToString(CultureInfo.InvariantCulture)));
            return ExitCodes.Done;
        });
    }

    private static Verb Members()
    {
        var chat = Named.Argument("chat", "The chat: oc_…");
        var app = GatewayOptions.App();
        var limit = Limit.Option(1000, "How many at most.");
        return new Verb("members", "A chat's people, without bots.", "larkspur chats members oc_a0…") { chat, app, limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<MemberView, string>(call.Get(limit), LargestPage, async (token, size) =>
            {
                var page = await call.AskAsync((client, limited) => client.Chats.ListMembersAsync(call.Get(chat), call.Get(app), size, token, limited));
                return (page.Items, page.HasMore ? page.PageToken : null);
            }), new("Person", m => m.OpenId), new("Name", m => m.Name)));
    }
}
