using Larkspur.Feishu;
using Larkspur.Gateway.Inbox.Dispatch;

namespace Larkspur.Gateway.Apps.Feishu;

/// <summary>Feishu's events as the SDK's records.</summary>
public static class FeishuEventReading
{
    /// <summary>The body of one of Feishu's events, as the record that <c>Larkspur.Feishu.Events</c> has of it.</summary>
    /// <exception cref="UnreadableEventException">The body does not have the record's shape, and never will.</exception>
    public static T Read<T>(this EventContext context) => context.Read<T>(FeishuJson.Options);
}
