using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Cards;

/// <summary><c>larkspur cards import</c>, <c>render</c> and <c>templates</c>: what the gateway does with cards.</summary>
internal static class GatewayCards
{
    public static Verb Import()
    {
        var file = new Argument<string>("file") { Description = "A card of JSON 1.0: a file, or - for the input." };
        return new Verb("import", "Turn a card of JSON 1.0 into one of JSON 2.0; what has no counterpart is said.",
            "larkspur cards import old.json > new.json") { file }.Asks(async call =>
        {
            var body = $"{{\"card\":{await InputFile.JsonTextAsync(call.Get(file), call.Cancellation)}}}";
            var answer = await call.Gateway.CallAsync(HttpMethod.Post, "cards/import", body, call.Cancellation);
            Console.Out.WriteLine(call.Json ? JsonOut.Text(answer) : Printable.Lines(JsonOut.Indented(answer.GetProperty("card"))));
            if (call.Json) return ExitCodes.Done;
            foreach (var note in answer.GetProperty("notes").EnumerateArray()) Fail.Say(
                $"{note.Text("pointer")}: {note.Text(Words.AreChinese ? "message_zh" : "message")}");
            return ExitCodes.Done;
        });
    }

    public static Verb Render()
    {
        var file = new Argument<string>("file") { Description =
            "What is drawn, as docs/gateway-cards.md has it: a JSON file, or - for the input." };
        return new Verb("render", "What a card message or a template becomes, as text; with --json the card. Nothing is sent.",
            "larkspur cards render message.json") { file }.Asks(async call =>
        {
            var answer = await call.Gateway.CallAsync(HttpMethod.Post, "cards/render",
                await InputFile.JsonTextAsync(call.Get(file), call.Cancellation), call.Cancellation);
            if (call.Json) JsonOut.Write(answer);
            else
            {
                Console.Out.WriteLine(Printable.Lines(answer.Text("text")));
                foreach (var note in answer.GetProperty("notes").EnumerateArray()) Fail.Say(note.GetString()!);
                foreach (var finding in answer.GetProperty("findings").EnumerateArray())
                    Fail.Say($"{finding.Text("severity")} at {finding.Text("pointer")}: {finding.Text("message")} {finding.Text("fix")} [{finding.Text("rule")}]");
            }

            return answer.GetProperty("findings").EnumerateArray().Any(f => f.Text("severity") == "error") ? ExitCodes.Refused
                : ExitCodes.Done;
        });
    }

    public static Command Templates() => new("templates", "Card templates of the gateway: list.")
    {
        new Verb("list", "All of them, and what was refused.", "larkspur cards templates list").Asks(async call =>
        {
            var answer = await call.AskAsync((client, limited) => client.Cards.ListTemplatesAsync(limited));
            if (call.Json) JsonOut.Write(answer);
            else ListView.Print(call, answer.Items, false, new("Template", t => t.Name),
                new("Variables", t => string.Join(' ', t.Variables.Select(v => v.Name))), new("Description", t => t.Description),
                new("File", t => t.File ?? "(console)"));
            foreach (var refused in answer.Refused) Fail.Say(
                $"{refused.File ?? refused.Name}: {string.Join(" ", refused.Problems.Select(p => p.Message))}");
            return ExitCodes.Done;
        }),
    };
}
