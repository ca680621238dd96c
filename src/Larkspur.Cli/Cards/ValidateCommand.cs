using System.CommandLine;
using System.Text.Json;
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
                var templates = new List<string>();
                foreach (var file in CardFiles.Find(parsed.GetValue(files)!))
                {
                    var card = await InputFile.TextAsync(file, cancellation);
                    var isTemplate = IsTemplate(card);
                    if (isTemplate && !json) templates.Add(file);
                    else
                    {
                        // A template's card is not unpacked: the file is what the gateway reads.
                        if (parsed.GetValue(mend) && !isTemplate) card = await MendAsync(file, card, options, cancellation);
                        judged.Add((file, CardValidator.Validate(card, options)));
                    }
                }

                var good = templates.Count == 0 && judged.TrueForAll(j => IsGood(j.Report));
                if (parsed.GetValue(mend) && judged.Exists(j => j.File == "-"))
                {
                    // The output is the card's.
                    foreach (var finding in judged.SelectMany(j => j.Report.Findings)) Fail.Say(finding.ToString());
                    return good ? ExitCodes.Done : ExitCodes.Refused;
                }

                if (json) JsonOut.Write(new { valid = good, files = judged.Select(j => FindingsView.Of(j.File, j.Report, IsGood(j.Report))) });
                else if (judged.Count > 0) FindingsView.Print(judged);
                foreach (var file in templates)
                {
                    Fail.Say($"{file} is no card but a template of the gateway, which judges it itself: "
                        + "larkspur cards render fills it in (docs/gateway-cards.md).");
                }

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

    /// <summary>A file of the gateway's templates folder: a name, and a card or a message with holes in it.</summary>
    private static bool IsTemplate(string text)
    {
        try
        {
            using var file = JsonDocument.Parse(text);
            return file.RootElement.ValueKind == JsonValueKind.Object && Is("name", JsonValueKind.String)
                && (Is("card", JsonValueKind.Object) || Is("message", JsonValueKind.Object));

            bool Is(string name, JsonValueKind kind) => file.RootElement.TryGetProperty(name, out var value) && value.ValueKind == kind;
        }
        catch (JsonException)
        {
            return false; // The validator says where it breaks.
        }
    }
}
