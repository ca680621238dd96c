using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Contexts;
using Larkspur.Cli.Output;
using Larkspur.Client;
using Spectre.Console;

namespace Larkspur.Cli.Operations;

/// <summary><c>larkspur inbox</c> and <c>larkspur outbox</c>: list, show, replay, discard, on a running gateway.</summary>
internal static class BoxCommand
{
    private const int LargestPage = 200;

    private static readonly Option<string?> Url = GatewayOptions.Url(recursive: true);
    private static readonly Option<bool> Json = GatewayOptions.Json(recursive: true);
    private static readonly Option<string?> Context = GatewayOptions.Context(recursive: true);
    private static readonly Option<bool> Utc = GatewayOptions.Utc(recursive: true);

    public static Command Inbox() => new("inbox", "Inbound events of a running gateway: what became of them, replay, discard.")
    {
        Url, Context, Json, Utc,
        List(Box.Inbox),
        Show(Box.Inbox, "--payload", "With the event itself, which holds what people wrote."),
        ReplayInbox(),
        Discard(Box.Inbox, "End an open or dead event without its effect."),
    };

    public static Command Outbox() => new("outbox", "Outbound messages of a running gateway: what became of them, replay, discard.")
    {
        Url, Context, Json, Utc,
        List(Box.Outbox),
        Show(Box.Outbox, "--content", "With what the message says."),
        ReplayOutbox(),
        Discard(Box.Outbox, "Give up an open or dead message for good."),
    };

    private static Command List(Box box)
    {
        var status = new Option<string?>("--status") { Description = $"Only rows in this state: {string.Join(", ", box.States)}." };
        status.AcceptOnlyFromAmong(box.States);
        var filter = new FilterOptions(box);
        var limit = new Option<int>("--limit") { Description = "How many rows at most.", DefaultValueFactory = _ => 20 };
        limit.Validators.Add(Between(1, 10_000));
        var command = new Command("list", "Rows, the newest first.") { status, limit };
        filter.AddTo(command);
        command.SetAction((parsed, cancellation) => RunAsync(parsed, async gateway =>
        {
            var wanted = parsed.GetValue(limit);
            var query = filter.Query(parsed);
            if (parsed.GetValue(status) is { } state) query.Add(("status", state));
            var (rows, more) = await PagesAsync(gateway, box, query, wanted, cancellation);
            if (parsed.GetValue(Json)) JsonOut.Write(new { items = rows, more });
            else BoxView.PrintList(box, rows, more);
        }, cancellation));
        return command;
    }

    private static async Task<(List<JsonElement> Rows, bool More)> PagesAsync(GatewayCalls gateway, Box box, List<(string Name, string Value)> query, int wanted, CancellationToken cancellation)
    {
        var rows = new List<JsonElement>();
        long? cursor = null;
        do
        {
            var (items, next) = await PageAsync(gateway, box, query.ToDictionary(q => q.Name, q => q.Value, StringComparer.Ordinal), cursor, Math.Min(LargestPage, wanted - rows.Count), cancellation);
            rows.AddRange(items);
            cursor = next;
        }
        while (cursor is not null && rows.Count < wanted);
        return (rows, cursor is not null);
    }

    private static async Task<(IEnumerable<JsonElement> Items, long? Next)> PageAsync(GatewayCalls gateway, Box box, Dictionary<string, string> query, long? cursor, int limit, CancellationToken cancellation)
    {
        var (status, app, key, reason) = (query.GetValueOrDefault("status"), query.GetValueOrDefault("app"), query.GetValueOrDefault("key"), query.GetValueOrDefault("reason"));
        var (since, until) = (At("since"), At("until"));
        if (box == Box.Inbox)
        {
            var type = query.GetValueOrDefault("event_type");
            var events = await gateway.AskAsync((client, limited) => client.Inbox.ListAsync(status, app, key, reason, since, until, cursor, limit, eventType: type, cancellation: limited), cancellation);
            return (events.Items.Select(i => JsonSerializer.SerializeToElement(i)), events.Next);
        }

        var messages = await gateway.AskAsync((client, limited) => client.Outbox.ListAsync(status, app, key, reason, since, until, cursor, limit, cancellation: limited), cancellation);
        return (messages.Items.Select(i => JsonSerializer.SerializeToElement(i)), messages.Next);

        DateTimeOffset? At(string name) => query.TryGetValue(name, out var time) ? DateTimeOffset.Parse(time, CultureInfo.InvariantCulture) : null;
    }

    private static Command Show(Box box, string bodyOption, string bodyHelp)
    {
        var id = Id();
        var body = new Option<bool>(bodyOption) { Description = bodyHelp };
        var command = new Command("show", "Everything about a row.") { id, body };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, async gateway =>
        {
            var details = await gateway.GetAsync($"{box.Name}/{Number(parsed.GetValue(id))}{(parsed.GetValue(body) ? $"?{bodyOption[2..]}=true" : "")}", cancellation);
            if (parsed.GetValue(Json)) JsonOut.Write(details);
            else BoxView.PrintDetails(box, details);
        }, cancellation));
        return command;
    }

    private static Command ReplayInbox()
    {
        var id = new Argument<long?>("id") { Description = "The row; without it, dead letters by filter.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "All dead letters that the other options select, the oldest first." };
        var limit = new Option<int>("--limit") { Description = "How many at most, with --all.", DefaultValueFactory = _ => 100 };
        limit.Validators.Add(Between(1, 1000));
        var filter = new FilterOptions(Box.Inbox);
        var command = new Command("replay", "Handle a dead, stale or discarded event again; with --all the dead letters that a filter selects.") { id, all, limit };
        filter.AddTo(command);
        // One or the other: a forgotten id must not replay everything.
        command.Validators.Add(result =>
        {
            var single = result.GetResult(id) is { Tokens.Count: > 0 };
            if (single == result.GetResult(all) is { Implicit: false }) result.AddError("Name a row, or --all with the options that select rows.");
            else if (single && filter.IsGiven(result)) result.AddError("Options that select rows go with --all.");
        });
        command.SetAction((parsed, cancellation) => RunAsync(parsed, async gateway =>
        {
            if (parsed.GetValue(id) is { } row)
            {
                var replayed = await gateway.AskAsync((client, limited) => client.Inbox.ReplayRowAsync(row, limited), cancellation);
                Changed(parsed, Box.Inbox, replayed.Id, replayed, "is open again");
                return;
            }

            var rows = JsonSerializer.SerializeToElement(filter.Query(parsed).ToDictionary(p => p.Name, p => p.Value)).Deserialize<ReplayFilter>();
            var answer = await gateway.AskAsync((client, limited) => client.Inbox.ReplayAsync(new ReplayRequest { Filter = rows, Limit = parsed.GetValue(limit) }, limited), cancellation);
            if (parsed.GetValue(Json)) JsonOut.Write(answer);
            else AnsiConsole.MarkupLineInterpolated($"{(answer.Replayed == 1 ? "1 dead letter is" : $"{answer.Replayed} dead letters are")} open again.{(answer.More ? " There are more: say it again." : "")}");
        }, cancellation));
        return command;
    }

    private static Command ReplayOutbox()
    {
        var id = Id();
        var force = new Option<bool>("--force") { Description = "Also when it may be shown twice, or puts back an old face of a card." };
        var command = new Command("replay", "Send a dead message again, under the same key.") { id, force };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, async gateway =>
        {
            var replayed = await gateway.AskAsync((client, limited) => client.Outbox.ReplayRowAsync(parsed.GetValue(id), parsed.GetValue(force) ? true : null, limited), cancellation);
            Changed(parsed, Box.Outbox, replayed.Id, replayed, "is open again");
        }, cancellation));
        return command;
    }

    private static Command Discard(Box box, string help)
    {
        var id = Id();
        var command = new Command("discard", help) { id };
        command.SetAction((parsed, cancellation) => RunAsync(parsed, async gateway =>
        {
            var row = parsed.GetValue(id);
            if (box == Box.Inbox) Changed(parsed, box, row, await gateway.AskAsync((client, limited) => client.Inbox.DiscardRowAsync(row, limited), cancellation), "is discarded");
            else Changed(parsed, box, row, await gateway.AskAsync((client, limited) => client.Outbox.DiscardRowAsync(row, limited), cancellation), "is discarded");
        }, cancellation));
        return command;
    }

    private static void Changed<T>(ParseResult parsed, Box box, long id, T row, string what)
    {
        if (parsed.GetValue(Json)) JsonOut.Write(row);
        else AnsiConsole.MarkupLineInterpolated($"{box.Title} row {id} {what}.");
    }

    private static Task<int> RunAsync(ParseResult parsed, Func<GatewayCalls, Task> work, CancellationToken cancellation) => Verb.RunAsync(async () =>
    {
        LocalTime.Utc = parsed.GetValue(Utc);
        using var gateway = GatewayCalls.Open(Access.Find(parsed.GetValue(Url), parsed.GetValue(Context)));
        await work(gateway);
        return ExitCodes.Done;
    }, cancellation);

    private static Argument<long> Id() => new("id") { Description = "The row's number, as in the list and in the log." };

    private static Action<OptionResult> Between(int least, int most) => result =>
    {
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && (number < least || number > most))
            result.AddError($"--limit is {least} to {most}.");
    };

    private static string Number(long id) => id.ToString(CultureInfo.InvariantCulture);
}

/// <summary>One of the two boxes.</summary>
/// <param name="Name">As in addresses.</param>
/// <param name="Title">As in sentences.</param>
/// <param name="States">What can be asked for.</param>
internal sealed record Box(string Name, string Title, string[] States)
{
    public static readonly Box Inbox = new("inbox", "Inbox", ["open", "finished", "dead", "overdue"]);
    public static readonly Box Outbox = new("outbox", "Outbox", ["open", "sent", "dead", "held", "discarded", "superseded", "overdue"]);
}
