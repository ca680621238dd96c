using System.CommandLine;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Chats;

/// <summary><c>larkspur chats announcement</c> and <c>pins</c>: what stands above a chat's messages.</summary>
internal static class Announcements
{
    private const int LargestPage = 50;

    public static Command Create() => new("announcement", "A chat's announcement: show, change.") { Show(), Change() };

    public static Command Pins()
    {
        var chat = ChatsCommand.Chat();
        var app = GatewayOptions.App();
        var limit = Limit.Option(200, "How many at most.");
        return new Command("pins", "A chat's pinned messages: list (messages pin and unpin change them).")
        {
            new Verb("list", "Pinned messages.", "larkspur chats pins list oc_a0…") { chat, app, limit }.Asks(call =>
                ListView.PrintAsync(call, new PagedList<Client.PinView, string>(call.Get(limit), LargestPage, async (token, size) =>
                {
                    var page = await call.AskAsync((client, limited) =>
                        client.Chats.ListPinsAsync(call.Get(chat), call.Get(app), size, token, limited));
                    return (page.Items, page.HasMore ? page.PageToken : null);
                }), new("Message", p => p.MessageId), new("By", p => p.OperatorId), new("When", p => PointInTime.Short(p.At)))),
        };
    }

    private static Verb Show()
    {
        var chat = ChatsCommand.Chat();
        var app = GatewayOptions.App();
        return new Verb("show", "The announcement, with the revision that a change names.",
            "larkspur chats announcement show oc_a0…") { chat, app }.Asks(async call =>
            AnswerView.Print(call,
                await call.AskAsync((client, limited) => client.Chats.GetAnnouncementAsync(call.Get(chat), call.Get(app), limited))));
    }

    private static Verb Change()
    {
        var chat = ChatsCommand.Chat();
        var revision = new Option<string>("--revision") { Description = "The revision that was read; another one is refused.",
            Required = true };
        var requests = new Option<string[]>("--request") { Description =
            "A change as the platform's documents have it, as JSON; may be given several times.", Required = true };
        var app = GatewayOptions.App();
        return new Verb("change", "Change the announcement.",
            "larkspur chats announcement change oc_a0… --revision 12 --request '{…}'") { chat, revision, requests, app }.Asks(async call =>
        {
            var body = new JsonObject { ["revision"] = call.Get(revision),
                ["requests"] = new JsonArray([.. call.Get(requests)!.Select(r => (JsonNode)r)]) };
            var path = $"chats/{Uri.EscapeDataString(call.Get(chat))}/announcement{Query.Of(("app", call.Get(app)))}";
            return AnswerView.Say(call, await call.Gateway.CallAsync(HttpMethod.Patch, path, body.ToJsonString(), call.Cancellation),
                $"Changed: the announcement of {call.Get(chat)}");
        });
    }
}
