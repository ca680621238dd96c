using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Approvals;

/// <summary><c>larkspur approvals instances comments</c>: what people say about an application.</summary>
internal static class InstanceComments
{
    public static Command Create() =>
        new("comments", "Comments on an instance: list, add, delete.") { List(), InstanceActions.Comment(), Delete() };

    private static Verb List()
    {
        var id = Named.Argument("id", "The instance.");
        var user = new Option<string>("--user") { Description = "Who asks, by open id: ou_…", Required = true };
        var app = GatewayOptions.App();
        return new Verb("list", "What people said about an instance, as the platform tells it: JSON.",
            "larkspur approvals instances comments list 81D31358-… --user ou_84…") { id, user, app }.Asks(async call =>
        {
            var comments = await call.AskAsync((client, limited) =>
                client.Approvals.GetCommentsAsync(call.Get(id), call.Get(user), null, call.Get(app), limited));
            if (call.Json) JsonOut.Write(comments);
            else Console.Out.WriteLine(Printable.Lines(JsonOut.Indented(comments)));
            return ExitCodes.Done;
        });
    }

    private static Verb Delete()
    {
        var id = Named.Argument("id", "The instance.");
        var comment = Named.Argument("comment", "The comment, as in the list.");
        var user = new Option<string>("--user") { Description = "Whose comment it is, by open id: ou_…", Required = true };
        var app = GatewayOptions.App();
        return new Verb("delete", "Take a comment away.",
            "larkspur approvals instances comments delete 81D31358-… 7081… --user ou_84…") { id, comment, user, app }.Asks(async call =>
        {
            var answer = await call.AskAsync((client, limited) =>
                client.Approvals.DeleteCommentAsync(call.Get(id), call.Get(comment), call.Get(user), call.Get(app), limited));
            return AnswerView.Say(call, answer, $"Deleted: {call.Get(comment)}");
        });
    }
}
