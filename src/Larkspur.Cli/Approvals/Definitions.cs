using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Approvals;

/// <summary><c>larkspur approvals definitions create</c> and <c>put</c>, <c>approvals external</c>: what is told in the platform's own
/// words, from a file.</summary>
internal static class Definitions
{
    public static Verb Create() =>
        Posts("create", "Make a definition. It cannot be removed over the API.", "larkspur approvals definitions create leave.json",
        "approvals/definitions", "Created", "approval_code");

    public static Verb Put()
    {
        var code = Named.Argument("code", "The approval code.");
        var file = File();
        return new Verb("put", "Change a definition that was made over the API.",
            "larkspur approvals definitions put 5A6F1C3E-… leave.json") { code, file }.Asks(async call =>
        {
            var body = await InputFile.JsonTextAsync(call.Get(file), call.Cancellation);
            var answer = await call.Gateway.CallAsync(HttpMethod.Put, "approvals/definitions/" + Uri.EscapeDataString(call.Get(code)),
                body, call.Cancellation);
            return AnswerView.Say(call, answer, $"Saved: {call.Get(code)}");
        });
    }

    /// <summary>Approvals that another system decides.</summary>
    public static Command External() => new("external", "Approvals that another system decides: definitions, instances.")
    {
        new Command("definitions", "What can be applied for there: put, show.")
        {
            Posts("put", "Make a definition, or change one.", "larkspur approvals external definitions put travel.json",
                "approvals/external/definitions", "Saved", "approval_code"), ShowExternal(),
        },
        new Command("instances", "Applications of that system: put, check.")
        {
            Posts("put", "Show an instance as it is now; an older state changes nothing.",
                "larkspur approvals external instances put trip-7.json", "approvals/external/instances", "Saved", "instance_id"),
            Posts("check", "What the platform has that differs.", "larkspur approvals external instances check trips.json",
                "approvals/external/check", null, ""),
        },
    };

    private static Verb ShowExternal()
    {
        var code = Named.Argument("code", "The approval code.");
        var app = GatewayOptions.App();
        return new Verb("show", "A definition, as the platform tells it: JSON.",
            "larkspur approvals external definitions show 5A6F1C3E-…") { code, app }.Asks(async call =>
        {
            var path = $"approvals/external/definitions/{Uri.EscapeDataString(call.Get(code))}{Query.Of(("app", call.Get(app)))}";
            var answer = await call.Gateway.GetAsync(path, call.Cancellation);
            Console.Out.WriteLine(call.Json ? JsonOut.Text(answer) : Printable.Lines(JsonOut.Indented(answer)));
            return ExitCodes.Done;
        });
    }

    /// <param name="word">The verb.</param>
    /// <param name="help">What it does.</param>
    /// <param name="example">How it is used.</param>
    /// <param name="path">Where the file's words go.</param>
    /// <param name="done">What is said; null: the answer is.</param>
    /// <param name="member">The answer's member that names what was made.</param>
    private static Verb Posts(string word, string help, string example, string path, string? done, string member)
    {
        var file = File();
        return new Verb(word, help, example) { file }.Asks(async call =>
        {
            var answer = await call.Gateway.CallAsync(HttpMethod.Post, path,
                await InputFile.JsonTextAsync(call.Get(file), call.Cancellation), call.Cancellation);
            if (done is not null) return AnswerView.Say(call, answer, answer.Text(member) is { Length: > 0 } made ? $"{done}: {made}"
                : $"{done}.");
            Console.Out.WriteLine(call.Json ? JsonOut.Text(answer) : Printable.Lines(JsonOut.Indented(answer)));
            return ExitCodes.Done;
        });
    }

    private static Argument<string> File() =>
        new("file") { Description = "In the platform's members (docs/approvals.md): a JSON file, or - for the input." };
}
