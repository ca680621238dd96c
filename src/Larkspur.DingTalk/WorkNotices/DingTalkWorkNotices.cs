namespace Larkspur.DingTalk.WorkNotices;

/// <summary>Work notices (工作通知): messages of the app to people and departments.</summary>
/// <remarks>
/// Limits (02/0768): 5 000 people a minute, 500 a day for a person, the same text once a day for a person, three a day to everybody. <b>Over a limit the call succeeds and the person gets nothing</b>: ask with
/// <see cref="WaitForResultAsync"/>. Third-party apps made after November 2020 must use another call. Thread-safe.
/// </remarks>
public sealed class DingTalkWorkNotices
{
    private static readonly DingTalkEndpoint Send = Post("work_notice.send", "asyncsend_v2");
    private static readonly DingTalkEndpoint Result = Post("work_notice.result", "getsendresult") with { OnlyReads = true };
    private static readonly DingTalkEndpoint Progress = Post("work_notice.progress", "getsendprogress") with { OnlyReads = true };
    private static readonly DingTalkEndpoint Recall = Post("work_notice.recall", "recall");

    private readonly DingTalkClient _client;

    internal DingTalkWorkNotices(DingTalkClient client) => _client = client;

    private long AgentId => _client.Options.AgentId ?? throw new InvalidOperationException("DingTalkOptions.AgentId is not set: the agent id from the app's page in the developer console.");

    /// <summary>Sends to people and departments.</summary>
    /// <param name="content">What it says.</param>
    /// <param name="userIds">At most 100 userids.</param>
    /// <param name="departmentIds">At most 20 departments.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The task, by which its result is asked for within 24 h.</returns>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer: it may have been sent, and is not sent again.</exception>
    /// <exception cref="InvalidOperationException"><see cref="DingTalkOptions.AgentId"/> is not set.</exception>
    public async Task<long> SendAsync(WorkNoticeContent content, IReadOnlyList<string>? userIds = null, IReadOnlyList<long>? departmentIds = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        userIds ??= [];
        departmentIds ??= [];
        if (userIds.Count + departmentIds.Count == 0) throw new ArgumentException("There is nobody to send to.", nameof(userIds));
        if (userIds.Count > 100) throw new ArgumentException("A work notice goes to at most 100 people by userid.", nameof(userIds));
        if (departmentIds.Count > 20) throw new ArgumentException("A work notice goes to at most 20 departments.", nameof(departmentIds));
        if (userIds.Any(u => string.IsNullOrWhiteSpace(u) || u.Contains(',', StringComparison.Ordinal))) throw new ArgumentException("A userid is empty or has a comma in it.", nameof(userIds));
        var body = new
        {
            agent_id = AgentId,
            userid_list = userIds.Count == 0 ? null : string.Join(',', userIds),
            dept_id_list = departmentIds.Count == 0 ? null : string.Join(',', departmentIds),
            msg = content.Json,
        };
        return (await _client.SendAsync<Sent>(new DingTalkRequest(Send) { Body = body }, cancellationToken: cancellationToken)).TaskId
            ?? throw DingTalkErrorReader.WrongShape(Send.Id, "there is no task_id");
    }

    /// <summary>What has become of it so far.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<WorkNoticeResult> GetResultAsync(long taskId, CancellationToken cancellationToken = default)
        => (await _client.SendAsync<ResultAnswer>(new DingTalkRequest(Result) { Body = new { agent_id = AgentId, task_id = taskId } }, cancellationToken: cancellationToken)).SendResult
            ?? throw DingTalkErrorReader.WrongShape(Result.Id, "there is no send_result");

    /// <summary>Waits until the platform has worked through it, then asks what became of it. Each question is a call of the month: 1 s, 2 s, 4 s … apart.</summary>
    /// <param name="taskId">The task.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The result; null when it was not through in time.</returns>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<WorkNoticeResult?> WaitForResultAsync(long taskId, TimeSpan patience, CancellationToken cancellationToken = default)
    {
        long started = _client.Clock.GetTimestamp();
        for (TimeSpan pause = TimeSpan.FromSeconds(1); ; pause *= 2)
        {
            var answer = await _client.SendAsync<ProgressAnswer>(new DingTalkRequest(Progress) { Body = new { agent_id = AgentId, task_id = taskId } }, cancellationToken: cancellationToken);
            if (answer.Progress?.Status == 2) return await GetResultAsync(taskId, cancellationToken);
            if (_client.Clock.GetElapsedTime(started) + pause > patience) return null;
            await Task.Delay(pause, _client.Clock, cancellationToken);
        }
    }

    /// <summary>Takes it back, within 24 h.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task RecallAsync(long taskId, CancellationToken cancellationToken = default)
        => _client.SendAsync(new DingTalkRequest(Recall) { Body = new { agent_id = AgentId, msg_task_id = taskId } }, cancellationToken: cancellationToken);

    private static DingTalkEndpoint Post(string id, string name)
        => new() { Id = id, Method = HttpMethod.Post, Path = $"/topapi/message/corpconversation/{name}", Form = DingTalkForm.Old };

    private sealed record Sent(long? TaskId);

    private sealed record ResultAnswer(WorkNoticeResult? SendResult);

    private sealed record ProgressAnswer(ProgressState? Progress);

    private sealed record ProgressState(int? ProgressInPercent, int? Status);
}
