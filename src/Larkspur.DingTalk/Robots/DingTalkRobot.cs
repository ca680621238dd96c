namespace Larkspur.DingTalk.Robots;

/// <summary>The app's own robot: writes to people and groups, answers, recalls, asks who has read.</summary>
/// <remarks>
/// Permission <c>qyapi_robot_sendmsg</c>. Each call counts against the organisation's month, whatever the number of people; replies to a session webhook are not known to.
/// The platform has no field that makes a repetition of a send harmless: after a lost answer it is not repeated. Source: 02/0714, 02/0699. Thread-safe.
/// </remarks>
public sealed class DingTalkRobot
{
    /// <summary>Most people in a call. (The parameter's page says 20, an error's text 100.)</summary>
    public const int MaxPeople = 20;

    /// <summary>Most messages in a recall.</summary>
    public const int MaxRecalled = 20;

    private static readonly DingTalkEndpoint OneToOne = Post("robot.oto.send", "/v1.0/robot/oToMessages/batchSend");
    private static readonly DingTalkEndpoint Group = Post("robot.group.send", "/v1.0/robot/groupMessages/send");
    // Lower-case "oto" in this one path.
    private static readonly DingTalkEndpoint RecallOneToOne = Post("robot.oto.recall", "/v1.0/robot/otoMessages/batchRecall");
    private static readonly DingTalkEndpoint RecallGroup = Post("robot.group.recall", "/v1.0/robot/groupMessages/recall");
    private static readonly DingTalkEndpoint OneToOneRead = new() { Id = "robot.oto.read", Method = HttpMethod.Get, Path = "/v1.0/robot/oToMessages/readStatus" };
    private static readonly DingTalkEndpoint GroupRead = Post("robot.group.read", "/v1.0/robot/groupMessages/query") with { OnlyReads = true };
    private static readonly DingTalkEndpoint Download = Post("robot.file", "/v1.0/robot/messageFiles/download") with { OnlyReads = true };

    private static readonly DingTalkEndpoint Session = Post("robot.session.send", "/robot/sendBySession") with { Form = DingTalkForm.Old, Token = DingTalkTokenKind.None };

    private readonly DingTalkClient _client;

    internal DingTalkRobot(DingTalkClient client) => _client = client;

    /// <summary>Writes to people, each in his own conversation with the robot: 20 a call.</summary>
    /// <param name="userIds">Userids; who is named twice gets it once.</param>
    /// <param name="content">What to say.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Read it: taken is not delivered, and people who got nothing are named in it.</returns>
    /// <exception cref="PartlySentException">A later batch failed.</exception>
    /// <exception cref="DingTalkApiException">The first batch was refused; nobody got it.</exception>
    /// <exception cref="PlatformNetworkException">The first batch had no answer.</exception>
    /// <exception cref="InvalidOperationException"><see cref="DingTalkOptions.RobotCode"/> is not set.</exception>
    public async Task<OneToOneSent> SendToPeopleAsync(IEnumerable<string> userIds, RobotContent content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(userIds);
        ArgumentNullException.ThrowIfNull(content);
        string[] people = [.. userIds.Distinct(StringComparer.Ordinal)];
        if (people.Length == 0 || people.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("There is nobody to write to, or a userid is empty.", nameof(userIds));
        string robotCode = _client.RobotCode;
        var batches = new List<OneToOneBatch>();
        var invalid = new List<string>();
        var spared = new List<string>();
        string[][] chunks = [.. people.Chunk(MaxPeople)];
        for (int i = 0; i < chunks.Length; i++)
        {
            try
            {
                var answer = await _client.SendAsync<OneToOneAnswer>(
                    new DingTalkRequest(OneToOne) { Body = new { robotCode, userIds = chunks[i], msgKey = content.Key, msgParam = content.Parameters } }, cancellationToken: cancellationToken);
                batches.Add(new OneToOneBatch(answer.ProcessQueryKey ?? "", chunks[i]));
                invalid.AddRange(answer.InvalidStaffIdList ?? []);
                spared.AddRange(answer.FlowControlledStaffIdList ?? []);
            }
            catch (Exception e) when (i > 0 && e is DingTalkApiException or PlatformNetworkException or OperationCanceledException)
            {
                // A refusal before any effect leaves no doubt; everything else does.
                bool unsure = e is not (DingTalkApiException { NothingHappened: true } or PlatformNetworkException { EffectUnknown: false });
                throw new PartlySentException(Sent(), unsure ? chunks[i] : [], [.. chunks.Skip(unsure ? i + 1 : i).SelectMany(c => c)], e);
            }
        }

        return Sent();

        OneToOneSent Sent() => new() { Batches = batches, InvalidUserIds = invalid, FlowControlledUserIds = spared };
    }

    /// <summary>Writes into a group that the robot is in.</summary>
    /// <param name="openConversationId">The group: <see cref="RobotMessage.ConversationId"/> of a message from it.</param>
    /// <param name="content">What to say.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The message's <c>processQueryKey</c>, to recall it and to ask who has read it.</returns>
    /// <exception cref="DingTalkApiException">Refused, e.g. <c>group.disbanded</c>.</exception>
    /// <exception cref="PlatformNetworkException">No answer: it may have been sent.</exception>
    /// <exception cref="InvalidOperationException"><see cref="DingTalkOptions.RobotCode"/> is not set.</exception>
    public async Task<string> SendToGroupAsync(string openConversationId, RobotContent content, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(openConversationId);
        ArgumentNullException.ThrowIfNull(content);
        var answer = await _client.SendAsync<OneToOneAnswer>(
            new DingTalkRequest(Group) { Body = new { robotCode = _client.RobotCode, openConversationId, msgKey = content.Key, msgParam = content.Parameters } }, cancellationToken: cancellationToken);
        return answer.ProcessQueryKey is { Length: > 0 } key ? key : throw DingTalkErrorReader.WrongShape(Group.Id, "there is no processQueryKey");
    }

    /// <summary>Answers where somebody wrote, without a token. Here alone an @ is possible.</summary>
    /// <exception cref="SessionWebhookExpiredException">Its time is over (about an hour and a half after the message).</exception>
    /// <exception cref="InvalidOperationException">The message has no session webhook.</exception>
    /// <exception cref="ArgumentException">The session webhook is not on the platform's host; nothing was sent.</exception>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer: it may have been sent.</exception>
    public Task ReplyAsync(RobotMessage message, WebhookMessage reply, CancellationToken cancellationToken = default) => ReplyAsync(message, reply, null, cancellationToken);

    /// <summary>The same with a key of your own, which the platform's page gives group robots to make repetitions harmless. Whether a session webhook heeds it is not stated: it is sent, and not relied on.</summary>
    /// <param name="message">What is answered.</param>
    /// <param name="reply">The answer.</param>
    /// <param name="msgUuid">The key; null: none.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <inheritdoc cref="ReplyAsync(RobotMessage, WebhookMessage, CancellationToken)" path="/exception"/>
    public async Task ReplyAsync(RobotMessage message, WebhookMessage reply, string? msgUuid, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(reply);
        if (string.IsNullOrEmpty(message.SessionWebhook)) throw new InvalidOperationException($"Message {message.MsgId} has no session webhook.");
        // No signature of the platform's covers a message's body: an address in it could be anybody's.
        var host = new Uri(DingTalkHosts.Resolve(_client.Options, DingTalkHost.Oapi));
        if (!Uri.TryCreate(message.SessionWebhook, UriKind.Absolute, out Uri? address)
            || Uri.Compare(address, host, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) != 0
            || !address.AbsolutePath.EndsWith("/robot/sendBySession", StringComparison.Ordinal) || address.UserInfo.Length > 0)
            throw new ArgumentException($"The session webhook of message {message.MsgId} is no address of {host.Authority}.", nameof(message));
        DateTimeOffset until = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(message.SessionWebhookExpiredTime, 0, 32_503_680_000_000));
        if (message.SessionWebhookExpiredTime > 0 && until <= _client.Clock.GetUtcNow()) throw new SessionWebhookExpiredException(until);
        string session = address.Query.Split("session=", 2).ElementAtOrDefault(1) ?? "";
        var call = new DingTalkCall(Session, () => address.AbsoluteUri, reply.ToJson(msgUuid), null, [session, Uri.UnescapeDataString(session)]) { Use = DingTalkUseKind.Webhook };
        await _client.SendAsync(call, cancellationToken);
    }

    /// <summary>Takes messages to people back.</summary>
    /// <param name="processQueryKeys">Of <see cref="OneToOneBatch"/>; 20 a call.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="DingTalkApiException">Refused. Recalls of earlier twenties stand; recalling again is harmless.</exception>
    public Task<Recalled> RecallFromPeopleAsync(IEnumerable<string> processQueryKeys, CancellationToken cancellationToken = default)
    {
        string robotCode = _client.RobotCode;
        return RecallAsync(processQueryKeys, keys => new DingTalkRequest(RecallOneToOne) { Body = new { robotCode, processQueryKeys = keys } }, cancellationToken);
    }

    /// <summary>Takes messages in a group back.</summary>
    /// <inheritdoc cref="RecallFromPeopleAsync" path="/exception"/>
    public Task<Recalled> RecallFromGroupAsync(string openConversationId, IEnumerable<string> processQueryKeys, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(openConversationId);
        string robotCode = _client.RobotCode;
        return RecallAsync(processQueryKeys, keys => new DingTalkRequest(RecallGroup) { Body = new { openConversationId, robotCode, processQueryKeys = keys } }, cancellationToken);
    }

    /// <summary>Who of a batch has read it.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<OneToOneReadState> GetReadersAsync(string processQueryKey, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(processQueryKey);
        var answer = await _client.SendAsync<ReadAnswer>(
            new DingTalkRequest(OneToOneRead).WithQuery("robotCode", _client.RobotCode).WithQuery("processQueryKey", processQueryKey), cancellationToken: cancellationToken);
        return new OneToOneReadState(answer.SendStatus, answer.MessageReadInfoList ?? []);
    }

    /// <summary>Who of a group has read a message; a page of at most 200.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<GroupReadState> GetGroupReadersAsync(string openConversationId, string processQueryKey, string? nextToken = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(openConversationId);
        ArgumentException.ThrowIfNullOrWhiteSpace(processQueryKey);
        var answer = await _client.SendAsync<ReadAnswer>(
            new DingTalkRequest(GroupRead) { Body = new { robotCode = _client.RobotCode, openConversationId, processQueryKey, maxResults = 200, nextToken } }, cancellationToken: cancellationToken);
        return new GroupReadState(answer.SendStatus, answer.ReadUserIds ?? [], answer.HasMore == false || string.IsNullOrEmpty(answer.NextToken) ? null : answer.NextToken);
    }

    /// <summary>A short-lived address of a file that somebody sent. Secret while it lives.</summary>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    public async Task<Uri> GetDownloadUrlAsync(string downloadCode, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(downloadCode);
        var answer = await _client.SendAsync<DownloadAnswer>(new DingTalkRequest(Download) { Body = new { downloadCode, robotCode = _client.RobotCode } }, cancellationToken: cancellationToken);
        return FileDownload.Address(_client, answer.DownloadUrl, Download.Id);
    }

    /// <summary>Copies a file that somebody sent.</summary>
    /// <param name="downloadCode">Of <see cref="RobotMessage.Files"/>.</param>
    /// <param name="target">Gets the bytes; after a failure it has a part of them.</param>
    /// <param name="maxBytes">Most bytes taken. Default 30 MB.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many bytes.</returns>
    /// <exception cref="DingTalkApiException">Refused, or larger than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="PlatformNetworkException">The connection failed, or nothing came for <see cref="DingTalkOptions.DownloadSilence"/>.</exception>
    public async Task<long> DownloadAsync(string downloadCode, Stream target, long maxBytes = 30 << 20, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxBytes);
        Uri url = await GetDownloadUrlAsync(downloadCode, cancellationToken);
        return await new FileDownload(_client, "robot.file.content").CopyAsync(url, target, maxBytes, cancellationToken);
    }

    private async Task<Recalled> RecallAsync(IEnumerable<string> processQueryKeys, Func<string[], DingTalkRequest> request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(processQueryKeys);
        string[] keys = [.. processQueryKeys.Distinct(StringComparer.Ordinal)];
        if (keys.Length == 0 || keys.Any(string.IsNullOrWhiteSpace)) throw new ArgumentException("There is nothing to recall, or a key is empty.", nameof(processQueryKeys));
        var done = new List<string>();
        var failed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (string[] some in keys.Chunk(MaxRecalled))
        {
            var answer = await _client.SendAsync<RecallAnswer>(request(some), cancellationToken: cancellationToken);
            done.AddRange(answer.SuccessResult ?? []);
            foreach ((string key, string why) in answer.FailedResult ?? []) failed[key] = why;
        }

        return new Recalled(done, failed);
    }

    private static DingTalkEndpoint Post(string id, string path) => new() { Id = id, Method = HttpMethod.Post, Path = path };

    private sealed record OneToOneAnswer(string? ProcessQueryKey, List<string>? InvalidStaffIdList, List<string>? FlowControlledStaffIdList);

    private sealed record RecallAnswer(List<string>? SuccessResult, Dictionary<string, string>? FailedResult);

    private sealed record ReadAnswer(string? SendStatus, List<OneToOneReader>? MessageReadInfoList, List<string>? ReadUserIds, bool? HasMore, string? NextToken);

    private sealed record DownloadAnswer(string? DownloadUrl);
}
