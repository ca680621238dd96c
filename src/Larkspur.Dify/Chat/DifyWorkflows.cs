namespace Larkspur.Dify;

/// <summary>Workflow apps and completion apps: one input, one result, no conversation.</summary>
public sealed class DifyWorkflows
{
    private readonly DifyPipeline _pipeline;

    internal DifyWorkflows(DifyPipeline pipeline) => _pipeline = pipeline;

    /// <summary>Runs the published workflow and gives its events; the last one is <see cref="DifyWorkflowFinished"/> (or a pause).</summary>
    public IAsyncEnumerable<DifyEvent> RunAsync(IReadOnlyDictionary<string, object?> inputs, string user, IReadOnlyList<DifyFileRef>? files = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        return new DifyStream(_pipeline, new DifyRequest(HttpMethod.Post, "workflows/run")
        {
            Name = "workflows/run", Body = new { Inputs = inputs, ResponseMode = "streaming", User = user, Files = DifyFiles.Wire(files ?? []) },
        }).ReadAsync(cancellationToken);
    }

    /// <summary>Asks a completion app; its text comes as <see cref="DifyText"/>, its end as <see cref="DifyMessageEnded"/>.</summary>
    public IAsyncEnumerable<DifyEvent> CompleteAsync(IReadOnlyDictionary<string, object?> inputs, string user, IReadOnlyList<DifyFileRef>? files = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        return new DifyStream(_pipeline, new DifyRequest(HttpMethod.Post, "completion-messages")
        {
            Name = "completion-messages", Body = new { Inputs = inputs, ResponseMode = "streaming", User = user, Files = DifyFiles.Wire(files ?? []) },
        }).ReadAsync(cancellationToken);
    }

    /// <summary>Stops a workflow's run. Unlike chat, Dify does not look at the user here: check before whose it is.</summary>
    public Task StopAsync(string taskId, string user, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(taskId);
        ArgumentException.ThrowIfNullOrWhiteSpace(user);
        return _pipeline.SendAsync<DifyResult>(new DifyRequest(HttpMethod.Post, $"workflows/tasks/{Uri.EscapeDataString(taskId)}/stop")
        {
            Name = "workflows/tasks/{task}/stop", Body = new { User = user }, IsRepeatable = true,
        }, cancellationToken);
    }
}
