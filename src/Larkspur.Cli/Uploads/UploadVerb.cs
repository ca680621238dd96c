using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Uploads;

/// <summary><c>larkspur files upload</c>: a file becomes a key for messages and cards.</summary>
internal static class UploadVerb
{
    public static Verb Create()
    {
        var file = new Argument<string>("file") { Description = "The file." };
        var kind = new Option<string?>("--as") { Description =
            "image (10 MB), file (30 MB), audio (opus), video (mp4); default: by the name." };
        kind.AcceptOnlyFromAmong("image", "file", "audio", "video");
        var duration = new Option<double?>("--duration") { Description = "Seconds that the audio or video plays." };
        duration.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture,
                out var seconds) && seconds is not (> 0 and <= 86_400))
                result.AddError("--duration is up to 86400 seconds.");
        });
        var app = GatewayOptions.App();
        return new Verb("upload", "Upload an image or a file; prints the key for messages and cards. The key is good for this app only.",
            "larkspur files upload chart.png", "larkspur files upload hello.opus --duration 2.1 --json | jq -r .file_key") { file, kind,
                duration, app }.Asks(async call =>
        {
            var path = call.Parsed.GetValue(file)!;
            var wanted = call.Parsed.GetValue(kind) is { } word ? Enum.Parse<UploadKind>(word, ignoreCase: true) : UploadFile.KindOf(path);
            var upload = UploadFile.Open(path, wanted);
            var answer = await upload.SendAsync(call.Gateway, call.Parsed.GetValue(app), call.Parsed.GetValue(duration) is { } seconds
                ? TimeSpan.FromSeconds(seconds) : null, call.Cancellation);
            if (call.Json) JsonOut.Write(answer);
            else Console.Out.WriteLine(Printable.Line(answer.Text(wanted == UploadKind.Image ? "image_key" : "file_key")));
            return ExitCodes.Done;
        });
    }
}
