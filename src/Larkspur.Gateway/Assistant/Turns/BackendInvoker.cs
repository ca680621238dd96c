using Larkspur.Gateway.Assistant.Attachments;
using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>Asks one backend a turn's question, and stops it when nobody reads the answer any more.</summary>
internal sealed partial class BackendInvoker(QuestionMaker questions, TurnStore store, TimeProvider clock, ILogger<BackendInvoker> logger)
{
    /// <summary>Asks, and reads what it tells to its end. Where it does not know the conversation any more, it is asked once more in a new one.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="fence">Under which it is answered.</param>
    /// <param name="backend">Whom.</param>
    /// <param name="question">What.</param>
    /// <param name="files">The turn's files; they go once some of the answer has come.</param>
    /// <param name="reading">Takes what the backend tells.</param>
    /// <param name="cancellation">Ends the asking.</param>
    /// <returns>False: there was nothing to ask it, since it takes none of the files and nothing else was said.</returns>
    /// <exception cref="AssistantException">There is no answer, or it broke off.</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public async Task<bool> AskAsync(Turn turn, Fence fence, GuardedBackend backend, PreparedQuestion question, TurnFiles files, AnswerReading reading, CancellationToken cancellation)
    {
        var given = await files.ForAsync(backend, cancellation);
        if (question.IsWordless && given.Files.Count == 0)
        {
            reading.Leave(given);
            return false;
        }

        for (var again = false; ; again = true)
        {
            var asked = await questions.ForAsync(turn, question, backend, given, files.QuestionFor(given), fresh: again, cancellation);
            reading.Begin(backend, asked.User, given, clock);
            try
            {
                await backend.AskAsync(asked, async told =>
                {
                    if (reading.Take(told) && told is AssistantBegan began) await NoteTaskAsync(turn, fence, backend.Name, began.TaskId, asked.User);
                    if (reading.HasCome) await files.DisposeAsync();
                }, cancellation);
                return true;
            }
            catch (AssistantException e) when (e.Failure == AssistantFailure.ConversationGone && !again && !reading.HasCome)
            {
                reading.BeganAnew = true;
            }
        }
    }

    /// <summary>What nobody reads need not be written. It is asked politely, and once: the backend ends by itself too.</summary>
    public async Task StopAsync(Turn turn, AnswerReading reading)
    {
        if (reading is not { Backend: { } backend, TaskId: { } task } || !backend.Backend.Abilities.HasFlag(AssistantAbilities.Stop)) return;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5), clock);
        try
        {
            await backend.Backend.StopAsync(task, reading.AskedAs, patience.Token);
        }
        catch (Exception e) when (e is AssistantException or OperationCanceledException)
        {
            TurnNotStopped(backend.Name, turn.Id, e.Message);
        }
    }

    /// <summary>Without it the answer goes on all the same; only another process could not stop it at the backend.</summary>
    private async Task NoteTaskAsync(Turn turn, Fence fence, string backend, string? taskId, string askedAs)
    {
        try
        {
            await store.TaskAsync(turn.Id, fence, backend, taskId, askedAs);
        }
        catch (StorageUnavailableException e)
        {
            TaskNotNoted(turn.Id, e.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "Backend {Backend} did not stop turn {TurnId} ({Reason})")]
    private partial void TurnNotStopped(string backend, long turnId, string reason);
    [LoggerMessage(LogLevel.Warning, "The task of turn {TurnId} could not be noted ({Reason})")]
    private partial void TaskNotNoted(long turnId, string reason);
}
