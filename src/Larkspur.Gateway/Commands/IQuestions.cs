using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Commands;

/// <summary>Takes words that are no command: the assistant, where there is one.</summary>
internal interface IQuestions
{
    /// <summary>There is somebody to answer.</summary>
    bool AreTaken { get; }

    /// <summary>What is done with words that are no command.</summary>
    ValueTask<Reaction> ReactAsync(UnifiedMessage message, EventContext context, CancellationToken cancellation);
}
