using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Feishu.Cards;

namespace Larkspur.Cli.Cards;

/// <summary><c>larkspur cards validate</c>.</summary>
internal static class ValidateCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("files") { Description = "JSON files, patterns like 'cards/**/*.json', or - for the input.", Arity = ArgumentArity.OneOrMore };
        var webhook = new Option<bool>("--webhook") { Description = "The cards go to a custom bot: 20 KB, no callbacks." };
        var strict = new Option<bool>("--strict") { Description = "Warnings count as errors." };
        return new Verb("validate", "Judge cards as the platform will, before anything is sent; exit 1 when one has errors.",
            "larkspur cards validate offer.json", "larkspur cards validate 'cards/**/*.json' --strict",
                "make-card | larkspur cards validate - --json") { files, webhook, strict }
            .Does(async (parsed, json, cancellation) =>
            {
                var options = new CardValidationOptions { ForCustomBot = parsed.GetValue(webhook) };
                var judged = new List<(string File, CardReport Report)>();
                foreach (var file in CardFiles.Find(parsed.GetValue(files)!)) judged.Add((file, CardValidator.Validate(await InputFile.TextAsync(file, cancellation), options)));
                var good = judged.TrueForAll(j => IsGood(j.Report));
                if (json) JsonOut.Write(new { valid = good, files = judged.Select(j => FindingsView.Of(j.File, j.Report, IsGood(j.Report))) });
                else FindingsView.Print(judged);
                return good ? ExitCodes.Done : ExitCodes.Refused;

                bool IsGood(CardReport report) => report.IsValid && (report.Findings.Count == 0 || !parsed.GetValue(strict));
            });
    }
}
