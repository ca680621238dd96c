using System.Text.Json;
using Larkspur.DingTalk;
using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Platforms.DingTalk.Bot;

/// <summary>Stored events as the SDK's records.</summary>
internal static class Deliveries
{
    /// <exception cref="UnreadableEventException">The body does not have the record's shape, and never will.</exception>
    public static T ReadDingTalk<T>(this InboundEvent inbound)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(inbound.Payload.Span, DingTalkJson.New) ?? throw new JsonException("null");
        }
        catch (JsonException e)
        {
            throw new UnreadableEventException($"The body of {inbound.EventType} does not have its shape at {e.Path}.", e);
        }
    }
}
