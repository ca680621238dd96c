using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Messages;

/// <summary><c>larkspur messages show</c>, <c>readers</c> and <c>download</c>.</summary>
internal static class MessageReading
{
    private const int LargestPage = 100;

    public static Argument<string> Argument() => Named.Argument("message", "The message: om_…, or the number that sending it gave.");

    public static Verb Show()
    {
        var message = Argument();
        var app = GatewayOptions.App();
        return new Verb("show", "A message: by its number what became of sending it, by om_… what it says.", "larkspur messages show 42",
            "larkspur messages show om_dc13…") { message, app }.Asks(async call =>
        {
            var id = call.Get(message);
            if (long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return AnswerView.Print(call,
                    await call.AskAsync((client, limited) => client.Messages.GetQueuedAsync(number, null, limited)));
            var found = await call.AskAsync((client, limited) => client.Messages.GetAsync(id, call.Get(app), null, limited));
            if (call.Json)
            {
                JsonOut.Write(found);
                return ExitCodes.Done;
            }

            foreach (var item in found.Items.Select(i => JsonSerializer.SerializeToElement(i)))
            {
                var sender = item.TryGetProperty("sender", out var who) ? who.Text("id") : "";
                DetailView.Print(("message", item.Text("message_id")), ("chat", item.Text("chat_id")), ("type", item.Text("msg_type")),
                    ("from", sender), ("created", item.Time("created_at")), ("says", MessageTexts.Of(item)));
            }

            return ExitCodes.Done;
        });
    }

    public static Verb Readers()
    {
        var message = Argument();
        var app = GatewayOptions.App();
        var limit = Limit.Option(200, "How many at most.");
        return new Verb("readers", "Who has read a message of the bot's.", "larkspur messages readers om_dc13…") { message, app, limit }
            .Asks(call =>
            ListView.PrintAsync(call, new PagedList<ReaderView, string>(call.Get(limit), LargestPage, async (token, size) =>
            {
                var page = await call.AskAsync((client, limited) =>
                    client.Messages.ListReadersAsync(call.Get(message), call.Get(app), size, token, limited));
                return (page.Items, page.HasMore ? page.PageToken : null);
            }), new("Person", r => r.OpenId), new("Read", r => PointInTime.Short(r.ReadAt))));
    }

    public static Verb Download()
    {
        var message = Argument();
        var key = Named.Argument("key", "The file or image in it: file_…, img_…");
        var to = new Option<string>("--to") { Description = "The file to write, which must not be there.", Required = true };
        var type = new Option<string?>("--type") { Description = "image or file; default: by the key." };
        type.AcceptOnlyFromAmong("image", "file");
        var app = GatewayOptions.App();
        return new Verb("download", "A file or an image that somebody sent.",
            "larkspur messages download om_dc13… img_v3_… --to photo.png") { message, key, to, type, app }.Asks(async call =>
        {
            var kind = call.Get(type) ?? (call.Get(key).StartsWith("img_", StringComparison.Ordinal) ? "image" : "file");
            var path = call.Get(to)!;
            var address = $"messages/{Uri.EscapeDataString(call.Get(message))}/resources/{Uri.EscapeDataString(call.Get(key))}{Query.Of(("app", call.Get(app)), ("type", kind))}";
            if (File.Exists(path)) throw new CallFailure(ExitCodes.Usage, $"{path} is there already.");
            var begun = false;
            try
            {
                // Only once the gateway gives it: a refusal leaves no empty file.
                var bytes = await call.Gateway.DownloadAsync(address, Open, call.Cancellation);
                return AnswerView.Say(call, new { file = path, bytes },
                    $"Downloaded: {path}, {bytes.ToString("#,0", CultureInfo.InvariantCulture)} bytes");
            }
            catch (Exception e) when (begun || e is UnauthorizedAccessException or IOException)
            {
                // Half a file is none.
                if (begun) File.Delete(path);
                if (e is CallFailure or OperationCanceledException) throw;
                throw new CallFailure(ExitCodes.NoAnswer, $"{path} did not come whole: {e.Message}");
            }

            FileStream Open()
            {
                var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
                begun = true;
                return file;
            }
        });
    }
}
