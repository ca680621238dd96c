using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Chats;

/// <summary><c>larkspur chats</c>: the groups that the bot is in, one of them, its people and messages.</summary>
internal static class ChatsCommand
{
    private const int LargestPage = 100;

    public static Command Create() =>
        new("chats", "The groups that the bot is in: list, show, create, history, members, announcement, pins.")
    {
        List(), Show(), ChatMaking.Create(), HistoryVerb.Create(), ChatMembers.Create(), Announcements.Create(), Announcements.Pins(),
    };

    public static Argument<string> Chat() => Named.Argument("chat", "The chat: oc_…");

    private static Verb List()
    {
        var app = GatewayOptions.App();
        var limit = Limit.Option(200, "How many at most.");
        var order = new Option<string>("--order") { Description = "created: the oldest first; active: the liveliest first.", DefaultValueFactory = _ => "created" };
        order.AcceptOnlyFromAmong("created", "active");
        var verb = new Verb("list", "The groups that the bot is in.", "larkspur chats list --order active",
            "larkspur chats list --json | jq -r .items[].chat_id") { app, limit, order };
        return verb.Asks(call =>
            ListView.PrintAsync(call, new PagedList<ChatView, string>(call.Get(limit), LargestPage, async (token, size) =>
        {
            var page = await call.AskAsync((client, limited) => client.Chats.ListAsync(call.Get(app), size, token, call.Get(order), limited));
            return (page.Items, page.HasMore ? page.PageToken : null);
        }), new("Chat", c => c.ChatId), new("Name", c => c.Name), new("Owner", c => c.OwnerId), new("Status", c => c.Status)));
    }

    private static Verb Show()
    {
        var chat = Chat();
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
}
