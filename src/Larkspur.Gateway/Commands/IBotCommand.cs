using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Commands;

/// <summary>A command that people write to the bot, <c>/name</c>, on every platform. One object serves all calls, many at once.</summary>
/// <remarks>Register it by <c>PluginBuilder.AddCommand</c>. See docs/commands.md.</remarks>
public interface IBotCommand
{
    /// <summary>
    /// Without slash: 1 to 32 letters of any script, digits, <c>-</c> and <c>_</c>. Case does not count. A name that is taken ends the
    /// gateway's start.
    /// </summary>
    string Name { get; }

    /// <summary>Other names, at most 10, by the same rule; a Chinese one as a rule.</summary>
    IReadOnlyList<string> Aliases => [];

    /// <summary>What it does, for <c>/help</c>, in both languages: 1 to 200 characters each.</summary>
    LocalText Description { get; }

    /// <summary>
    /// Runs it. It may read from anywhere; what it changes belongs into the reply's transaction
    /// (<see cref="CommandReply.InTransaction"/>).
    /// </summary>
    /// <remarks>
    /// After a crash, or when it throws, it runs again for the same message (up to three more times within six seconds): whoever calls
    /// another system gives it
    /// <see cref="CommandCall.Reference"/> as the idempotency key. If it keeps failing, the person gets a friendly message with that
    /// reference and the event is a dead
    /// letter; the chat's next message is handled all the same. It has <c>Larkspur:Dispatch:HandlerTimeout</c> (30 s).
    /// </remarks>
    /// <param name="call">Who called it, where, with which words.</param>
    /// <param name="cancellation">Ends when the time is over or the gateway stops.</param>
    ValueTask<CommandReply> RunAsync(CommandCall call, CancellationToken cancellation);
}
