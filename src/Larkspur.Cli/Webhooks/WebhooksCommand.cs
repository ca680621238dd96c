using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Webhooks;

/// <summary><c>larkspur webhooks</c>: business systems that get webhooks.</summary>
internal static class WebhooksCommand
{
    public static Command Create() => new("webhooks",
        "Business systems that get webhooks: list, show, add, change, rotate, test, deliveries, enable, delete.")
    {
        List(), Show(), WebhookChanges.Add(), WebhookChanges.Change(), WebhookChanges.Rotate(), Test(), WebhookDeliveryCommand.Create(),
            Enable(), Delete(),
    };

    private static Verb List() => new Verb("list", "All of them.", "larkspur webhooks list").Asks(async call =>
        ListView.Print(call, (await call.AskAsync((client, limited) => client.Webhooks.ListAsync(limited))).Items, false,
            new("Webhook", w => w.Name), new("State", w => w.State), new("Circuit", w => w.Circuit), new("Waiting", w => Number(w.Waiting)), new("Source", w => w.Source), new("Events", w => string.Join(' ', w.Events)), new("Address", w => w.Url)));

    private static Verb Show()
    {
        var name = Named.Argument("name", "The webhook.");
        return new Verb("show", "One of them, without its secret.", "larkspur webhooks show erp") { name }.Asks(async call =>
            Told(call, await call.AskAsync((client, limited) => client.Webhooks.ShowAsync(call.Get(name), limited))));
    }

    private static Verb Test()
    {
        var name = Named.Argument("name", "The webhook.");
        return new Verb("test", "Send a signed webhook.test now, and say what the receiver answered; exit 1 when it did not arrive.", "larkspur webhooks test erp") { name }.Asks(async call =>
        {
            var test = await call.AskAsync((client, limited) => client.Webhooks.TestAsync(call.Get(name), limited));
            if (call.Json) JsonOut.Write(test);
            else Console.Out.WriteLine(Printable.Line($"{test.State}{(test.Reason is { } reason ? ": " + reason : "")} (delivery {Number(test.Id)})"));
            return test.State == "delivered" ? ExitCodes.Done : ExitCodes.Refused;
        });
    }

    private static Verb Enable()
    {
        var name = Named.Argument("name", "The webhook.");
        return new Verb("enable", "Send again to a webhook that answered 410 Gone, or failed for too long.",
            "larkspur webhooks enable erp") { name }.Asks(async call =>
            Told(call, await call.AskAsync((client, limited) => client.Webhooks.EnableAsync(call.Get(name), limited))));
    }

    private static Verb Delete()
    {
        var name = Named.Argument("name", "The webhook.");
        var force = new Option<bool>("--force") { Description = "Also when deliveries wait for it: they become dead letters." };
        return new Verb("delete", "Take a webhook away.", "larkspur webhooks delete erp") { name, force }.Asks(async call =>
        {
            var deleted = await call.AskAsync((client, limited) => client.Webhooks.DeleteAsync(call.Get(name), call.Get(force) ? true : null, limited));
            if (call.Json) JsonOut.Write(deleted);
            else Console.Out.WriteLine(Printable.Line($"Deleted: {deleted.Name}{(deleted.DeadDeliveries > 0 ? $"; {Number(deleted.DeadDeliveries)} deliveries became dead letters" : "")}"));
            return ExitCodes.Done;
        });
    }

    private static int Told(VerbCall call, WebhookView webhook)
    {
        if (call.Json) JsonOut.Write(webhook);
        else DetailView.Print(("webhook", webhook.Name), ("address", webhook.Url), ("events", string.Join(' ', webhook.Events)), ("state", webhook.State), ("circuit", webhook.Circuit), ("waiting", Number(webhook.Waiting)),
            ("timeout", webhook.TimeoutSeconds is { } seconds ? $"{seconds.ToString(CultureInfo.InvariantCulture)} s" : null), ("source", webhook.Source), ("gone since", PointInTime.Shown(webhook.GoneAt)),
            ("off since", PointInTime.Shown(webhook.OffAt)),
            ("old secret until", PointInTime.Shown(webhook.PreviousSecretUntil)), ("changed", webhook.ChangedAt is { } at ? $"{PointInTime.Shown(at)} by {webhook.ChangedBy}" : null));
        return ExitCodes.Done;
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
