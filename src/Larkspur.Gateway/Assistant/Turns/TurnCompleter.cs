using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>Ends turns: the row, what the conversation goes on with and the answer's last face in one transaction.</summary>
internal sealed partial class TurnCompleter(IDatabase database, TurnStore store, AssistantMetrics metrics, TimeProvider clock,
    ILogger<TurnCompleter> logger)
{
    private const int MostTries = 30;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    /// <summary>Ends a turn. Where the database is away it is tried for half a minute.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="fence">Under which it was answered.</param>
    /// <param name="answer">What shows the answer; null: nothing does.</param>
    /// <param name="result">How it ends.</param>
    /// <param name="end">The answer's last face.</param>
    /// <param name="remembered">What the conversation goes on with; null: with what it went on before.</param>
    /// <returns>How it ended; null: it had ended before, or is another process's now.</returns>
    /// <exception cref="StorageUnavailableException">The database stayed away.</exception>
    public async Task<TurnResult?> EndAsync(Turn turn, Fence fence, IAnswer? answer, TurnResult result, AnswerEnd? end, Remembered? remembered)
    {
        if (answer is not null) await answer.QuietAsync();
        var ended = await EndingAsync(async unit =>
        {
            if (!await store.EndAsync(unit, turn.Id, fence, result, clock.GetUtcNow())) return false;
            if (result.Suggestions.Count > 0) await Suggestions.StoreAsync(unit, turn.Id, result.Suggestions);
            if (remembered is { } conversation) await ConversationStore.RememberAsync(unit, turn.Conversation, conversation.Backend, conversation.ConversationId);
            if (answer is not null && end is not null) await answer.FinishAsync(unit, end);
            return true;
        });
        if (!ended)
        {
            RunHadNoEffect();
            return null;
        }

        metrics.Ended(turn, result);
        TurnCompleted(turn.Route, result.Backend ?? "nobody", result.Ending, result.Reason is { } why ? $", {why}" : "");
        return result;
    }

    /// <summary>Ends the row of a turn whose person cannot be told.</summary>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public Task EndUntoldAsync(long id, Fence fence, CancellationToken cancellation) =>
        database.TransactAsync(unit => store.EndAsync(unit, id, fence, new TurnResult(TurnEndings.Failed, "untold"), clock.GetUtcNow()), cancellation);

    /// <summary>A whole answer is not thrown away because the database was away for a moment. Should the commit have been kept after all, the row is no longer open.</summary>
    private async Task<bool> EndingAsync(Func<IUnitOfWork, ValueTask<bool>> work)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await database.TransactAsync(work);
            }
            catch (StorageUnavailableException e) when (tries < MostTries)
            {
                AnswerNotPutDown(e.Message);
                await Task.Delay(BetweenTries, clock, CancellationToken.None);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The turn had ended before, or is answered by another process now; this run had no effect")]
    private partial void RunHadNoEffect();
    [LoggerMessage(LogLevel.Information, "Turn of route {Route} by {Backend}: {Ending}{Reason}")]
    private partial void TurnCompleted(string route, string backend, string ending, string reason);
    [LoggerMessage(LogLevel.Warning, "An answer could not be put down ({Reason}); trying again")]
    private partial void AnswerNotPutDown(string reason);
}
