using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Commands;

/// <summary><c>larkspur commands calls</c>: who called a command, and what was answered.</summary>
internal static class CommandCalls
{
    private const int LargestPage = 100;

    public static Command Create() => new("calls", "Calls of a command: list, show, answer.") { List(), Show(), Answer() };

    private static Verb List()
    {
        var name = Named.Argument("name", "The command, without slash.");
        var limit = Limit.Option(20, "How many at most.");
        var verb = new Verb("list", "Who called a command, the newest first, and what became of it.",
            "larkspur commands calls list leave") { name, limit };
        return verb.Asks(call =>
            ListView.PrintAsync(call, new PagedList<CallView, long?>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) => client.Commands.ListCallsAsync(call.Get(name), cursor, size, limited));
                return (page.Items, page.Next);
            }), new("Call", c => c.Call), new("At", c => PointInTime.Short(c.CreatedAt)), new("State", c => c.State),
                new("Platform", c => c.Platform), new("Person", c => c.Person.Name ?? c.Person.PersonId),
                new("Answers", c => Number(c.Answers)), new("Reference", c => c.Reference)));
    }

    private static Verb Show()
    {
        var (name, id) = (Named.Argument("name", "The command, without slash."), Named.Argument("call", "The call, as in the list."));
        return new Verb("show", "A call with what was filled in.", "larkspur commands calls show leave cc_…") { name, id }
            .Asks(async call =>
            AnswerView.Print(call,
                await call.AskAsync((client, limited) => client.Commands.GetCallAsync(call.Get(name), call.Get(id), limited))));
    }

    private static Verb Answer()
    {
        var (name, id) = (Named.Argument("name", "The command, without slash."), Named.Argument("call", "The call, as in the list."));
        var text = new Option<string>("--text") { Description = "What is answered; - reads it from the input.", Required = true };
        return new Verb("answer", "Answer a call.", "larkspur commands calls answer leave cc_… --text \"Granted\"") { name, id, text }
            .Asks(async call =>
        {
            var said = call.Get(text)!;
            var answer = new AnswerCall { Text = said == "-" ? await InputFile.TextAsync("-", call.Cancellation) : said };
            var answered = await call.AskAsync((client, limited) =>
                client.Commands.AnswerCallAsync(call.Get(name), call.Get(id), answer, cancellation: limited));
            return AnswerView.Say(call, answered, $"Answered: {answered.Call}, answer {Number(answered.Answer)}");
        });
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
