using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Streams;

/// <summary><c>larkspur streams</c>: a text that is written into a card while it comes into being.</summary>
internal static class StreamsCommand
{
    /// <summary>Characters of one call.</summary>
    private const int Piece = 2000;

    public static Command Create() => new("streams", "Cards into which a text is written as it comes: open, feed, finish, show.") { Open(),
        Feed(), Finish(), Show() };

    private static Verb Open()
    {
        var chat = new Option<string?>("--chat") { Description = "A chat: oc_…" };
        var reply = new Option<string?>("--reply-to") { Description =
            "The message that it answers: om_…; with --chat it keeps its place among that chat's messages." };
        var title = new Option<string?>("--title") { Description = "The card's title." };
        var app = GatewayOptions.App();
        var key = new RepeatKey();
        var verb = new Verb("open", "Open one; prints its id.", "id=$(larkspur streams open --chat oc_a0… --json | jq -r .id)",
            "larkspur streams open --reply-to om_dc13…") { chat, reply, title, app, key.Option };
        verb.Validators.Add(result =>
        {
            if (result.GetResult(chat) is null && result.GetResult(reply) is null) result.AddError("Say where: --chat, or --reply-to.");
        });
        return verb.Asks(async call =>
        {
            var (answered, into) = (call.Get(reply), call.Get(chat));
            var opening = new StreamOpening
            {
                App = call.Get(app), Title = call.Get(title), ReplyTo = answered, ChatId = answered is null ? null : into,
                To = answered is null ? new StreamReceiver { Type = "chat_id", Id = into } : null,
            };
            var opened = await key.OnceAsync(call, name =>
                call.AskAsync((client, limited) => client.Streams.OpenAsync(opening, name, limited)));
            return AnswerView.Say(call, opened, $"Opened: {opened.Id}, reference {opened.Reference}");
        });
    }

    private static Verb Feed()
    {
        var id = Named.Argument("id", "The stream.");
        var text = new Argument<string?>("text") { Description = "What is appended; without it, the input as it comes, to its end.",
            Arity = ArgumentArity.ZeroOrOne };
        return new Verb("feed", "Append to one.", "larkspur streams feed \"$id\" \"Good morning. \"",
            "ollama run qwen \"…\" | larkspur streams feed \"$id\"") { id, text }.Asks(async call =>
        {
            var length = 0L;
            await foreach (var piece in PiecesAsync(call.Get(text), call.Cancellation))
                length = (await call.AskAsync((client, limited) =>
                    client.Streams.FeedAsync(call.Get(id), new StreamFeed { Append = piece }, limited))).Length;
            return AnswerView.Say(call, new { length }, $"Fed: {length.ToString("#,0", CultureInfo.InvariantCulture)} characters in all");
        });
    }

    private static Verb Finish()
    {
        var id = Named.Argument("id", "The stream.");
        var text = new Option<string?>("--text") { Description = "What it says in the end; default: what was fed." };
        var footer = new Option<string?>("--footer") { Description = "A small line below it." };
        var failed = new Option<bool>("--failed") { Description = "It came to nothing, and looks so." };
        return new Verb("finish", "End one: its card is as it is for good.",
            "larkspur streams finish \"$id\" --footer \"3 sources\"") { id, text, footer, failed }.Asks(async call =>
        {
            var end = new StreamFinish { Text = call.Get(text), Footer = call.Get(footer), Failed = call.Get(failed) ? true : null };
            var finished = await call.AskAsync((client, limited) => client.Streams.FinishAsync(call.Get(id), end, limited));
            return AnswerView.Say(call, finished,
                $"Finished: {finished.Id}, {finished.Length.ToString("#,0", CultureInfo.InvariantCulture)} characters");
        });
    }

    private static Verb Show()
    {
        var id = Named.Argument("id", "The stream.");
        return new Verb("show", "How far one is, and its cards.", "larkspur streams show \"$id\"") { id }.Asks(async call =>
            AnswerView.Print(call, await call.AskAsync((client, limited) => client.Streams.ShowAsync(call.Get(id), limited))));
    }

    /// <summary>The input piece by piece, as somebody writes it.</summary>
    private static async IAsyncEnumerable<string> PiecesAsync(string? given, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (given is not null)
        {
            yield return given;
            yield break;
        }

        using var reader = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false, throwOnInvalidBytes: false));
        var buffer = new char[Piece];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellation).AsTask().WaitAsync(cancellation)) > 0)
        {
            // A character of two halves is not cut between them.
            var half = char.IsHighSurrogate(buffer[read - 1]) && reader.Read() is >= 0 and var next ? ((char)next).ToString() : "";
            yield return new string(buffer, 0, read) + half;
        }
    }
}
