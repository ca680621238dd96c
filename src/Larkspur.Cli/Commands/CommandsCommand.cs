using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Commands;

/// <summary><c>larkspur commands</c>: what people write to the bot with a slash, and what business systems registered of it.</summary>
internal static class CommandsCommand
{
    public static Command Create() => new("commands", "Commands of the bot: list, show, put, delete, calls.")
    {
        List(), Show(), Put(), Delete(), CommandCalls.Create(),
    };

    private static Verb List() => new Verb(
        "list", "Commands that people can call; of business systems' one's own.", "larkspur commands list").Asks(async call =>
        ListView.Print(call, (await call.AskAsync((client, limited) => client.Commands.ListAsync(limited))).Items, false,
            new("Command", c => "/" + c.Name), new("Description", Described), new("Origin", c => c.Origin), new("System", c => c.System),
            new("Form", c => c.Form is null ? "" : "yes"), new("Hidden by", c => c.HiddenBy)));

    private static Verb Show()
    {
        var name = Named.Argument("name", "The command, without slash.");
        return new Verb("show", "One of them, with its form.", "larkspur commands show leave") { name }.Asks(async call =>
            Told(call, await call.AskAsync((client, limited) => client.Commands.GetAsync(call.Get(name), limited))));
    }

    private static Verb Put()
    {
        var name = Named.Argument("name", "The command, without slash.");
        var file = new Argument<string>("file") { Description = "What it is: a JSON file as docs/commands.md has it, or - for the input." };
        var verb = new Verb("put", "Register a command, or change one.", "larkspur commands put leave leave.json") { name, file };
        return verb.Asks(async call =>
        {
            // As it is written: through a record a misspelt member would be lost before the gateway could refuse it.
            var body = await InputFile.JsonTextAsync(call.Get(file), call.Cancellation);
            var path = "commands/" + Uri.EscapeDataString(call.Get(name));
            var saved = await call.Gateway.SendAsync<CommandView>(HttpMethod.Put, path, body, null, call.Cancellation);
            foreach (var note in saved.Notes ?? []) Fail.Say(note);
            if (saved.HiddenBy is { } other) Fail.Say($"Calls go to {other}, which has one of its names.");
            return Told(call, saved);
        });
    }

    private static Verb Delete()
    {
        var name = Named.Argument("name", "The command, without slash.");
        var verb = new Verb("delete", "Take a command away; its names stay its system's for 400 days.",
            "larkspur commands delete leave") { name };
        return verb.Asks(async call =>
        {
            await call.AskAsync(async (client, limited) =>
            {
                await client.Commands.DeleteAsync(call.Get(name), limited);
                return true;
            });
            if (call.Json) JsonOut.Write(new { name = call.Get(name), deleted = true });
            else Console.Out.WriteLine(Printable.Line($"Deleted: /{call.Get(name)}"));
            return ExitCodes.Done;
        });
    }

    private static int Told(VerbCall call, CommandView command)
    {
        if (call.Json) JsonOut.Write(command);
        else
        {
            DetailView.Print(("command", "/" + command.Name), ("other names", string.Join(' ', command.Aliases.Select(a => "/" + a))),
                ("description", Described(command)), ("origin", command.Origin), ("system", command.System),
                ("apps", command.Apps is { } apps ? string.Join(' ', apps) : null), ("webhook", command.Webhook),
                ("answer within", command.AnswerWithinSeconds is { } seconds ? $"{Number(seconds)} s" : null),
                ("form", command.Form is { } form ? JsonOut.Text(form) : null), ("hidden by", command.HiddenBy),
                ("changed", command.ChangedAt is { } at ? $"{PointInTime.Shown(at)} by {command.ChangedBy}" : null));
        }

        return ExitCodes.Done;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Described(CommandView command) => Words.AreChinese ? command.Description.Zh : command.Description.En;
}
