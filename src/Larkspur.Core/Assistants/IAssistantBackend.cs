namespace Larkspur;

/// <summary>Something that answers questions: a Dify app, a model behind an OpenAI-compatible address. Thread-safe.</summary>
public interface IAssistantBackend
{
    /// <summary>What it can do besides answering.</summary>
    AssistantAbilities Abilities { get; }

    /// <summary>Asks, and gives the answer as it grows: text, steps, sources, and <see cref="AssistantEnded"/> or <see cref="AssistantInputNeeded"/> at last.</summary>
    /// <remarks>Giving up the enumeration does not stop the backend: call <see cref="StopAsync"/> with the task id of <see cref="AssistantBegan"/>.</remarks>
    /// <exception cref="AssistantException">There is no answer, or it broke off; what came before stands.</exception>
    IAsyncEnumerable<AssistantEvent> AskAsync(AssistantQuestion question, CancellationToken cancellationToken = default);

    /// <summary>Which files it takes with a question. It may ask the backend, and remember what that said for some minutes.</summary>
    /// <exception cref="AssistantException">The backend does not say.</exception>
    Task<AssistantFileRules> FileRulesAsync(CancellationToken cancellationToken = default);

    /// <summary>Stops an answer under way. Nothing happens when it has ended.</summary>
    /// <param name="taskId">From <see cref="AssistantBegan"/>.</param>
    /// <param name="user">Who asked.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="NotSupportedException">See <see cref="Abilities"/>.</exception>
    Task StopAsync(string taskId, string user, CancellationToken cancellationToken = default);

    /// <summary>Says whether an answer helped.</summary>
    /// <param name="messageId">From <see cref="AssistantEnded"/>.</param>
    /// <param name="user">Who asked; nobody else's verdict is taken.</param>
    /// <param name="helpful">Null takes it back.</param>
    /// <param name="comment">Why, in the person's words.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="NotSupportedException">See <see cref="Abilities"/>.</exception>
    Task RateAsync(string messageId, string user, bool? helpful, string? comment = null, CancellationToken cancellationToken = default);

    /// <summary>Questions that may come next; empty when the backend has none.</summary>
    /// <exception cref="NotSupportedException">See <see cref="Abilities"/>.</exception>
    Task<IReadOnlyList<string>> SuggestAsync(string messageId, string user, CancellationToken cancellationToken = default);
}

/// <summary>What a backend can do besides answering.</summary>
[Flags]
public enum AssistantAbilities
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An answer under way can be stopped there.</summary>
    Stop = 1,

    /// <summary>It takes verdicts.</summary>
    Rate = 2,

    /// <summary>It proposes next questions.</summary>
    Suggest = 4,

    /// <summary>It remembers a conversation under its id; without this the question carries <see cref="AssistantQuestion.History"/>.</summary>
    Remember = 8,

    /// <summary>It takes files.</summary>
    Files = 16,
}
