using Larkspur.Gateway.Assistant.Feedback;
using Larkspur.Gateway.Assistant.Linking;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant;

/// <inheritdoc/>
internal sealed class AssistantService(
    AssistantRoutes routes, QuestionIntake asking, AnswerActions answers, LinkActions links, UserResolver askers) : IAssistant
{
    public bool IsOn => routes.Any;

    public async ValueTask<Reaction> ReactAsync(UnifiedMessage message, EventContext context, CancellationToken cancellation) =>
        await asking.AskAsync(message, await askers.OfAsync(message.Sender, cancellation), context, null, message.Text, cancellation);

    public ValueTask<Reaction> ReactAsync(AnswerAction action, PlatformAccount by, EventContext context, CancellationToken cancellation) =>
        action.IsOfLink ? links.ReactAsync(action, by, context, cancellation) : answers.ReactAsync(action, by, context, cancellation);
}

/// <summary>The bot's words that are no command, for the assistant.</summary>
internal sealed class AssistantQuestions(IAssistant assistant) : IQuestions
{
    public bool AreTaken => assistant.IsOn;

    public ValueTask<Reaction> ReactAsync(UnifiedMessage message, EventContext context, CancellationToken cancellation) =>
        assistant.ReactAsync(message, context, cancellation);
}
