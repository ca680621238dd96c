namespace Larkspur.Gateway.Commands;

/// <summary>Answers messages that are no command, while no assistant is connected. One object serves all, many at once.</summary>
public interface IPlainMessageHandler
{
    /// <summary>Answers, or leaves it to the next handler. What is left by all is answered by a hint at <c>/help</c>.</summary>
    /// <param name="call">The message; its <see cref="CommandCall.Text"/> is all that was said.</param>
    /// <param name="cancellation">Ends when the time is over or the gateway stops.</param>
    /// <returns>Null: it is left to others. The rules of <see cref="IBotCommand.RunAsync"/> hold.</returns>
    ValueTask<CommandReply?> RunAsync(CommandCall call, CancellationToken cancellation);
}
