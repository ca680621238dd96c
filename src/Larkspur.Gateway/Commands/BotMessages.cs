using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Commands;

/// <summary>
/// What the bot does with what somebody said to it, on whichever platform: a command runs, other words are for the assistant.
/// </summary>
internal sealed class BotMessages(
    CommandRegistry commands, CommandRunner runner, IQuestions questions, IEnumerable<IPlainMessageHandler> handlers, ReplySender replies)
{
    private readonly IPlainMessageHandler[] _handlers = [.. handlers];

    /// <summary>Words, pictures and files that are no command are looked at by somebody.</summary>
    public bool TakesQuestions => questions.AreTaken;

    /// <param name="message">What was said, with its command taken apart.</param>
    /// <param name="context">Its event.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async ValueTask<Reaction> ReactAsync(UnifiedMessage message, EventContext context, CancellationToken cancellation)
    {
        if (message.Command is { } command && commands.Find(command.Name, message.App) is { } known)
            return await known.RunAsync(new HeardCommand(message, context, command.Rest), cancellation);
        // No backend is asked what a mistyped command means; "/etc/hosts means what?" is a question.
        if (message.Command is { } unknown && (!questions.AreTaken || CommandNames.IsMeant(unknown.Name)))
            return Say(message, context, Unknown(message, unknown.Name), Outcome.Refused("unknown_command"));
        if (questions.AreTaken) return await questions.ReactAsync(await message.WithSenderAsync(cancellation), context, cancellation);
        foreach (var handler in _handlers)
        {
            if (await runner.RunAsync(handler, message, context, cancellation) is { } reaction) return reaction;
        }

        return Say(message, context, commands.Text(message.Language, BotTexts.Hint, BotTexts.HintNoHelp), Outcome.Answered);
    }

    private string Unknown(UnifiedMessage message, string name) => commands.Near(name, message.App) is { } near
        ? commands.Text(message.Language, BotTexts.UnknownNear("/" + CommandNames.Shown(name), "/" + near),
            BotTexts.UnknownNearNoHelp("/" + CommandNames.Shown(name), "/" + near))
        : commands.Text(message.Language, BotTexts.Unknown("/" + CommandNames.Shown(name)),
            BotTexts.UnknownNoHelp("/" + CommandNames.Shown(name)));

    private Reaction Say(UnifiedMessage message, EventContext context, string words, Outcome outcome) => new(async effects =>
    {
        await replies.AnswerAsync(effects, message, context, UnifiedResponse.Text(words));
        return outcome;
    });
}
