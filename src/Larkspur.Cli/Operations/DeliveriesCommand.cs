using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Operations;

/// <summary>
/// <c>larkspur deliveries</c>: everything that leaves the gateway, webhooks to business systems as well as messages, by whom it goes to; and many of them sent again at once. <c>outbox</c> has
/// the same rows, by what caused them.
/// </summary>
internal static class DeliveriesCommand
{
    private const int LargestPage = 200;

    public static Command Create() => new("deliveries", "What leaves the gateway, messages and webhooks: list, show, replay (single rows besides: outbox).") { List(), Show(), Replay() };

    private static Verb List()
    {
        var status = new Option<string?>("--status") { Description = $"Only those in this state: {string.Join(", ", Box.Outbox.States)}." };
        status.AcceptOnlyFromAmong(Box.Outbox.States);
        var select = new Selection();
        var limit = Limit.Option(20, "How many at most.");
        var verb = new Verb("list", "Deliveries, the newest first.", "larkspur deliveries list --kind webhook --status dead", "larkspur deliveries list --target erp --since 1d --json") { status, limit };
        select.AddTo(verb);
        return verb.Asks(async call =>
        {
            var pages = new PagedList<OutboxItem, long?>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) => client.Deliveries.ListAsync(call.Get(status), call.Get(select.App), null, call.Get(select.Reason), call.Get(select.Since), call.Get(select.Until), cursor, size,
                    call.Get(select.Kind), call.Get(select.Target), limited));
                return (page.Items, page.Next);
            });
            var items = new List<OutboxItem>();
            await foreach (var item in pages.ReadAsync()) items.Add(item);
            if (call.Json) JsonOut.Write(new { items, more = pages.More });
            else BoxView.PrintList(Box.Outbox, [.. items.Select(i => JsonSerializer.SerializeToElement(i))], pages.More);
            return ExitCodes.Done;
        });
    }

    private static Verb Show()
    {
        var id = new Argument<long>("id") { Description = "The delivery's number." };
        var content = new Option<bool>("--content") { Description = "With what it says." };
        return new Verb("show", "Everything about a delivery.", "larkspur deliveries show 17") { id, content }.Asks(async call =>
        {
            var details = await call.Gateway.GetAsync($"deliveries/{call.Get(id).ToString(CultureInfo.InvariantCulture)}{(call.Get(content) ? "?content=true" : "")}", call.Cancellation);
            if (call.Json) JsonOut.Write(details);
            else BoxView.PrintDetails(Box.Outbox, details);
            return ExitCodes.Done;
        });
    }

    private static Verb Replay()
    {
        var ids = new Argument<long[]>("id") { Description = "Dead deliveries; without them, --all and the options that select some.", Arity = ArgumentArity.ZeroOrMore };
        var all = new Option<bool>("--all") { Description = "All dead deliveries that the other options select, up to 200 in one call, the oldest first." };
        var force = new Option<bool>("--force") { Description = "Also what may be shown twice, or puts back an old face of a card." };
        var select = new Selection();
        var verb = new Verb("replay", "Send dead deliveries again, under their old keys; exit 1 when one was refused.", "larkspur deliveries replay 17 18", "larkspur deliveries replay --all --target erp --reason http_503") { ids, all, force };
        select.AddTo(verb);
        verb.Validators.Add(result =>
        {
            var named = result.GetResult(ids) is { Tokens.Count: > 0 };
            if (named == result.GetResult(all) is { Implicit: false }) result.AddError("Name deliveries, or --all with options that select some.");
            else if (named == select.Options.Any(o => result.GetResult(o) is not null)) result.AddError("Options that select deliveries go with --all, at least one of them.");
        });
        return verb.Asks(async call =>
        {
            var named = call.Get(ids);
            var wanted = new ReplayDeliveries
            {
                Ids = named.Length > 0 ? named : null, Kind = call.Get(select.Kind), Target = call.Get(select.Target), App = call.Get(select.App), Reason = call.Get(select.Reason), Since = call.Get(select.Since), Until = call.Get(select.Until),
                Force = call.Get(force) ? true : null,
            };
            var answer = await call.AskAsync((client, limited) => client.Deliveries.ReplayDeliveriesAsync(wanted, limited));
            if (call.Json) JsonOut.Write(answer);
            else
            {
                Console.Out.WriteLine($"{answer.Replayed.Count.ToString(CultureInfo.InvariantCulture)} deliveries go again.{(answer.More ? " There are more: say it again." : "")}");
                foreach (var refused in answer.Refused) Fail.Say($"delivery {refused.Id.ToString(CultureInfo.InvariantCulture)} does not: {refused.Reason}");
            }

            return answer.Refused.Count == 0 ? ExitCodes.Done : ExitCodes.Refused;
        });
    }

    /// <summary>The options that select deliveries.</summary>
    private sealed class Selection
    {
        public Selection() => Kind.AcceptOnlyFromAmong("message", "robot", "webhook");

        public Option<string?> Kind { get; } = new("--kind")
        {
            Description = "message (to a chat platform), robot (by a group robot) or webhook (to a business system).",
        };

        public Option<string?> Target { get; } = new("--target") { Description = "Only what goes to this webhook, chat, person or message." };

        public Option<string?> App { get; } = new("--app") { Description = "Only those of this app." };

        public Option<string?> Reason { get; } = new("--reason") { Description = "Only those with this reason, like http_503." };

        public Option<DateTimeOffset?> Since { get; } = PointInTime.Option("--since", "Only those from this time on.");

        public Option<DateTimeOffset?> Until { get; } = PointInTime.Option("--until", "Only those before this time.");

        public Option[] Options => [Kind, Target, App, Reason, Since, Until];

        public void AddTo(Command command)
        {
            foreach (var option in Options) command.Add(option);
        }
    }
}
