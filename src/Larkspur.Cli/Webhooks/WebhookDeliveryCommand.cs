using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Webhooks;

/// <summary><c>larkspur webhooks deliveries</c>: what a business system was sent, each attempt, and what is sent again.</summary>
internal static class WebhookDeliveryCommand
{
    private const int LargestPage = 100;

    public static Command Create() => new("deliveries", "What a business system was sent: list, show, resend.")
    {
        List(), Show(), Resend(),
    };

    private static Verb List()
    {
        var name = Named.Argument("name", "The webhook.");
        var state = new Option<string?>("--state") { Description = "Only those in this state." };
        state.AcceptOnlyFromAmong("waiting", "delivered", "dead", "discarded");
        var type = new Option<string?>("--event") { Description = "Only those of this type of event." };
        var since = PointInTime.Option("--since", "Only those made at this time or later.");
        var until = PointInTime.Option("--until", "Only those made before this time.");
        var reference = new Option<string?>("--reference") { Description = "Only that of this reference." };
        var person = new Option<string?>("--person") { Description = "Only those whose data has this person's id." };
        var limit = Limit.Option(20, "How many at most.");
        return new Verb("list", "What was sent to a webhook, or was to be, the newest first.",
            "larkspur webhooks deliveries list erp --state dead",
            "larkspur webhooks deliveries list erp --since 2h --json | jq -r .items[].webhook_id") { name, state, type, since, until,
                reference, person, limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<WebhookDeliveryView, long?>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) => client.Webhooks.ListDeliveriesAsync(call.Get(name), call.Get(state),
                    call.Get(type),
                    call.Get(since), call.Get(until), call.Get(reference), null, call.Get(person), cursor, size, limited));
                return (page.Items, page.Next);
            }), new("webhook-id", d => d.WebhookId), new("Created", d => PointInTime.Shown(d.CreatedAt)), new("Event", d => d.EventType),
                new("State", d => d.State), new("Tries", d => Number(d.Attempts)), new("Next", d => PointInTime.Short(d.NextAttemptAt)),
                    new("Reason", d => d.Reason)));
    }

    private static Verb Show()
    {
        var name = Named.Argument("name", "The webhook.");
        var id = Named.Argument("webhook-id", "The header webhook-id.");
        return new Verb("show", "A delivery with its attempts and its request.",
            "larkspur webhooks deliveries show erp lk8f14e45f…") { name, id }.Asks(async call =>
        {
            var shown = await call.AskAsync((client, limited) => client.Webhooks.ShowDeliveryAsync(call.Get(name), call.Get(id), limited));
            if (call.Json) JsonOut.Write(shown);
            else Print(shown);
            return ExitCodes.Done;
        });
    }

    private static Verb Resend()
    {
        var name = Named.Argument("name", "The webhook.");
        var id = new Argument<string?>("webhook-id") { Description = "The delivery; absent: those of --since.",
            Arity = ArgumentArity.ZeroOrOne };
        var since = PointInTime.Option("--since", "Those made at this time or later, up to 1,000 at once.");
        var until = PointInTime.Option("--until", "Those made before this time; default: now.");
        var all = new Option<bool>("--all") { Description = "Also those that were delivered, not only what failed." };
        var verb = new Verb("resend", "Send one delivery again, or all that failed in a time, under the same webhook-id.",
            "larkspur webhooks deliveries resend erp lk8f14e45f…", "larkspur webhooks deliveries resend erp --since 2h") { name, id, since,
                until, all }.Asks(async call =>
        {
            if (call.Get(id) is { } one)
            {
                var resent = await call.AskAsync((client, limited) => client.Webhooks.ResendDeliveryAsync(call.Get(name), one, limited));
                if (call.Json) JsonOut.Write(resent);
                else Console.Out.WriteLine(Printable.Line($"Sent again: {resent.WebhookId}"));
                return ExitCodes.Done;
            }

            var window = new ResendWindow { Since = call.Get(since)!.Value, Until = call.Get(until),
                State = call.Get(all) ? "all" : "dead" };
            var many = await call.AskAsync((client, limited) => client.Webhooks.ResendDeliveriesAsync(call.Get(name), window, limited));
            if (call.Json) JsonOut.Write(many);
            else Console.Out.WriteLine(Printable.Line($"Sent again: {Number(many.Resent)}{RestOf(many)}"));
            return ExitCodes.Done;
        });
        verb.Validators.Add(result =>
        {
            var one = result.GetResult(id)?.Tokens.Count > 0;
            if (one == (result.GetResult(since) is not null)) result.AddError("Say which: a webhook-id, or --since.");
        });
        return verb;
    }

    private static void Print(WebhookDeliveryDetailsView shown)
    {
        var delivery = shown.Delivery;
        DetailView.Print(("webhook-id", delivery.WebhookId), ("event", delivery.EventType), ("state", delivery.State), ("reason",
            delivery.Reason),
            ("reference", delivery.Reference), ("created", PointInTime.Shown(delivery.CreatedAt)), ("sent again",
                PointInTime.Shown(delivery.ResentAt)),
            ("next attempt", PointInTime.Shown(delivery.NextAttemptAt)), ("request", $"{shown.Request.Method} {shown.Request.Host}"),
            ("body", shown.Request.Body ?? $"not shown: it takes {shown.MissingScope}"));
        foreach (var attempt in shown.Attempts)
        {
            var outcome = attempt.Status is { } status ? Number(status) : attempt.Reason ?? "";
            var head = $"attempt {Number(attempt.Number)}  {PointInTime.Shown(attempt.At)}  {outcome}  {Number(attempt.DurationMs)} ms";
            Console.Out.WriteLine(Printable.Line($"{head}  {attempt.Answer}"));
        }
    }

    private static string RestOf(ResentWebhooksView many) =>
        many.More ? $"; there are more: ask again with --until {PointInTime.Iso(many.Until)}" : "";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
