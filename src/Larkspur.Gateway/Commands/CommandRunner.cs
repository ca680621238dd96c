using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Commands;

/// <summary>Runs what plug-ins bring.</summary>
internal sealed class CommandRunner(ReplySender replies, UserResolver people)
{
    public async ValueTask<Reaction> RunAsync(IBotCommand command, HeardCommand heard, CancellationToken cancellation) =>
        await RunAsync(async call => await command.RunAsync(call, cancellation), heard.Message, heard.Rest, heard.Context)
        ?? throw new InvalidOperationException($"The command /{command.Name} gave no reply.");

    /// <returns>Null: the handler leaves it to others.</returns>
    public ValueTask<Reaction?> RunAsync(
        IPlainMessageHandler handler, UnifiedMessage message, EventContext context, CancellationToken cancellation) =>
        RunAsync(call => handler.RunAsync(call, cancellation), message, message.Text, context);

    private async ValueTask<Reaction?> RunAsync(
        Func<CommandCall, ValueTask<CommandReply?>> run, UnifiedMessage message, string text, EventContext context)
    {
        var call = new CommandCall(message, text, context, replies, people);
        try
        {
            return (await run(call))?.ToReaction(replies, message, context);
        }
        finally
        {
            // What is written further goes nowhere; the end is the transaction's.
            if (call.Stream?.Answer is { } answer) await answer.DisposeAsync();
        }
    }
}
