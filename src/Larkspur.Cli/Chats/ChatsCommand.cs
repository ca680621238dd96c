using System.CommandLine;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Spectre.Console;

namespace Larkspur.Cli.Chats;

/// <summary><c>larkspur chats</c>: the groups that the bot is in, one of them, its people.</summary>
internal static class ChatsCommand
{
    public static Command Create()
    {
        var app = GatewayOptions.App();
        var limit = Limit.Option(200, "How many at most.");
        var order = new Option<string>("--order") { Description = "created: the oldest first; active: the liveliest first.", DefaultValueFactory = _ => "created" };
        order.AcceptOnlyFromAmong("created", "active");
        var verb = new Verb("chats", "The groups that the bot is in.", "larkspur chats --order active", "larkspur chats members oc_a0… --json | jq -r .items[].open_id") { app, limit, order };
        verb.Asks(call => ListAsync(call, "chats", call.Parsed.GetValue(limit), [("app", call.Parsed.GetValue(app)), ("order", call.Parsed.GetValue(order))],
            ("Chat", "chat_id"), ("Name", "name"), ("Owner", "owner_id"), ("Status", "status")));
        verb.Add(Show());
        verb.Add(Members());
        return verb;
    }

    private static Verb Show()
    {
        var chat = new Argument<string>("chat") { Description = "The chat: oc_…" };
        var app = GatewayOptions.App();
        return new Verb("show", "A chat.", "larkspur chats show oc_a0…") { chat, app }.Asks(async call =>
        {
            var query = call.Parsed.GetValue(app) is { } name ? "?app=" + Uri.EscapeDataString(name) : "";
            var answer = await call.Gateway.GetAsync($"chats/{Uri.EscapeDataString(call.Parsed.GetValue(chat)!)}{query}", call.Cancellation);
            if (call.Json)
            {
                JsonOut.Write(answer);
                return ExitCodes.Done;
            }

            var grid = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
            foreach (var member in answer.EnumerateObject().Where(m => answer.Text(m.Name).Length > 0)) grid.AddRow(new Text(member.Name.Replace('_', ' ')), new Text(Printable.Line(answer.Text(member.Name))));
            AnsiConsole.Write(grid);
            return ExitCodes.Done;
        });
    }

    private static Verb Members()
    {
        var chat = new Argument<string>("chat") { Description = "The chat: oc_…" };
        var app = GatewayOptions.App();
        var limit = Limit.Option(1000, "How many at most.");
        return new Verb("members", "A chat's people, without bots.", "larkspur chats members oc_a0…") { chat, app, limit }.Asks(call =>
            ListAsync(call, $"chats/{Uri.EscapeDataString(call.Parsed.GetValue(chat)!)}/members", call.Parsed.GetValue(limit), [("app", call.Parsed.GetValue(app))], ("Person", "open_id"), ("Name", "name")));
    }

    private static async Task<int> ListAsync(VerbCall call, string path, int most, (string Name, string? Value)[] query, params (string Title, string Member)[] columns)
    {
        var pages = new PagedList(call, path, most, 100, query);
        var items = new List<JsonElement>();
        await foreach (var item in pages.ReadAsync()) items.Add(item);
        if (call.Json)
        {
            JsonOut.Write(new { items, more = pages.More });
            return ExitCodes.Done;
        }

        if (items.Count == 0) Console.Out.WriteLine("None.");
        else
        {
            var table = new Table().Border(TableBorder.None);
            foreach (var (title, member) in columns) table.AddColumn(new TableColumn(title) { NoWrap = member.EndsWith("_id", StringComparison.Ordinal) });
            foreach (var item in items) table.AddRow(columns.Select(c => new Text(Printable.Short(item.Text(c.Member), 100))));
            AnsiConsole.Write(table);
        }

        if (pages.More) Console.Out.WriteLine("There are more; --limit shows more of them.");
        return ExitCodes.Done;
    }
}
