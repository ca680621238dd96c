using System.Runtime.CompilerServices;

namespace Larkspur.Dify;

/// <summary>A Dify chat, agent or Chatflow app as an assistant's backend. It remembers conversations by the question's user and conversation id.</summary>
/// <param name="client">The app.</param>
/// <param name="clock">Source of time; null: the system's.</param>
public sealed class DifyBackend(DifyClient client, TimeProvider? clock = null) : IAssistantBackend
{
    private readonly DifyUploads _uploads = new(client, clock ?? TimeProvider.System);

    /// <inheritdoc/>
    public AssistantAbilities Abilities => AssistantAbilities.Stop | AssistantAbilities.Rate | AssistantAbilities.Suggest | AssistantAbilities.Remember | AssistantAbilities.Files;

    /// <inheritdoc/>
    public async IAsyncEnumerable<AssistantEvent> AskAsync(AssistantQuestion question, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        var files = new List<DifyFileRef>();
        for (var i = 0; i < question.Files.Count; i++)
        {
            (DifyFileRef? file, FileRefusal why) = await Translated(() => _uploads.UploadAsync(question.Files[i], question.User, cancellationToken));
            if (file is not null) files.Add(file);
            else yield return new AssistantFileRefused(i, why);
        }

        if (question.IsAboutFiles && files.Count == 0) throw new AssistantException(AssistantFailure.Refused, "The question is about files, and none of them was taken.");
        var asked = new DifyQuestion(question.Text, question.User)
        {
            ConversationId = question.ConversationId, Files = files, Inputs = question.Inputs.ToDictionary(static i => i.Key, static object? (i) => i.Value),
        };
        await using IAsyncEnumerator<DifyEvent> events = client.Chat.StreamAsync(asked, cancellationToken).GetAsyncEnumerator(cancellationToken);
        var reading = new Reading();
        while (await Translated(() => events.MoveNextAsync().AsTask(), reading.HasText))
        {
            foreach (AssistantEvent told in reading.Tell(events.Current)) yield return told;
        }

        if (reading.End() is { } end) yield return end;
    }

    /// <inheritdoc/>
    public Task<AssistantFileRules> FileRulesAsync(CancellationToken cancellationToken = default) => _uploads.RulesAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(string taskId, string user, CancellationToken cancellationToken = default) => Translated(() => client.Chat.StopAsync(taskId, user, cancellationToken));

    /// <inheritdoc/>
    public Task RateAsync(string messageId, string user, bool? helpful, string? comment = null, CancellationToken cancellationToken = default) =>
        Translated(() => client.Chat.FeedbackAsync(messageId, user, helpful, comment, cancellationToken));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> SuggestAsync(string messageId, string user, CancellationToken cancellationToken = default)
    {
        try
        {
            return await client.Chat.SuggestedAsync(messageId, user, cancellationToken);
        }
        catch (DifyException refused) when (refused.ErrorCode == "bad_request")
        {
            return []; // the app does not suggest
        }
        catch (Exception exception) when (exception is DifyException or PlatformNetworkException)
        {
            throw DifyFailures.Translate(exception, began: false);
        }
    }

    private static async Task<T> Translated<T>(Func<Task<T>> call, bool began = false)
    {
        try
        {
            return await call();
        }
        catch (Exception exception) when (exception is DifyException or PlatformNetworkException)
        {
            throw DifyFailures.Translate(exception, began);
        }
    }

    private static async Task Translated(Func<Task> call) => await Translated(async () =>
    {
        await call();
        return true;
    });

    /// <summary>What was told of one stream so far.</summary>
    private sealed class Reading
    {
        private DifyIds _ids;
        private bool _began;
        private DifyMessageEnded? _end;
        private DifyForm? _form;
        private bool _stopped;

        public bool HasText { get; private set; }

        public IEnumerable<AssistantEvent> Tell(DifyEvent happened)
        {
            _ids = new DifyIds(happened.Ids.TaskId ?? _ids.TaskId, happened.Ids.MessageId ?? _ids.MessageId, happened.Ids.ConversationId ?? _ids.ConversationId, happened.Ids.WorkflowRunId ?? _ids.WorkflowRunId);
            if (!_began && _ids.TaskId is not null)
            {
                _began = true;
                yield return new AssistantBegan(_ids.TaskId, _ids.ConversationId);
            }

            switch (happened)
            {
                case DifyText { Delta.Length: > 0 } more:
                    HasText = true;
                    yield return new AssistantText(more.Delta);
                    break;
                case DifyTextReplaced whole:
                    HasText = true;
                    yield return new AssistantReplaced(whole.Text);
                    break;
                case DifyThought { Tool.Length: > 0 } thought:
                    yield return new AssistantStep(thought.Tool);
                    break;
                case DifyNode { Phase: "started", Title.Length: > 0 } node:
                    yield return new AssistantStep(node.Title);
                    break;
                case DifyFileMade { BelongsTo: not "user" } file:
                    yield return new AssistantAttachment(file.Type, file.Url);
                    break;
                case DifyMessageEnded end:
                    _end = end;
                    break;
                case DifyInputRequired input:
                    _form = input.Form;
                    break;
                case DifyWorkflowFinished { Status: "stopped" }:
                    _stopped = true;
                    break;
                case DifyWorkflowFinished { Status: not ("succeeded" or "partial-succeeded") } failed:
                    throw new AssistantException(AssistantFailure.Interrupted, $"The workflow ended as \"{failed.Status}\".") { MidStream = HasText };
            }
        }

        public AssistantEvent? End()
        {
            if (_form is { } form)
                return new AssistantInputNeeded(form.Token, form.Content, [.. form.Actions.Select(static a => KeyValuePair.Create(a.Id, a.Title))], form.ExpiresAt, _ids.WorkflowRunId);
            return new AssistantEnded(_ids.MessageId, _ids.ConversationId, [.. (_end?.Sources ?? []).Select(static s => new AssistantSource(s.DocumentName, s.Content))], _end?.Usage?.TotalTokens) { IsCut = _stopped };
        }
    }
}
