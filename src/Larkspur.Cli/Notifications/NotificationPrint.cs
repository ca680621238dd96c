using System.Globalization;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;
using Spectre.Console;

namespace Larkspur.Cli.Notifications;

/// <summary>Notifications for people and for programs.</summary>
internal static class NotificationPrint
{
    public static void Sent(VerbCall call, NotificationView sent)
    {
        if (call.Json) JsonOut.Write(sent);
        else Console.Out.WriteLine(Printable.Line(string.Create(CultureInfo.InvariantCulture, $"{(sent.State == "switched_off" ? "Recorded, and not sent" : "Queued")}: {sent.Id}, cards for {Known(sent)}")));
        if ((Words.AreChinese ? sent.NoteZh : sent.Note) is { } note) Fail.Say(note);
        foreach (var unknown in sent.UnknownRecipients) Fail.Say($"not told: {Named(unknown.Recipient)} ({unknown.Reason})");
    }

    public static void Changed(VerbCall call, NotificationView changed, string what)
    {
        if (call.Json) JsonOut.Write(changed);
        else Console.Out.WriteLine(Printable.Line($"{what}: {changed.Id}, {changed.Event}{(changed.Subject is { } subject ? " of " + subject : "")}"));
    }

    public static void Whole(VerbCall call, NotificationView notification)
    {
        if (call.Json)
        {
            JsonOut.Write(notification);
            return;
        }

        DetailView.Print(("notification", notification.Id), ("event", notification.Event), ("subject", notification.Subject), ("state", notification.State + (notification.Test ? ", a test" : "")),
            ("note", Words.AreChinese ? notification.NoteZh : notification.Note), ("created", $"{PointInTime.Shown(notification.CreatedAt)} by {notification.RequestedBy}, app {notification.App}"),
            ("decision", notification.Decision is { } d ? $"{d.Decision} by {PersonTexts.NameOf(d.By)}, {PointInTime.Shown(d.At)}{(d.Comment is { } comment ? ": " + comment : "")}" : null),
            ("resolved", notification.Resolved is { } s ? $"{s.Status}: {(Words.AreChinese ? s.Text.Zh : s.Text.En)}{(s.By is { } by ? ", by " + by : "")} {PointInTime.Shown(s.At)}" : null),
            ("reminded", PointInTime.Shown(notification.RemindedAt)));
        Console.Out.WriteLine();
        ListView.Write<DeliveryView>(notification.Deliveries, new("To", d => d.Person is { } person ? PersonTexts.NameOf(person) : Named(d.Recipient)), new("State", d => d.State),
            new("Message", d => d.MessageId), new("When", d => PointInTime.Shown(d.ReadAt ?? d.SentAt ?? d.DueAt)), new("Outbox", d => d.OutboxId?.ToString(CultureInfo.InvariantCulture)),
            new("Why", d => (Words.AreChinese ? d.ReasonTextZh : d.ReasonText) ?? d.Reason));
        foreach (var click in notification.Clicks ?? []) Console.Out.WriteLine(Printable.Line($"{PointInTime.Shown(click.At)}  {click.Name ?? click.OpenId} clicked {click.Action}: {click.Outcome}"));
    }

    private static string Known(NotificationView sent) => string.Join(", ", sent.Deliveries.Where(d => d.State != "unknown_recipient").Select(d => d.Person is { } person ? PersonTexts.NameOf(person) : Named(d.Recipient)));

    /// <summary>A recipient as it was given: the values, whichever they are.</summary>
    private static string Named(JsonElement recipient) => recipient.ValueKind == JsonValueKind.Object
        ? string.Join(' ', recipient.EnumerateObject().Where(m => m.Value.ValueKind == JsonValueKind.String).Select(m => m.Value.GetString()))
        : recipient.ToString();
}
