using Larkspur.DingTalk;
using Larkspur.DingTalk.Robots;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Platforms.DingTalk;

/// <summary>Sends a plain message of the robot's: where somebody wrote, as long as the session webhook lives; then to the group or the person.</summary>
/// <remarks>
/// The session webhook comes first because it is not known to count against the month and because only there an @ is possible. A refusal there is no end: the robot can still write by itself.
/// An answer that was lost is one: the message may have arrived, and no field of the platform's makes a repetition harmless.
/// </remarks>
internal sealed partial class RobotMessages(SessionWebhooks sessions, TimeProvider clock, ILogger<RobotMessages> logger)
{
    /// <param name="app">By which app.</param>
    /// <param name="entry">The row.</param>
    /// <param name="beforeCall">Called before what counts against the month; throws when that is used up.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <exception cref="ChannelException">Nobody can be reached, or the row is not readable.</exception>
    /// <exception cref="DingTalkApiException">Refused.</exception>
    /// <exception cref="PlatformNetworkException">No answer.</exception>
    public async Task<SendReceipt> SendAsync(DingTalkApp app, OutboxEntry entry, Action beforeCall, CancellationToken cancellation)
    {
        var row = RowJson.Read<DingTalkRow>(entry.Message.Content);
        if (await BySessionAsync(app, entry, row, cancellation)) return new SendReceipt(null, null);
        beforeCall();
        var content = entry.Message.MessageType == DingTalkRow.Markdown ? RobotContent.Markdown(row.Title ?? "…", row.Text) : RobotContent.Text(row.Text);
        return await WriteAsync(app, entry.Message, content, cancellation);
    }

    /// <summary>The robot writes by itself, to the group or the person.</summary>
    /// <inheritdoc cref="SendAsync" path="/exception"/>
    public static async Task<SendReceipt> WriteAsync(
        DingTalkApp app, OutboxMessage message, RobotContent content, CancellationToken cancellation)
    {
        switch (message.TargetType)
        {
            case DingTalkAddress.Group:
                return new SendReceipt(await app.Client.Robot.SendToGroupAsync(message.Target, content, cancellation), null);
            case DingTalkAddress.Person:
                return Read(await app.Client.Robot.SendToPeopleAsync([message.Target], content, cancellation));
            case DingTalkAddress.Session:
                throw new ChannelException("session_expired",
                    "The conversation can be answered by its session webhook alone, and that is over", transient: false);
            default:
                throw new ChannelException("unreadable_row",
                    $"DingTalk knows no receiver of the kind \"{message.TargetType}\"", transient: false);
        }
    }

    private async Task<bool> BySessionAsync(DingTalkApp app, OutboxEntry entry, DingTalkRow row, CancellationToken cancellation)
    {
        if (row.Session is null || row.Until <= clock.GetUtcNow() || sessions.Open(row.Session) is not { } address) return false;
        var asked = new RobotMessage { MsgId = entry.Reference, SessionWebhook = address, SessionWebhookExpiredTime = row.Until?.ToUnixTimeMilliseconds() ?? 0 };
        var at = row.At is null ? null : At.Users(row.At);
        var message = entry.Message.MessageType == DingTalkRow.Markdown ? WebhookMessage.Markdown(row.Title ?? "…", row.Text, at) : WebhookMessage.Text(row.Text, at);
        try
        {
            await app.Client.Robot.ReplyAsync(asked, message, entry.IdempotencyKey, cancellation);
            return true;
        }
        catch (Exception e) when (e is SessionWebhookExpiredException or ArgumentException or DingTalkApiException { NothingHappened: true })
        {
            if (entry.Message.TargetType == DingTalkAddress.Session && e is DingTalkApiException) throw;
            SessionWebhookRefused(entry.Reference, e.Message);
            return false;
        }
    }

    private static SendReceipt Read(OneToOneSent sent)
    {
        if (sent.InvalidUserIds.Count > 0) throw new ChannelException("invalid_receiver", "The platform knows no such person, or not for this app", transient: false);
        if (sent.FlowControlledUserIds.Count > 0)
            throw new ChannelException("flow_controlled", "The platform spares this person for now", transient: true) { Blame = Blame.Receiver, RetryAfter = TimeSpan.FromSeconds(30) };
        return new SendReceipt(sent.Batches[0].ProcessQueryKey, null);
    }

    [LoggerMessage(LogLevel.Information, "The session webhook does not take message {Reference}: {Reason} The robot writes by itself")]
    private partial void SessionWebhookRefused(string reference, string reason);
}
