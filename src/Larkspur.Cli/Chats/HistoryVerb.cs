using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Messages;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Chats;

/// <summary><c>larkspur chats history</c>: a chat's messages, told page by page as they come.</summary>
internal static class HistoryVerb
{
    public static Verb Create()
    {
        var chat = Named.Argument("chat", "The chat: oc_…");
        var from = PointInTime.Option("--from", "Messages from this time on.");
        var to = PointInTime.Option("--to", "Messages until this time.");
        var limit = Limit.Option(100, "How many messages at most.");
        var order = new Option<string>("--order") { Description = "asc: the oldest first; desc: the newest first.",
            DefaultValueFactory = _ => "asc" };
        order.AcceptOnlyFromAmong("asc", "desc");
        var app = GatewayOptions.App();
        return new Verb("history", "A chat's messages by time. The bot must be in the chat.",
            "larkspur chats history oc_a0… --from 2h",
                "larkspur chats history oc_a0… --order desc --limit 1000 --json | jq -r .message_id") { chat, from, to, limit, order, app }
                .Asks(async call =>
        {
            var parsed = call.Parsed;
            var pages = new PagedList<JsonElement, string>(parsed.GetValue(limit), 50, async (token, size) =>
            {
                var page = await call.AskAsync((client, limited) =>
                    client.Chats.ListHistoryAsync(call.Get(chat), call.Get(app), size, token, call.Get(from), call.Get(to),
                    call.Get(order), limited));
                return ([.. page.Items.Select(m => JsonSerializer.SerializeToElement(m))], page.HasMore ? page.PageToken : null);
            });
            var any = false;
            await foreach (var message in pages.ReadAsync())
            {
                any = true;
                if (call.Json) JsonOut.Write(message);
                else Console.Out.WriteLine(Line(message));
            }

            if (!any && !call.Json) Console.Out.WriteLine("None.");
            if (pages.More && !call.Json) Console.Out.WriteLine("There are more; --limit shows more of them.");
            return ExitCodes.Done;
        });
    }

    private static string Line(JsonElement message)
    {
        var sender = message.TryGetProperty("sender", out var who) ? who.Text("id") : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"{message.Time("created_at")}  {Printable.Line(message.Text("message_id"))}  {Printable.Line(sender)}  {Printable.Short(MessageTexts.Of(message), 500)}");
    }
}
