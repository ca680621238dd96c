using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Chats;

/// <summary><c>larkspur chats members</c>: a chat's people.</summary>
internal static class ChatMembers
{
    private const int LargestPage = 100;

    public static Command Create() => new("members", "A chat's people, without bots: list, add, remove.") { List(), Add(), Remove() };

    private static Verb List()
    {
        var chat = ChatsCommand.Chat();
        var app = GatewayOptions.App();
        var limit = Limit.Option(1000, "How many at most.");
        return new Verb("list", "A chat's people.", "larkspur chats members list oc_a0…") { chat, app, limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<MemberView, string>(call.Get(limit), LargestPage, async (token, size) =>
            {
                var page = await call.AskAsync((client, limited) =>
                    client.Chats.ListMembersAsync(call.Get(chat), call.Get(app), size, token, limited));
                return (page.Items, page.HasMore ? page.PageToken : null);
            }), new("Person", m => m.OpenId), new("Name", m => m.Name)));
    }

    private static Verb Add() => Of("add", "Bring people into a chat.", "Added", (client, chat, people, app, limited) =>
        client.Chats.AddMembersAsync(chat, people, app, limited));

    private static Verb Remove() => Of("remove", "Put people out of a chat.", "Removed", (client, chat, people, app, limited) =>
        client.Chats.RemoveMembersAsync(chat, people, app, limited));

    private static Verb Of(string word, string help, string done, Func<LarkspurClient, string, MemberList, string?, CancellationToken,
        Task<MemberChange>> ask)
    {
        var chat = ChatsCommand.Chat();
        var people = new Argument<string[]>("person") { Description = "Whom, by open id: ou_…, one or several.",
            Arity = ArgumentArity.OneOrMore };
        var app = GatewayOptions.App();
        return new Verb(word, help + " Exit 1 when somebody was not.", $"larkspur chats members {word} oc_a0… ou_84…") { chat, people, app }
            .Asks(async call =>
        {
            var change = await call.AskAsync((client, limited) =>
                ask(client, call.Get(chat), new MemberList { OpenIds = call.Get(people) }, call.Get(app), limited));
            foreach (var nobody in change.InvalidOpenIds) Fail.Say($"not {done.ToLowerInvariant()}: {nobody}");
            foreach (var waiting in change.PendingOpenIds) Fail.Say($"waits for the owner: {waiting}");
            var count = call.Get(people).Length - change.InvalidOpenIds.Count - change.PendingOpenIds.Count;
            AnswerView.Say(call, change, $"{done}: {count} of {call.Get(people).Length}");
            return change.InvalidOpenIds.Count == 0 ? ExitCodes.Done : ExitCodes.Refused;
        });
    }
}
