using System.CommandLine;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Approvals;

/// <summary><c>larkspur approvals instances cancel</c>, <c>cc</c> and <c>comments add</c>: in somebody's name.</summary>
internal static class InstanceActions
{
    public static Verb Cancel()
    {
        var (id, user, app) = (Named.Argument("id", "The instance."), User("Its submitter"), GatewayOptions.App());
        return new Verb("cancel", "Withdraw an instance in its submitter's name.", "larkspur approvals instances cancel 81D31358-… --user alice@mica.example") { id, user, app }.Asks(async call =>
        {
            var body = new CancelInstance { User = Who.Person(call.Get(user)!).Deserialize<CancelInstanceUser>()!, App = call.Get(app) };
            return Done(call, await call.AskAsync((client, limited) => client.Approvals.CancelInstanceAsync(call.Get(id), body, limited)), $"Canceled: {call.Get(id)}");
        });
    }

    public static Verb Copy()
    {
        var (id, user, app) = (Named.Argument("id", "The instance."), User("Who sends the copies"), GatewayOptions.App());
        var to = new Option<string[]>("--to") { Description = $"Who gets one; may be given several times: {Who.Help}.", Required = true };
        var comment = new Option<string?>("--comment") { Description = "A word to them." };
        return new Verb("cc", "Send copies of an instance.", "larkspur approvals instances cc 81D31358-… --user alice --to carol") { id, user, to, comment, app }.Asks(async call =>
        {
            var body = new CopyInstance
            {
                User = Who.Person(call.Get(user)!).Deserialize<CopyInstanceUser>()!, People = Who.All(call.Get(to)!, Who.Person).Deserialize<CopyInstancePeopleItem[]>()!, Comment = call.Get(comment), App = call.Get(app),
            };
            return Done(call, await call.AskAsync((client, limited) => client.Approvals.CopyInstanceAsync(call.Get(id), body, limited)), $"Copies sent: {call.Get(id)}");
        });
    }

    public static Verb Comment()
    {
        var (id, user, app) = (Named.Argument("id", "The instance."), User("Who says it"), GatewayOptions.App());
        var text = new Option<string>("--text") { Description = "What is said; - reads it from the input.", Required = true };
        var parent = new Option<string?>("--parent") { Description = "The comment that it answers." };
        return new Verb("add", "Comment on an instance in somebody's name.",
            "larkspur approvals instances comments add 81D31358-… --user alice --text \"please hurry\"") { id, user, text, parent, app }
            .Asks(async call =>
        {
            var said = call.Get(text)!;
            var body = new CommentInstance
            {
                User = Who.Person(call.Get(user)!).Deserialize<CommentInstanceUser>()!, Text = said == "-" ? await InputFile.TextAsync("-", call.Cancellation) : said, Parent = call.Get(parent), App = call.Get(app),
            };
            var made = await call.AskAsync((client, limited) => client.Approvals.CommentInstanceAsync(call.Get(id), body, limited));
            return Done(call, made, $"Commented: {made.Text("comment_id")}");
        });
    }

    public static Option<string> User(string who) => new("--user") { Description = $"{who}: {Who.Help}.", Required = true };

    /// <summary>Tells that it is done; the answer itself is for programs.</summary>
    public static int Done(VerbCall call, JsonElement answer, string sentence)
    {
        if (call.Json) JsonOut.Write(answer);
        else Console.Out.WriteLine(Printable.Line(sentence));
        return ExitCodes.Done;
    }
}
