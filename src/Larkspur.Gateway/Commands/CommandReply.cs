using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Cards;
using Larkspur.Gateway.Commands.Plugins;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Commands;

/// <summary>
/// What a command wants done. It is committed in the transaction that ends the message's event: however often the message comes or the
/// process dies, it happens once.
/// </summary>
public sealed class CommandReply
{
    private readonly Func<IEffects, ReplySender, UnifiedMessage, EventContext, ValueTask<Outcome>> _apply;

    private CommandReply(Func<IEffects, ReplySender, UnifiedMessage, EventContext, ValueTask<Outcome>> apply) => _apply = apply;

    /// <inheritdoc cref="BotAnswer.Text"/>
    public static CommandReply Text(string words) => Of(BotAnswer.Text(words));

    /// <inheritdoc cref="BotAnswer.Markdown"/>
    public static CommandReply Markdown(string content, string? title = null) => Of(BotAnswer.Markdown(content, title));

    /// <inheritdoc cref="BotAnswer.Card(CardMessage, PluginCardAction, string)"/>
    public static CommandReply Card(CardMessage card, PluginCardAction? action = null, string id = "") =>
        Of(BotAnswer.Card(card, action, id));

    /// <inheritdoc cref="BotAnswer.Card(CardBuilder)"/>
    public static CommandReply Card(CardBuilder card) => Of(BotAnswer.Card(card));

    /// <summary>An answer that changes nothing.</summary>
    public static CommandReply Of(BotAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return InTransaction(_ => ValueTask.FromResult<BotAnswer?>(answer));
    }

    /// <summary>Changes and answer in one transaction.</summary>
    /// <param name="work">
    /// Runs inside of it, again when it is repeated: reads and changes values by <see cref="PluginValues"/>, and says what is answered;
    /// null: nothing is. It awaits
    /// nothing else: the database waits for it.
    /// </param>
    public static CommandReply InTransaction(Func<IEffects, ValueTask<BotAnswer?>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return new CommandReply(async (effects, replies, message, context) =>
        {
            if (await work(effects) is { } answer) await replies.AnswerAsync(effects, message, context, answer.In(message.Language.Tag()));
            return Outcome.Answered;
        });
    }

    internal static CommandReply Finishing(CommandStream stream, LocalText? note) => new(async (effects, replies, message, context) =>
    {
        var small = note?.In(message.Language.Tag());
        if (stream.Answer is { } answer) await answer.FinishAsync(effects.Unit, new AnswerEnd(stream.Text) { Note = small });
        else await replies.AnswerAsync(effects, message, context, new UnifiedResponse(stream.Text) { Title = stream.Title, Note = small });
        return Outcome.Answered;
    });

    internal Reaction ToReaction(ReplySender replies, UnifiedMessage message, EventContext context) =>
        new(effects => _apply(effects, replies, message, context));
}
