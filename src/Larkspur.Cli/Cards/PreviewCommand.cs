using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Feishu.Cards;

namespace Larkspur.Cli.Cards;

/// <summary><c>larkspur cards preview</c>: the card's facts as text, and where it is drawn.</summary>
internal static class PreviewCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("file") { Description = "A JSON file, or - for the input." };
        var emulator = new Option<string?>("--emulator") { Description = "The emulator's address; default: the first of LARKSPUR_EMULATOR_URLS, or http://127.0.0.1:8081." };
        var open = new Option<bool>("--open") { Description = "Open the page in the browser." };
        var locale = new Option<string>("--locale") { Description = "Which of the card's languages the text is in.", DefaultValueFactory = _ => Words.AreChinese ? "zh_cn" : "en_us" };
        return new Verb("preview", "A card as text, and the address of the emulator's page that draws it. The emulator need not run until the page is opened.",
            "larkspur cards preview offer.json --open", "larkspur cards preview offer.json --json | jq -r .url") { file, emulator, open,
                locale }
            .Does(async (parsed, json, cancellation) =>
            {
                var path = parsed.GetValue(file)!;
                var card = await InputFile.TextAsync(path, cancellation);
                if (!IsObject(card)) throw new CallFailure(ExitCodes.Refused,
                    $"{(path == "-" ? "the input" : path)} is no card: it is not a JSON object. `larkspur cards validate` says where it breaks.");
                var report = CardValidator.Validate(card);
                var text = CardText.Of(card, parsed.GetValue(locale)!);
                var address = PreviewAddress.Of(card, parsed.GetValue(emulator));
                if (json) JsonOut.Write(new { url = address.AbsoluteUri, text, valid = report.IsValid, errors = report.Errors, warnings = report.Findings.Count - report.Errors });
                else
                {
                    if (text.Length > 0) Console.Out.WriteLine(Printable.Lines(text) + "\n");
                    Console.Out.WriteLine(address.AbsoluteUri);
                }

                if (!report.IsValid) Fail.Say($"the platform would refuse this card; `larkspur cards validate {path}` says why.");
                if (parsed.GetValue(open)) Browse(address);
                return ExitCodes.Done;
            });
    }

    private static bool IsObject(string card)
    {
        try
        {
            return JsonSerializer.Deserialize<JsonElement>(card).ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void Browse(Uri address)
    {
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(address.AbsoluteUri) { UseShellExecute = true });
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException or FileNotFoundException)
        {
            throw new CallFailure(ExitCodes.Refused, "no browser could be opened here; open the address yourself.");
        }
    }
}
