using System.CommandLine;
using System.Net.Http.Headers;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Cli.Uploads;

namespace Larkspur.Cli.Approvals;

/// <summary><c>larkspur approvals files upload</c>: what a form's control of files or images takes.</summary>
internal static class ApprovalFiles
{
    public static Command Create() => new("files", "Files for forms: upload.") { Upload() };

    private static Verb Upload()
    {
        var file = new Argument<string>("file") { Description = "The file: up to 50 MB, an image up to 10 MB." };
        var type = new Option<string>("--as") { Description = "attachment or image.", DefaultValueFactory = _ => "attachment" };
        type.AcceptOnlyFromAmong("attachment", "image");
        var app = GatewayOptions.App();
        return new Verb("upload", "Upload a file for a form; prints its code.", "larkspur approvals files upload invoice.pdf") { file,
            type, app }.Asks(async call =>
        {
            var path = call.Get(file);
            var address = "approvals/files" + Query.Of(("file_name", Path.GetFileName(path)), ("type", call.Get(type)),
                ("app", call.Get(app)));
            try
            {
                await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
                var answer = await ProgressBar.RunAsync(Path.GetFileName(path), stream.Length, async progress =>
                {
                    using var content = new StreamContent(new CountedStream(stream, progress), 64 << 10);
                    content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                    return await call.Gateway.UploadAsync(address, content, call.Cancellation);
                });
                return AnswerView.Say(call, answer, answer.Text("code"));
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
            {
                throw InputFile.Unreadable(path, e);
            }
        });
    }
}
