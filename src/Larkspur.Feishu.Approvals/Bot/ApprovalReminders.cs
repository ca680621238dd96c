using Larkspur.Feishu.Api;
using V1 = Larkspur.Feishu.Api.Approval.V1;

namespace Larkspur.Feishu.Approvals;

/// <summary>Reminding who has to decide. Get it as <c>feishu.Approvals.Reminders</c>.</summary>
/// <remarks>
/// Three ways: a message of the approval bot (documented); a message of one's own, made urgent (<c>feishu.Messages.UrgeAsync</c>, documented); and the platform's own reminder
/// (<see cref="RemindAsync"/>), which no page of the reference documents.
/// </remarks>
public readonly struct ApprovalReminders
{
    private readonly FeishuClient _client;

    internal ApprovalReminders(FeishuClient client) => _client = client;

    /// <summary>The platform's own reminder, as the button in the client sends it.</summary>
    /// <remarks>UNVERIFIED: known from the platform's SDK alone (<c>POST instances/remind</c>); the reference does not have it. It takes a person's token, with a scope that is not confirmed.</remarks>
    /// <param name="instanceCode">Which instance.</param>
    /// <param name="taskIds">Which of its open tasks.</param>
    /// <param name="userAccessToken">The token of who reminds: who asked.</param>
    /// <param name="comment">A word with it, or null.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been done.</param>
    /// <exception cref="FeishuApiException">The platform said no, or does not have this call.</exception>
    public Task RemindAsync(
        string instanceCode, IEnumerable<string> taskIds, string userAccessToken, string? comment = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(taskIds);
        ArgumentException.ThrowIfNullOrEmpty(userAccessToken);
        string[] tasks = [.. taskIds];
        if (tasks.Length == 0) throw new ArgumentException("There is no task to be reminded of.", nameof(taskIds));
        return _client.Approval.V4.Instance.RemindAsync(
            new() { InstanceCode = ApprovalIds.Code(instanceCode, nameof(instanceCode)), TaskIds = tasks, Comment = comment },
            (options ?? new()) with { UserAccessToken = userAccessToken },
            cancellationToken);
    }

    /// <summary>A message of the approval bot; <see cref="ApprovalBotMessage.Reminder"/> makes the reminder. Documented limit: 1000 a minute.</summary>
    /// <param name="message">What it says.</param>
    /// <param name="to">Who gets it.</param>
    /// <param name="uuid">Idempotency key, at most 64 characters; within an hour the same key makes one message. Null: one is made for this call.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been sent.</param>
    /// <returns>The message's id, for <see cref="UpdateAsync"/>.</returns>
    /// <exception cref="ArgumentException">The platform would refuse it. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public async Task<string> SendAsync(ApprovalBotMessage message, ApprovalPerson to, string? uuid = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        string key = uuid is null ? Guid.NewGuid().ToString("N") : ApprovalIds.Uuid(uuid);
        var sent = await _client.Approval.V1.Message.SendAsync(message.ToRequest(to, key), options, cancellationToken);
        return sent.MessageId ?? "";
    }

    /// <summary>Changes what a message of template <c>1008</c> (a task to decide) says of its state, within 30 days.</summary>
    /// <param name="messageId">Which message.</param>
    /// <param name="status">The platform's word: <c>APPROVED REJECTED CANCELLED FORWARDED ROLLBACK ADD DELETED PROCESSED</c>, or <c>CUSTOM</c>.</param>
    /// <param name="text">With <c>CUSTOM</c>: what the title says; else null.</param>
    /// <param name="button">With <c>CUSTOM</c>: what the button says, or null.</param>
    /// <param name="options">What this call overrides.</param>
    /// <param name="cancellationToken">Gives up waiting; it may have been done.</param>
    /// <exception cref="ArgumentException">CUSTOM without text. Nothing was sent.</exception>
    /// <exception cref="FeishuApiException">The platform said no.</exception>
    public Task UpdateAsync(
        string messageId, string status, ApprovalText? text = null, ApprovalText? button = null, FeishuCallOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(status);
        if (status == "CUSTOM" && text is null) throw new ArgumentException("A status of one's own needs words.", nameof(text));
        var texts = new ApprovalTexts();
        return _client.Approval.V1.Message.UpdateAsync(
            new()
            {
                MessageId = ApprovalIds.Code(messageId, nameof(messageId)), Status = V1.MessageStatus.From(status), StatusName = text is null ? null : texts.Key(text, nameof(text)),
                DetailActionName = button is null ? null : texts.Key(button, nameof(button)), I18nResources = ApprovalBotMessage.Resources(texts),
            },
            options,
            cancellationToken);
    }
}
