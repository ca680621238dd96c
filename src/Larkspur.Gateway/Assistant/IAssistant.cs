using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant;

/// <summary>Answers people on whichever platform they write. Channels call it from their handlers.</summary>
internal interface IAssistant
{
    /// <summary>A backend is configured.</summary>
    bool IsOn { get; }

    /// <summary>What is done with a message that is no command: the question is queued for its answer.</summary>
    ValueTask<Reaction> ReactAsync(UnifiedMessage message, EventContext context, CancellationToken cancellation);

    /// <summary>What is done with a click on an answer's button. The words for the person are given as the callback's toast.</summary>
    ValueTask<Reaction> ReactAsync(AnswerAction action, PlatformAccount by, EventContext context, CancellationToken cancellation);
}
