using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Robots;

namespace Larkspur.Gateway.Messages;

/// <summary>Messages whose receiver is a group robot, of whatever platform.</summary>
internal sealed class RobotMessages(RobotAccess access, RobotPlatforms platforms, MessageQueue queue)
{
    private const int LongestText = 100_000;

    private static readonly string[] Ways = ["text", "markdown", "card_message"];

    /// <summary>Reads what is to be said, judged by the robot's platform.</summary>
    /// <exception cref="RequestRefusedException">There is no such robot for this caller, it is off, or it cannot say that.</exception>
    public (OutboxMessage Row, IReadOnlyList<string>? Notes, Robot Robot) Read(KeyGrant caller, string name, SendMessage sent,
        JsonFields said, SendQuery query)
    {
        var robot = access.Known(caller, name, change: true, "/to/robot");
        query.DemandTime();
        if (query.AppOf(sent.App) is not null) throw GroupMessage.Refused("/app", "A group robot belongs to no app: leave it out.");
        if (sent.Fallback is not null) throw GroupMessage.Refused("/fallback",
            "What a group robot's platform refuses is not said in another form: leave it out.");
        if (!robot.Enabled)
            throw new RequestRefusedException(StatusCodes.Status409Conflict, "robot_off", "/to/robot",
                $"The group robot \"{robot.Name}\" is switched off: enable it first.");
        var platform = platforms.Find(robot.Platform)
            ?? throw RequestRefusedException.Impossible("bad_platform", "/to/robot",
                "This version knows no group robots of the robot's platform.");
        var content = platform.Compile(MessageOf(said));
        return (RobotRows.Message(robot, content), content.Notes.Count > 0 ? [.. content.Notes.Select(n => n.English)] : null, robot);
    }

    /// <summary>Queues it.</summary>
    public Task<MessageAnswer> QueueAsync(KeyGrant caller, Robot robot, string key, OutboxMessage message,
        CancellationToken cancellation) =>
        queue.QueueAsync(caller, robot.App, key, message, cancellation);

    private static GroupMessage MessageOf(JsonFields said)
    {
        var given = Ways.Where(said.Has).ToArray();
        if (given.Length > 1) throw RequestRefusedException.Malformed("several_contents", said.At(given[1]),
            "A message says one thing: this member stands beside another one.");
        foreach (var other in MessageDraft.Ways)
        {
            if (!Ways.Contains(other) && said.Has(other)) throw GroupMessage.Refused(said.At(other),
                "A group robot says text, markdown or card_message.");
        }

        if (given.Length == 0) throw RequestRefusedException.Malformed("nothing_to_say", null,
            $"Nothing is said. Give one of {string.Join(", ", Ways)}.");
        var way = given[0];
        var message = way switch
        {
            "text" => GroupMessage.OfText(said.Text(way, LongestText)!, said.At(way)),
            "markdown" => GroupMessage.OfMarkdown(said.Text(way, LongestText)!, said.At(way)),
            _ => GroupMessage.OfCard(CardMessageReader.Read(said.Any(way)!.Value, said.At(way)), said.At(way)),
        };
        said.End();
        return message;
    }
}
