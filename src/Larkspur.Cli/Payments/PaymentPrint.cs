using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;
using Spectre.Console;

namespace Larkspur.Cli.Payments;

/// <summary>A payment for people and for programs.</summary>
internal static class PaymentPrint
{
    public static void Whole(VerbCall call, PaymentView payment)
    {
        if (call.Json)
        {
            JsonOut.Write(payment);
            return;
        }

        DetailView.Print(("payment", payment.Id), ("number", payment.Number), ("title", payment.Title), ("amount", $"{payment.Amount} {payment.Currency}"), ("payee", payment.Payee),
            ("state", $"{payment.State}, version {payment.Version.ToString(CultureInfo.InvariantCulture)}"), ("reason", payment.Reason), ("submitter", PersonTexts.NameOf(payment.Submitter)),
            ("instance", payment.InstanceCode), ("created", PointInTime.Shown(payment.CreatedAt)), ("reference", payment.Reference), ("webhook", payment.Webhook is { } webhook ? Told(webhook) : null));
        Console.Out.WriteLine();
        ListView.Write(payment.Timeline ?? [], new("When", l => PointInTime.Shown(l.At)), new("What", l => l.What), new("By", l => l.By is { } by ? PersonTexts.NameOf(by) : null),
            new Column<TimelineView>("Source", l => l.Source), new("Detail", l => l.Detail));
    }

    private static string Told(PaymentWebhookView webhook) => string.Create(CultureInfo.InvariantCulture,
        $"{webhook.Type} to {webhook.Webhook}: {webhook.State} after {webhook.Attempts} attempts{(webhook.Reason is { } reason ? ", " + reason : "")} (delivery {webhook.DeliveryId})");
}
