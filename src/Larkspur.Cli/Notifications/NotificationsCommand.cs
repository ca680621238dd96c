using System.CommandLine;

namespace Larkspur.Cli.Notifications;

/// <summary><c>larkspur notifications</c>: tell people of business events, see what became of it, say how it ended.</summary>
internal static class NotificationsCommand
{
    public static Command Create() => new("notifications", "Business events as cards for people: send, list, show, resolve, remind, recall; and their types.")
    {
        NotificationSending.Send(),
        NotificationReading.List(),
        NotificationReading.Show(),
        NotificationActionCommands.Resolve(),
        NotificationActionCommands.Remind(),
        NotificationActionCommands.Recall(),
        NotificationTypes.Create(),
    };
}
