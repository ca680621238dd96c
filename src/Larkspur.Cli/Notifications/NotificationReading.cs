using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Notifications;

/// <summary><c>larkspur notifications list</c> and <c>show</c>.</summary>
internal static class NotificationReading
{
    private const int LargestPage = 100;

    public static Verb List()
    {
        var subject = new Option<string?>("--subject") { Description = "Only those of this business object." };
        var type = new Option<string?>("--event") { Description = "Only those of this type." };
        var state = new Option<string?>("--state") { Description = "Only those in this state." };
        state.AcceptOnlyFromAmong("open", "decided", "resolved", "recalled", "switched_off");
        var limit = Limit.Option(20, "How many at most.");
        return new Verb("list", "Notifications, the newest first.", "larkspur notifications list --subject PR-1", "larkspur notifications list --state open --json | jq -r .items[].id") { subject, type, state, limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<NotificationView, long?>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) => client.Notifications.ListAsync(call.Get(subject), call.Get(type), call.Get(state), cursor, size, limited));
                return (page.Items, page.Next);
            }), new("Notification", n => n.Id), new("Created", n => PointInTime.Short(n.CreatedAt)), new("Event", n => n.Event), new("Subject", n => n.Subject), new("State", n => n.State),
                new("Cards", n => string.Join(", ", n.Deliveries.GroupBy(d => d.State, StringComparer.Ordinal).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} {g.Key}"))))));
    }

    public static Verb Show()
    {
        var notification = NotificationNamed.Argument();
        return new Verb("show", "What became of a notification, recipient by recipient.", "larkspur notifications show PR-1",
            "larkspur notifications show nt5b0c…")
        {
            notification,
        }.Asks(async call =>
        {
            var id = await NotificationNamed.IdAsync(call, notification);
            NotificationPrint.Whole(call, await call.AskAsync((client, limited) => client.Notifications.GetAsync(id, limited)));
            return ExitCodes.Done;
        });
    }
}
