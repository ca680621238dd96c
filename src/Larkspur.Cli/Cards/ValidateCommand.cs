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
        var mend = new Option<bool>("--fix") { Description =
            "Write the changes that the findings propose into the files, of the input to the output. The rest is listed." };
        return new Verb("validate", "Judge cards as the platform will, before anything is sent; exit 1 when one has errors.",
            "larkspur cards validate offer.json", "larkspur cards validate 'cards/**/*.json' --strict",
                "larkspur cards validate offer.json --fix", "make-card | larkspur cards validate - --json") { files, webhook, strict, mend }
            .Does(async (parsed, json, cancellation) =>
            {
                var options = new CardValidationOptions { ForCustomBot = parsed.GetValue(webhook) };
                var judged = new List<(string File, CardReport Report)>();
                foreach (var file in CardFiles.Find(parsed.GetValue(files)!))
                {
                    var card = await InputFile.TextAsync(file, cancellation);
                    if (parsed.GetValue(mend)) card = await MendAsync(file, card, options, cancellation);
                    judged.Add((file, CardValidator.Validate(card, options)));
                }

                var good = judged.TrueForAll(j => IsGood(j.Report));
                if (parsed.GetValue(mend) && judged.Exists(j => j.File == "-"))
                {
                    // The output is the card's.
                    foreach (var finding in judged.SelectMany(j => j.Report.Findings)) Fail.Say(finding.ToString());
                    return good ? ExitCodes.Done : ExitCodes.Refused;
                }

                if (json) JsonOut.Write(new { valid = good, files = judged.Select(j => FindingsView.Of(j.File, j.Report, IsGood(j.Report))) });
                else FindingsView.Print(judged);
                return good ? ExitCodes.Done : ExitCodes.Refused;

                bool IsGood(CardReport report) => report.IsValid && (report.Findings.Count == 0 || !parsed.GetValue(strict));
            });
    }

    private static async Task<string> MendAsync(string file, string card, CardValidationOptions options, CancellationToken cancellation)
    {
        var (mended, changes) = CardQuickFix.ApplyAll(card, options);
        if (file == "-") await Console.Out.WriteAsync(mended.AsMemory(), cancellation);
        else if (changes > 0) await File.WriteAllTextAsync(file, mended, cancellation);
        var name = file == "-" ? "the input" : Printable.Line(file);
        if (changes > 0) Fail.Say($"{name}: {(changes == 1 ? "1 change" : $"{changes} changes")} made");
        return mended;
    }
}
