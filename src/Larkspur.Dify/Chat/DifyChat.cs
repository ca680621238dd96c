using System.Text;

namespace Larkspur.Dify;

/// <summary>Questions and answers of chat, agent and Chatflow apps.</summary>
public sealed class DifyChat
{
    private readonly DifyPipeline _pipeline;

    internal DifyChat(DifyPipeline pipeline) => _pipeline = pipeline;

    /// <summary>Asks, and gives the events as they come.</summary>
    /// <remarks>A question that may have reached Dify is not asked again by itself. Leaving the enumeration closes the connection; whether that stops the app is not promised: <see cref="StopAsync"/> does.</remarks>
    /// <exception cref="ArgumentException">The question or the user is empty, or a file names neither an upload nor an address.</exception>
    /// <exception cref="DifyException">Refused, or broken off with an <c>error</c> event (<see cref="DifyException.MidStream"/>).</exception>
    /// <exception cref="PlatformNetworkException">No connection, silence, or a stream that ended before the answer did.</exception>
    public IAsyncEnumerable<DifyEvent> StreamAsync(DifyQuestion question, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentException.ThrowIfNullOrWhiteSpace(question.Query, nameof(question));
        ArgumentException.ThrowIfNullOrWhiteSpace(question.User, nameof(question));
        return new DifyStream(_pipeline, new DifyRequest(HttpMethod.Post, "chat-messages")
        {
            Name = "chat-messages",
            NamesConversation = !string.IsNullOrEmpty(question.ConversationId),
            Body = new
            {
                question.Query,
                question.Inputs,
                question.User,
                ResponseMode = "streaming",
                ConversationId = question.ConversationId ?? "",
                Files = DifyFiles.Wire(question.Files),
                AutoGenerateName = question.NamesConversation,
                question.WorkflowId,
            },
        }).ReadAsync(cancellationToken);
    }

    /// <summary>Asks and waits for the whole answer. It is streamed underneath, so it works for every app and takes as long as it takes.</summary>
    /// <exception cref="DifyException">Refused, broken off, or the Chatflow failed.</exception>
    /// <exception cref="PlatformNetworkException">No connection, silence, or a stream that ended before the answer did.</exception>
    public Task<DifyAnswer> AskAsync(DifyQuestion question, CancellationToken cancellationToken = default) => CollectAsync(StreamAsync(question, cancellationToken));

    /// <summary>Goes on with a run that waited for a form, or whose stream broke.</summary>
    /// <param name="workflowRunId">From <see cref="DifyIds.WorkflowRunId"/>.</param>
    /// <param name="user">Who asked; for anybody else there is no such run.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public IAsyncEnumerable<DifyEvent> ResumeAsync(string workflowRunId, string user, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(workflowRunId);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        return new DifyStream(_pipeline, new DifyRequest(HttpMethod.Get, $"workflow/{Uri.EscapeDataString(workflowRunId)}/events?user={Uri.EscapeDataString(user)}&include_state_snapshot=true&continue_on_pause=true")
        {
            Name = "workflow/{run}/events",
        }).ReadAsync(cancellationToken);
    }

    /// <summary>Stops a generation. Dify says yes also when there is none, or when it is another user's.</summary>
    public Task StopAsync(string taskId, string user, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskId);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        return _pipeline.SendAsync<DifyResult>(new DifyRequest(HttpMethod.Post, $"chat-messages/{Uri.EscapeDataString(taskId)}/stop")
        {
            Name = "chat-messages/{task}/stop", Body = new { User = user }, IsRepeatable = true,
        }, cancellationToken);
    }

    /// <summary>Says whether an answer helped.</summary>
    /// <param name="messageId">From <see cref="DifyIds.MessageId"/>.</param>
    /// <param name="user">Who asked.</param>
    /// <param name="liked">Null takes it back.</param>
    /// <param name="content">Why, in the person's words.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public Task FeedbackAsync(string messageId, string user, bool? liked, string? content = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(messageId);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        // A null rating must be written: it is what takes a verdict back.
        var body = new Dictionary<string, object?> { ["rating"] = liked switch { true => "like", false => "dislike", null => null }, ["user"] = user };
        if (content is not null) body["content"] = content;
        return _pipeline.SendAsync<DifyResult>(new DifyRequest(HttpMethod.Post, $"messages/{Uri.EscapeDataString(messageId)}/feedbacks")
        {
            Name = "messages/{id}/feedbacks", Body = body, IsRepeatable = true,
        }, cancellationToken);
    }

    /// <summary>Questions that may come next.</summary>
    /// <exception cref="DifyException">Among others <c>bad_request</c>: the app does not suggest.</exception>
    public async Task<IReadOnlyList<string>> SuggestedAsync(string messageId, string user, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(messageId);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        var answer = await _pipeline.SendAsync<DifySuggestions>(new DifyRequest(HttpMethod.Get, $"messages/{Uri.EscapeDataString(messageId)}/suggested?user={Uri.EscapeDataString(user)}")
        {
            Name = "messages/{id}/suggested",
        }, cancellationToken);
        return answer.Data ?? [];
    }

    internal static async Task<DifyAnswer> CollectAsync(IAsyncEnumerable<DifyEvent> events)
    {
        var text = new StringBuilder();
        var files = new List<DifyFileMade>();
        DifyIds ids = default;
        DifyUsage? usage = null;
        IReadOnlyList<DifySource> sources = [];
        DifyForm? form = null;
        await foreach (DifyEvent happened in events)
        {
            ids = new DifyIds(happened.Ids.TaskId ?? ids.TaskId, happened.Ids.MessageId ?? ids.MessageId, happened.Ids.ConversationId ?? ids.ConversationId, happened.Ids.WorkflowRunId ?? ids.WorkflowRunId);
            switch (happened)
            {
                case DifyText more: text.Append(more.Delta); break;
                case DifyTextReplaced whole: text.Clear().Append(whole.Text); break;
                case DifyFileMade { BelongsTo: not "user" } file: files.Add(file); break;
                case DifyMessageEnded end: (usage, sources) = (end.Usage, end.Sources); break;
                case DifyInputRequired input: form = input.Form; break;
                case DifyWorkflowFinished { Status: not ("succeeded" or "partial-succeeded" or "stopped") } failed:
                    throw new DifyException($"The workflow ended as \"{failed.Status}\".") { ErrorCode = "workflow_" + failed.Status, MidStream = true, HttpStatus = 200 };
            }
        }

        return new DifyAnswer(text.ToString(), ids, usage, sources, files, form);
    }
}

internal sealed record DifyResult(string? Result);

internal sealed record DifySuggestions(string? Result, IReadOnlyList<string>? Data);
