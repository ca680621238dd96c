using System.Text.Json;
using Larkspur.Feishu;
using Larkspur.Feishu.Api;
using Larkspur.Feishu.Api.Im.V1;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Notifications;

/// <summary>Draws people's attention to a message of the app's own (<c>im/v1/messages/:id/urgent_app</c>). The platform knows no idempotency key for it.</summary>
internal sealed class UrgentPush : IFeishuOperation
{
    public static OutboxOperation Definition { get; } = new("urge", Repetition.Repeats, NotificationTexts.UrgentPush);

    public OutboxOperation Operation => Definition;

    public FeishuEndpoint EndpointOf(OutboxEntry entry) => Endpoints.MessageUrgentApp;

    /// <summary>The row.</summary>
    /// <param name="messageId">The message.</param>
    /// <param name="people">Whose attention: <c>{"user_id_type": …, "user_id_list": […]}</c>.</param>
    public static OutboxMessage Message(string messageId, string people) => new()
    {
        Operation = Definition, Lane = messageId, TargetType = "message_id", Target = messageId, MessageType = "urgent_app", Content = people, FallsBack = false,
    };

    /// <returns>The message.</returns>
    public async Task<string?> SendAsync(FeishuClient client, OutboxEntry entry, FeishuCallOptions call, CancellationToken cancellation)
    {
        var people = PeopleOf(entry);
        var answer = await client.Im.V1.Message.UrgentAppAsync(new()
        {
            MessageId = entry.Message.Target, UserIdType = UserIdType.From(people.UserIdType), UserIdList = people.UserIdList,
        }, call, cancellation);
        return answer.InvalidUserIdList?.Count >= people.UserIdList.Count
            ? throw new ChannelException("nobody_urged", "None of the people can be pushed: they have left the company or the chat.", transient: false)
            : entry.Message.Target;
    }

    private static Wanted PeopleOf(OutboxEntry entry)
    {
        try
        {
            return JsonSerializer.Deserialize<Wanted>(entry.Message.Content, FeishuJson.Options) is { UserIdList.Count: > 0 } read ? read : throw new JsonException("nobody");
        }
        catch (JsonException e)
        {
            throw new ChannelException("unreadable_row", "The row does not say who is meant.", transient: false, e);
        }
    }

    /// <summary>Who is meant.</summary>
    private sealed record Wanted(string UserIdType, IReadOnlyList<string> UserIdList);
}
