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
    // The same status twice is the same status.
    private static readonly DingTalkEndpoint Status = Post("work_notice.status", "status_bar/update") with { OnlyReads = true };

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
        if (content.HasStatusBar && (userIds.Count > 5 || departmentIds.Count > 0)) throw new ArgumentException("A work notice with a status bar goes to at most 5 people, by userid.", nameof(userIds));
        if (userIds.Any(u => string.IsNullOrWhiteSpace(u) || u.Contains(',', StringComparison.Ordinal))) throw new ArgumentException("A userid is empty or has a comma in it.", nameof(userIds));
        var body = new
        {
            agent_id = AgentId,
            userid_list = userIds.Count == 0 ? null : string.Join(',', userIds),
            dept_id_list = departmentIds.Count == 0 ? null : string.Join(',', departmentIds),
            msg = content.Json,
        };
        return await SendAsync(body, cancellationToken);
    }

    /// <summary>Sends to everybody in the app's range: three times a day at most. Beyond that the call succeeds and nothing comes.</summary>
    /// <inheritdoc cref="SendAsync(WorkNoticeContent, IReadOnlyList{string}?, IReadOnlyList{long}?, CancellationToken)" path="/returns|/exception"/>
    public Task<long> SendToEverybodyAsync(WorkNoticeContent content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        if (content.HasStatusBar) throw new ArgumentException("A work notice with a status bar goes to at most 5 people, by userid.", nameof(content));
        return SendAsync(new { agent_id = AgentId, to_all_user = true, msg = content.Json }, cancellationToken);
    }

    /// <summary>How far the platform is with it, for 7 days.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<WorkNoticeProgress> GetProgressAsync(long taskId, CancellationToken cancellationToken = default)
    {
        var answer = await _client.SendAsync<ProgressAnswer>(new DingTalkRequest(Progress) { Body = new { agent_id = AgentId, task_id = taskId } }, cancellationToken: cancellationToken);
        return answer.Progress is { } progress ? new(progress.ProgressInPercent ?? 0, progress.Status == 2) : throw DingTalkErrorReader.WrongShape(Progress.Id, "there is no progress");
    }

    /// <summary>What has become of it so far, for 24 h. The platform does not answer this for a notice to more than 100 people.</summary>
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
            if ((await GetProgressAsync(taskId, cancellationToken)).IsDone) return await GetResultAsync(taskId, cancellationToken);
            if (_client.Clock.GetElapsedTime(started) + pause > patience) return null;
            await Task.Delay(pause, _client.Clock, cancellationToken);
        }
    }

    /// <summary>Takes it back, within 24 h.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public Task RecallAsync(long taskId, CancellationToken cancellationToken = default)
        => _client.SendAsync(new DingTalkRequest(Recall) { Body = new { agent_id = AgentId, msg_task_id = taskId } }, cancellationToken: cancellationToken);

    /// <summary>Changes the status bar of a form (<see cref="WorkNoticeContent.Form"/>) for all who have it, for 7 days.</summary>
    /// <exception cref="ArgumentException">There is no text, or no colour.</exception>
    /// <exception cref="DingTalkApiException"><c>40035</c>: there is no such notice, or it is too old; <c>40056</c>: it is another app's; <c>41052</c>: it is not through yet.</exception>
    public Task UpdateStatusAsync(long taskId, NoticeStatusBar status, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(status);
        ArgumentException.ThrowIfNullOrWhiteSpace(status.Value);
        return _client.SendAsync(new DingTalkRequest(Status) { Body = new { agent_id = AgentId, task_id = taskId, status_value = status.Value, status_bg = status.WireColour } }, cancellationToken: cancellationToken);
    }

    private async Task<long> SendAsync(object body, CancellationToken cancellationToken)
        => (await _client.SendAsync<Sent>(new DingTalkRequest(Send) { Body = body }, cancellationToken: cancellationToken)).TaskId ?? throw DingTalkErrorReader.WrongShape(Send.Id, "there is no task_id");

    private static DingTalkEndpoint Post(string id, string name)
        => new() { Id = id, Method = HttpMethod.Post, Path = $"/topapi/message/corpconversation/{name}", Form = DingTalkForm.Old };

    private sealed record Sent(long? TaskId);

    private sealed record ResultAnswer(WorkNoticeResult? SendResult);

    private sealed record ProgressAnswer(ProgressState? Progress);

    private sealed record ProgressState(int? ProgressInPercent, int? Status);
}
