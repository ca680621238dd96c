using System.CommandLine;

namespace Larkspur.Cli.Messages;

/// <summary><c>larkspur messages</c>: what the bot says, and what becomes of it.</summary>
internal static class MessagesCommand
{
    public static Command Create() =>
        new("messages", "Messages: send, reply, show, change, forward, recall; and what people did with them.")
    {
        SendCommand.Send(),
        SendCommand.Reply(),
        MessageReading.Show(),
        MessageReading.Download(),
        MessageReading.Readers(),
        MessageChanges.Change(),
        MessageChanges.Forward(),
        MessageChanges.MergeForward(),
        MessageChanges.Urge(),
        MessageChanges.Pin(),
        MessageChanges.Unpin(),
        RecallCommand.Create(),
        Reactions.Create(),
    };
}
