using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Messages;

/// <summary><c>larkspur messages reactions</c>: the small pictures below a message.</summary>
internal static class Reactions
{
    private const int LargestPage = 50;

    public static Command Create() => new("reactions", "Reactions to a message: list, add, delete.") { List(), Add(), Delete() };

    private static Verb List()
    {
        var message = MessageReading.Argument();
        var app = GatewayOptions.App();
        var limit = Limit.Option(200, "How many at most.");
        return new Verb("list", "Who reacted, and how.", "larkspur messages reactions list om_dc13…") { message, app, limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<ReactionView, string>(call.Get(limit), LargestPage, async (token, size) =>
            {
                var page = await call.AskAsync((client, limited) =>
                    client.Messages.ListReactionsAsync(call.Get(message), call.Get(app), size, token, limited));
                return (page.Items, page.HasMore ? page.PageToken : null);
            }), new("Reaction", r => r.ReactionId), new("Emoji", r => r.EmojiType), new("Who", r => r.OperatorId),
                new("When", r => PointInTime.Short(r.At))));
    }

    private static Verb Add()
    {
        var message = MessageReading.Argument();
        var emoji = new Argument<string>("emoji") { Description = "The platform's name for it, like OK, THUMBSUP or DONE." };
        var app = GatewayOptions.App();
        return new Verb("add", "React to a message as the bot.", "larkspur messages reactions add om_dc13… DONE") { message, emoji, app }
            .Asks(async call =>
        {
            var made = await call.AskAsync((client, limited) =>
                client.Messages.AddReactionAsync(call.Get(message), new NewReaction { EmojiType = call.Get(emoji) }, call.Get(app),
                limited));
            return AnswerView.Say(call, made, $"Added: {made.ReactionId}");
        });
    }

    private static Verb Delete()
    {
        var message = MessageReading.Argument();
        var reaction = Named.Argument("reaction", "The reaction, as in the list.");
        var app = GatewayOptions.App();
        return new Verb("delete", "Take a reaction of the bot's back.", "larkspur messages reactions delete om_dc13… ZCaC…") { message,
            reaction, app }.Asks(async call =>
        {
            var path = $"messages/{Uri.EscapeDataString(call.Get(message))}/reactions/{Uri.EscapeDataString(call.Get(reaction))}{Query.Of(("app", call.Get(app)))}";
            return AnswerView.Say(call, await call.Gateway.CallAsync(HttpMethod.Delete, path, null, call.Cancellation),
                $"Deleted: {call.Get(reaction)}");
        });
    }
}
