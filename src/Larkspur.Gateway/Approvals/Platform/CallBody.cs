using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Outbox;

namespace Larkspur.Gateway.Approvals;

/// <summary>The body of a call to the platform's approvals, which its outbox row holds.</summary>
internal static class CallBody
{
    /// <exception cref="ChannelException">The row does not hold one.</exception>
    public static JsonObject Of(OutboxEntry entry)
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
}
