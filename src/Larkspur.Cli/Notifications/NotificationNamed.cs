using System.CommandLine;
using System.Text.RegularExpressions;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Notifications;

/// <summary>A notification as somebody names it: by our id, or by its subject (a requisition's, order's, payment's number).</summary>
internal static partial class NotificationNamed
{
    private const int Told = 5;

    public static Argument<string> Argument() => Named.Argument("notification", "The notification: its subject, like PR-1, or its id, nt…");

    /// <summary>Its id.</summary>
    /// <exception cref="CallFailure">There is none, or the subject has several.</exception>
    public static async Task<string> IdAsync(VerbCall call, Argument<string> argument)
    {
        var named = call.Get(argument);
        if (Id().IsMatch(named)) return named;
        var found = await call.AskAsync((client, limited) => client.Notifications.ListAsync(named, null, null, null, Told, limited));
        return found.Items switch
        {
            [] => throw new CallFailure(ExitCodes.Refused,
                $"there is no notification of {named}: larkspur notifications list has those of this key.") { Word = "no_notification" },
            [var one] => one.Id,
            _ => throw new CallFailure(ExitCodes.Refused,
                $"there are several notifications of {named}; name one by its id:{string.Concat(found.Items.Select(Line))}{(found.Next is null ? "" : "\n  …")}"),
        };
    }

    private static string Line(NotificationView one) => $"\n  {one.Id}  {one.Event}  {one.State}  {PointInTime.Shown(one.CreatedAt)}";

    [GeneratedRegex("^nt[0-9a-f]{16,}$", RegexOptions.CultureInvariant)]
    private static partial Regex Id();
}
