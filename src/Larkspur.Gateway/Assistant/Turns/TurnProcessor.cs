using Larkspur.Gateway.Assistant.Attachments;
using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Assistant.Pictures;
using Larkspur.Gateway.Assistant.Quotes;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Masking;
using Larkspur.Gateway.Outbox;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>The course of one turn: the backend is asked, or the one that stands in for it, what comes is shown, and the turn ends, whatever happens on the way.</summary>
internal sealed partial class TurnProcessor(AssistantBackends backends, AssistantRoutes routes,
    IEnumerable<IConversationChannel> channels, TurnStore store, RunningTurns running, QuotedMessages quotes, QuestionMaker questions,
    QuestionFiles attachments, BackendInvoker asker, MadePictures pictures,
    Suggestions suggestions, TurnCompleter ender, AssistantOptions options, AssistantMetrics metrics, TimeProvider clock, ILogger<TurnProcessor> logger)
{
    private readonly IReadOnlyDictionary<string, IConversationChannel> _channels = channels.ToDictionary(c => c.Platform, StringComparer.Ordinal);

    /// <summary>Answers a turn that has not ended.</summary>
    /// <returns>How it ended; null: it is another process's now.</returns>
    /// <exception cref="ChannelException">The answer cannot be shown now.</exception>
    /// <exception cref="StorageUnavailableException">The database is away.</exception>
    public async Task<TurnResult?> AnswerAsync(Turn turn, Fence fence, CancellationToken stopping)
    {
        if (!_channels.TryGetValue(turn.Platform, out var channel))
        {
            NoChannel(turn.Platform, turn.Id);
            return await ender.EndAsync(turn, fence, null, new TurnResult(TurnEndings.Failed, "no_channel"), null, null);
        }

        // Before its first face is seen: a button that stops it must find it.
        var writing = running.Begin(turn.Id, turn.Name);
        try
        {
            return await AnswerAsync(turn, fence, channel, writing, stopping);
        }
        finally
        {
            running.End(writing);
        }
    }

    private async Task<TurnResult?> AnswerAsync(Turn turn, Fence fence, IConversationChannel channel, RunningTurn writing, CancellationToken stopping)
    {
        await using var answer = await channel.OpenAsync(Request(turn), stopping);
        // A process that asked the backend is gone. Asking again by itself might cost, and do, everything twice.
        if (turn.BegunAt is not null) return await ender.EndAsync(turn, fence, answer, new TurnResult(TurnEndings.Interrupted, "process_ended") { Answer = turn.Answer }, AnswerTemplates.Interrupted(turn, turn.Answer), null);
        return await WriteAsync(turn, fence, channel, answer, writing, stopping);
    }

    /// <summary>A turn that fails for a reason of ours ends, and its person is told.</summary>
    /// <returns>False: it could not even be ended.</returns>
    public async Task<bool> GiveUpAsync(long id, Fence fence, CancellationToken cancellation)
    {
        try
        {
            var turn = await store.FindAsync(id, cancellation);
            if (turn is null || turn.HasEnded) return true;
            await using var answer = _channels.TryGetValue(turn.Platform, out var channel) ? await channel.OpenAsync(Request(turn), cancellation) : null;
            await ender.EndAsync(turn, fence, answer, new TurnResult(TurnEndings.Failed, "fault") { Answer = turn.Answer }, AnswerTemplates.Failed(turn, AssistantFailure.Unknown), null);
            return true;
        }
        catch (Exception e) when (e is StorageUnavailableException or OperationCanceledException or ChannelException { Transient: true })
        {
            EndingPostponed(id, e.Message);
            return false;
        }
        catch (Exception e)
        {
            // A row that cannot be read, or a fault in the very telling: it must not hold up its conversation for ever.
            NobodyToldOfEnd(id, e);
            await ender.EndUntoldAsync(id, fence, cancellation);
            return true;
        }
    }

    private async Task<TurnResult?> WriteAsync(
        Turn turn, Fence fence, IConversationChannel channel, IAnswer answer, RunningTurn writing, CancellationToken stopping)
    {
        if (turn.StopAt is not null) return await ender.EndAsync(turn, fence, answer, new TurnResult(TurnEndings.Stopped, "before_it_began"), AnswerTemplates.Stopped(turn, ""), null);
        var begun = clock.GetTimestamp();
        var route = routes.Named(turn.Route);
        var chain = route is null ? [] : backends.Chain(route.Backend);
        if (chain.Count == 0) return await ender.EndAsync(turn, fence, answer, new TurnResult(TurnEndings.Failed, "no_backend"), AnswerTemplates.Failed(turn, AssistantFailure.Misconfigured), null);

        using var deadline = new CancellationTokenSource(options.AnswerTimeout, clock);
        using var any = CancellationTokenSource.CreateLinkedTokenSource(stopping, writing.Stopped, deadline.Token);
        var reading = new AnswerReading(new AnswerText(answer, writing, new Masker(route!.Masking)));
        AssistantException? failure = null;
        try
        {
            turn = await quotes.ReadAsync(turn, any.Token);
            await using var files = attachments.Of(turn, route!);
            var question = await questions.MakeAsync(turn, route, any.Token);
            reading.Notes = question.Notes;
            if (question.Waits is { } words)
                return await ender.EndAsync(turn, fence, answer, new TurnResult(TurnEndings.Stopped, TurnResult.AuthorizationNeeded),
                    AnswerTemplates.Waiting(words), null);
            // Before the backend counts as asked: reading may take a while, and does nothing that must not be done twice.
            await files.ForAsync(chain[0], any.Token);
            if (!await store.BeginAsync(turn.Id, fence, clock.GetUtcNow()))
            {
                return (await store.FindAsync(turn.Id, any.Token))?.StopAt is null ? null
                    : await ender.EndAsync(turn, fence, answer, new TurnResult(TurnEndings.Stopped, "before_it_began"), AnswerTemplates.Stopped(turn, ""), null);
            }

            foreach (var backend in chain)
            {
                try
                {
                    if (!await asker.AskAsync(turn, fence, backend, question, files, reading, any.Token)) continue;
                    var given = await pictures.GiveAsync(turn, backend.Options, reading.Pictures, channel, Request(turn), any.Token);
                    var text = reading.Finish(turn.Language, given.Lines);
                    metrics.Masked(reading.Masked, "answered");
                    metrics.Answered(turn, backend.Name, reading.FirstAfter, clock.GetElapsedTime(begun));
                    var next = await suggestions.OfAsync(route, backend, reading, any.Token);
                    var end = AnswerTemplates.Finished(turn, route, backend, reading, text, next, given.Shown);
                    return await ender.EndAsync(turn, fence, answer, new TurnResult(reading.End?.IsCut == true ? TurnEndings.Stopped : TurnEndings.Finished)
                    {
                        Backend = backend.Name, MessageId = reading.End?.MessageId, Answer = text, Tokens = reading.End?.Tokens, Suggestions = next,
                    }, end, backend.Name == route.Backend ? reading.Remembered : null);
                }
                catch (AssistantException e)
                {
                    // Nothing was said but files, and this backend has begun nothing: one that takes them is asked in its place.
                    var isOfFiles = e.Failure == AssistantFailure.Refused && question.IsWordless && !reading.HasBegun;
                    if (!isOfFiles || !reading.GaveNothing) failure = e;
                    BackendFailed(backend.Name, e.Failure, e.Message);
                    metrics.BackendFailed(backend.Name, e.Failure);
                    // Half an answer is not begun anew by somebody else before the reader's eyes.
                    if (reading.HasCome || (e.Failure == AssistantFailure.Refused && !isOfFiles)) break;
                }
            }
        }
        catch (OperationCanceledException) when (writing.Stopped.IsCancellationRequested)
        {
            await asker.StopAsync(turn, reading);
            var text = reading.Cut();
            return await ender.EndAsync(turn, fence, answer, new TurnResult(TurnEndings.Stopped, "by_reader") { Backend = reading.Backend?.Name, MessageId = reading.MessageId, Answer = text },
                AnswerTemplates.Stopped(turn, text, reading.Notes), reading.Backend?.Name == route.Backend ? reading.Remembered : null);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The backend has not begun: whoever comes next may ask. Otherwise the next start says that it was interrupted, after what is put down here.
            if (!reading.HasBegun)
            {
                await store.UnbeginAsync(turn.Id, fence);
            }
            else
            {
                await store.KeepAsync(turn.Id, writing.Text, CancellationToken.None);
                await asker.StopAsync(turn, reading);
            }

            throw;
        }
        catch (StorageUnavailableException) when (reading.Backend is null)
        {
            // Nobody was asked yet.
            await TryUnbeginAsync(turn, fence);
            throw;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            await asker.StopAsync(turn, reading);
            failure = new AssistantException(AssistantFailure.Unavailable, $"The answer took longer than {options.AnswerTimeout}.") { MidStream = reading.HasCome };
        }

        return failure is null
            ? await ender.EndAsync(turn, fence, answer, new TurnResult(TurnEndings.Failed, "no_file"), AnswerTemplates.NothingToAnswer(turn, reading.Notes), null)
            : await FailAsync(turn, fence, answer, reading, failure, route.Backend);
    }

    private async Task TryUnbeginAsync(Turn turn, Fence fence)
    {
        try
        {
            await store.UnbeginAsync(turn.Id, fence);
        }
        catch (StorageUnavailableException e)
        {
            TakenForBegun(turn.Id, e.Message);
        }
    }

    private Task<TurnResult?> FailAsync(Turn turn, Fence fence, IAnswer answer, AnswerReading reading, AssistantException failure, string backend)
    {
        var text = reading.Cut();
        var reason = failure.Failure.ToString().ToLowerInvariant();
        return reading.HasCome
            ? ender.EndAsync(turn, fence, answer, new TurnResult(TurnEndings.Interrupted, reason) { Backend = reading.Backend?.Name, Answer = text }, AnswerTemplates.Interrupted(turn, text, reading.Notes), reading.Backend?.Name == backend ? reading.Remembered : null)
            : ender.EndAsync(turn, fence, answer, new TurnResult(TurnEndings.Failed, reason) { Backend = reading.Backend?.Name }, AnswerTemplates.Failed(turn, failure.Failure, reading.Notes), null);
    }

    private static AnswerRequest Request(Turn turn) => new()
    {
        Turn = turn.Name, TurnId = turn.Id, App = turn.App, Reply = turn.Reply, Language = turn.Language, Reference = turn.Reference, CanStop = true,
    };

    [LoggerMessage(LogLevel.Error, "Nothing talks on the platform {Platform}; turn {TurnId} ends")]
    private partial void NoChannel(string platform, long turnId);
    [LoggerMessage(LogLevel.Warning, "Turn {TurnId} could not be ended ({Reason}); trying again")]
    private partial void EndingPostponed(long turnId, string reason);
    [LoggerMessage(LogLevel.Error, "Turn {TurnId} ends, and nobody can be told")]
    private partial void NobodyToldOfEnd(long turnId, Exception error);
    [LoggerMessage(LogLevel.Warning, "Backend {Backend} failed ({Failure}): {Detail}")]
    private partial void BackendFailed(string backend, AssistantFailure failure, string detail);
    [LoggerMessage(LogLevel.Warning, "Turn {TurnId} is taken for begun although it is not ({Reason})")]
    private partial void TakenForBegun(long turnId, string reason);
}
