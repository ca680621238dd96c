using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Feishu;
using Larkspur.Feishu.Api.Approval.V4;
using Larkspur.Gateway.Channels;
using Larkspur.Gateway.Outbox;
using Reminders = Larkspur.Feishu.Api.Approval.V1;

namespace Larkspur.Gateway.Approvals;

/// <summary>The outbox's calls to the platform's approvals. Each can be repeated: what was done before is found and taken for the answer.</summary>
internal sealed class ApprovalDelivery(ApprovalReads reads)
{
    /// <summary>The uuid has an instance already: an earlier attempt had its effect.</summary>
    public const int UuidTaken = 60012;

    /// <summary>What the operation calls.</summary>
    public static FeishuEndpoint EndpointOf(OutboxOperation operation) => operation switch
    {
        OutboxOperation.InstanceCreate => Endpoints.InstanceCreate,
        OutboxOperation.InstanceCancel => Endpoints.InstanceCancel,
        _ => Reminders.Endpoints.MessageSend,
    };

    /// <summary>Makes the call.</summary>
    /// <returns>The instance's code, or the reminder's message id.</returns>
    /// <exception cref="PlatformApiException">The platform refuses.</exception>
    /// <exception cref="PlatformNetworkException">No answer.</exception>
    /// <exception cref="ChannelException">It cannot be done (any more).</exception>
    public Task<string?> DeliverAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation) => entry.Message.Operation switch
    {
        OutboxOperation.InstanceCreate => CreateAsync(client, entry, call, cancellation),
        OutboxOperation.InstanceCancel => CancelAsync(client, entry, call, cancellation),
        _ => RemindAsync(client, entry, call, cancellation),
    };

    private async Task<string?> CreateAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var body = BodyOf(entry);
        body["uuid"] = entry.IdempotencyKey;
        try
        {
            var made = await client.SendAsync<InstanceCreateResponse>(new FeishuRequest(Endpoints.InstanceCreate) { Body = body, IdempotencyKey = entry.IdempotencyKey }, call, cancellation);
            return made.InstanceCode is { Length: > 0 } code ? code : await FindAsync(entry, entry.IdempotencyKey, cancellation);
        }
        catch (FeishuApiException e) when (e.Code == UuidTaken)
        {
            return await FindAsync(entry, entry.IdempotencyKey, cancellation);
        }
    }

    /// <summary>The instance is asked for first: it may be withdrawn or decided since, and its code may not have been known when the row was made.</summary>
    private async Task<string?> CancelAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var seen = await reads.FindAsync(entry.App, entry.Message.Target, cancellation)
            ?? throw new ChannelException("no_instance", "The platform has no instance to withdraw.", transient: false);
        if (seen.State == PaymentStates.Canceled) return seen.InstanceCode;
        if (seen.State is { } state && PaymentStates.IsDecided(state)) throw new ChannelException("already_decided", $"The instance is {state}; it cannot be withdrawn any more.", transient: false);
        var body = BodyOf(entry);
        await client.SendAsync(new FeishuRequest(Endpoints.InstanceCancel) { Body = new { approval_code = Text(body, "approval_code"), instance_code = seen.InstanceCode, user_id = Text(body, "user_id") } }
            .WithQuery("user_id_type", Text(body, "user_id_type")), call, cancellation);
        return seen.InstanceCode;
    }

    private static async Task<string?> RemindAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var body = BodyOf(entry);
        body["uuid"] = entry.IdempotencyKey;
        var sent = await client.SendAsync<Reminders.MessageSendResponse>(new FeishuRequest(Reminders.Endpoints.MessageSend) { Body = body, IdempotencyKey = entry.IdempotencyKey }, call, cancellation);
        return sent.MessageId;
    }

    /// <exception cref="ChannelException">It is not found by its key yet: the platform may need a moment.</exception>
    private async Task<string> FindAsync(OutboxEntry entry, string uuid, CancellationToken cancellation) => await reads.FindAsync(entry.App, uuid, cancellation) is { } seen
        ? seen.InstanceCode
        : throw new ChannelException("instance_not_found_yet", "The platform knows the instance's key and does not find the instance by it.", transient: true) { Ambiguous = true };

    /// <exception cref="ChannelException">The row does not hold a call's body.</exception>
    private static JsonObject BodyOf(OutboxEntry entry)
    {
        try
        {
            return JsonNode.Parse(entry.Message.Content) as JsonObject ?? throw new JsonException("no object");
        }
        catch (JsonException e)
        {
            throw new ChannelException("unreadable_row", "The row does not hold the call's body.", transient: false, e);
        }
    }

    private static string? Text(JsonObject body, string name) => (string?)body[name];
}
